import Testing
import TrainCore

@Suite struct PermutationTests {
    @Test func holdsEveryNumberOnceAndIsAPureFunctionOfItsArguments() {
        let philox = Philox(seed: 7, stream: .split)
        let order = permutation(of: 1000, philox: philox)
        #expect(order.sorted() == Array(0..<1000))
        #expect(order != Array(0..<1000))
        #expect(order == permutation(of: 1000, philox: philox))
        #expect(order != permutation(of: 1000, philox: philox, epoch: 1))
        #expect(order != permutation(of: 1000, philox: Philox(seed: 8, stream: .split)))
        #expect(permutation(of: 0, philox: philox) == [])
        #expect(permutation(of: 1, philox: philox) == [0])
    }

    /// 24 orders, 240 expected of each: chi squared with 23 degrees of freedom exceeds 49.7 once in a thousand times.
    @Test func everyOrderIsEquallyLikely() {
        var counts: [[UInt32]: Double] = [:]
        for epoch in 0..<UInt32(5760) {
            counts[permutation(of: 4, philox: Philox(seed: 1, stream: .batches), epoch: epoch), default: 0] += 1
        }
        let chiSquared = counts.values.reduce(0) { $0 + ($1 - 240) * ($1 - 240) / 240 }
        #expect(counts.count == 24)
        #expect(chiSquared < 49.7)
    }
}
