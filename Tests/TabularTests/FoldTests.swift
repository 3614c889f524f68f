import Testing

@testable import Tabular

@Suite("Folds")
struct FoldTests {
    private let kept = (0..<500).map { $0 % 7 != 3 }
    private let classes = (0..<500).map { $0 % 10 == 0 ? 1 : 0 }

    @Test("each row that is not for the test is validated on once", arguments: [2, 5, 10])
    func once(count: Int) throws {
        let split = try #require(RowSplit(kept: kept, testFraction: 0.2, validationFraction: 0.3, seed: 9))
        var times = [Int](repeating: 0, count: kept.count)
        for number in 1...count {
            let fold = try #require(split.fold(Fold(number, of: count), classes: nil, seed: 9))
            for row in fold.uses.indices {
                #expect((fold.uses[row] == .testing) == (split.uses[row] == .testing))
                #expect((fold.uses[row] == .dropped) == !kept[row])
                if fold.uses[row] == .validation { times[row] += 1 }
            }
            #expect(abs(fold.validation - (fold.training + fold.validation) / count) <= 1)
        }
        for row in times.indices { #expect(times[row] == (split.uses[row] == .testing || !kept[row] ? 0 : 1)) }
    }

    @Test("every fold has its share of every class")
    func stratified() throws {
        let split = try #require(
            RowSplit(stratified: classes, kept: kept, testFraction: 0.2, validationFraction: 0.2, seed: 3))
        let rare = classes.indices.count { classes[$0] == 1 && kept[$0] && split.uses[$0] != .testing }
        for number in 1...5 {
            let fold = try #require(split.fold(Fold(number, of: 5), classes: classes, seed: 3))
            let held = classes.indices.count { classes[$0] == 1 && fold.uses[$0] == .validation }
            #expect(abs(held - rare / 5) <= 1)
        }
    }

    @Test("there is none where no row is left for it")
    func few() throws {
        let split = try #require(
            RowSplit(kept: [true, true, true], testFraction: 0, validationFraction: 0, seed: 1))
        #expect(split.fold(Fold(3, of: 3), classes: nil, seed: 1) != nil)
        #expect(split.fold(Fold(4, of: 4), classes: nil, seed: 1) == nil)
    }
}
