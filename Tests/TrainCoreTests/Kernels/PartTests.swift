import CKernels
import Testing

@Suite("Parts of vectors")
struct PartTests {
    /// Floats behind a row that no kernel may look at, or change.
    private static let behind: [Float] = Array(repeating: .nan, count: 16)

    @Test("a loss neither sees nor touches what lies behind its elements", arguments: Level.available)
    func loss(_ level: Level) {
        for count in 1...40 {
            let prediction = (0..<count).map { Float($0) / 2 }
            let target = [Float](repeating: 1, count: count)
            var gradient = [Float](repeating: 7, count: count + 16)
            let sum = level.table.squared_error(
                prediction + Self.behind, count, target + Self.behind, count, 1, count, &gradient, count, 1)
            // Whole numbers of quarters: every order of adding them is exact.
            #expect(sum == prediction.reduce(0) { $0 + ($1 - 1) * ($1 - 1) })
            #expect(gradient[..<count].elementsEqual(prediction.map { 2 * ($0 - 1) }))
            #expect(gradient[count...].allSatisfy { $0 == 7 })
        }
    }

    @Test("a softmax neither sees nor touches what lies behind its classes", arguments: Level.available)
    func softmax(_ level: Level) {
        for columns in 1...40 {
            let logits = [Float](repeating: 0.5, count: columns)
            var shares = [Float](repeating: 7, count: columns + 16)
            level.table.softmax(logits + Self.behind, &shares, 1, columns, columns)
            #expect(shares[..<columns].allSatisfy { abs($0 * Float(columns) - 1) < 1e-6 })
            #expect(shares[columns...].allSatisfy { $0 == 7 })
        }
    }
}
