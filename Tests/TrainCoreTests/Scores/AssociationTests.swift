import Testing

@testable import TrainCore

/// How much columns have to do with each other, against figures of numpy 2.4.6 and scipy 1.17.1.
@Suite struct AssociationTests {
    private static func x(_ row: Int) -> Float { Float(row * 37 % 11) }
    private static func y(_ row: Int) -> Float { x(row) * 0.5 + Float(row * 13 % 7) }
    private static func group(_ row: Int) -> Int {
        if !row.isMultiple(of: 3) { return row * 5 % 4 }
        return y(row) > 4 ? 1 : 0
    }
    private static func other(_ row: Int) -> Int { (group(row) + (row.isMultiple(of: 5) ? 1 : 0)) % 3 }

    private let x: [Float] = (0..<40).map(Self.x)
    private let y: [Float] = (0..<40).map(Self.y)
    private let groups: [Int] = (0..<40).map(Self.group)

    @Test func ofNumbers() throws {
        #expect(abs(try #require(Association.correlation(x, y)) - 0.655081479555221) < 1e-12)
        #expect(abs(try #require(Association.correlation(x, x.map { 3 - $0 })) + 1) < 1e-12)
        #expect(Association.correlation(x, x.map { _ in 2 }) == nil)
    }

    @Test func ofNumbersAndGroups() throws {
        #expect(abs(try #require(Association.correlationRatio(y, groups: groups)) - 0.37569397727227805) < 1e-12)
        #expect(abs(try #require(Association.correlationRatio(x, groups: x.map { Int($0) })) - 1) < 1e-12)
        #expect(Association.correlationRatio(y, groups: y.map { _ in 0 }) == nil)
    }

    @Test func ofGroups() throws {
        let others: [Int] = (0..<40).map(Self.other)
        #expect(abs(try #require(Association.contingency(groups, others)) - 0.7152047658837692) < 1e-12)
        #expect(abs(try #require(Association.contingency(groups, groups)) - 1) < 1e-12)
        #expect(Association.contingency(groups, groups.map { _ in 7 }) == nil)
    }
}
