import Testing

@testable import TrainCore

struct BatchSamplerTests {
    /// The rows of the batches of one epoch of `rows` rows, `size` rows a batch.
    private func epoch(_ sampling: Sampling, _ epoch: Int, rows: Int = 103, size: Int = 10, seed: UInt64 = 1)
        -> [[Int32]]
    {
        var sampler = BatchSampler(sampling: sampling, rows: rows, seed: seed)
        return (0..<rows / size).map { step in
            [Int32](unsafeUninitializedCapacity: (size + 63) / 64 * 64) { buffer, count in
                sampler.draw(epoch: epoch, step: step, rowsSeen: step * size, count: size, into: buffer.baseAddress!)
                count = size
            }
        }
    }

    @Test("shuffling takes each row at most once an epoch, in another order every epoch and seed")
    func shuffle() {
        let first = epoch(.shuffle, 1).flatMap(\.self)
        #expect(Set(first).count == 100)
        #expect(first.allSatisfy { (0..<103).contains($0) })
        #expect(first == epoch(.shuffle, 1).flatMap(\.self))
        #expect(first != epoch(.shuffle, 2).flatMap(\.self))
        #expect(first != epoch(.shuffle, 1, seed: 2).flatMap(\.self))
    }

    @Test("sequential batches take rows in file order and leave out a last partial one")
    func sequential() {
        #expect(epoch(.sequential, 3).flatMap(\.self) == Array(0..<100))
    }

    /// 100 rows, 200 draws expected of each: chi squared with 99 degrees of freedom exceeds 149 once in a thousand times.
    @Test("random batches draw every row equally often, and differ from step to step")
    func random() {
        let batches = epoch(.random, 1)
        #expect(Set(batches).count == batches.count)
        var fair = [Double](repeating: 0, count: 100)
        for number in 1...200 {
            for row in epoch(.random, number, rows: 100, size: 100).flatMap(\.self) { fair[Int(row)] += 1 }
        }
        #expect(fair.reduce(0) { $0 + ($1 - 200) * ($1 - 200) / 200 } < 149)
    }
}
