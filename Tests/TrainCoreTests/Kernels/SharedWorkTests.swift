import CKernels
import Dispatch
import Synchronization
import Testing

@Suite("Work shared among threads")
struct SharedWorkTests {
    /// A product of whole numbers from a fixed pattern, alone and shared.
    private func products(rows: Int, columns: Int, depth: Int) -> (alone: [Float], shared: [Float]) {
        let table = ck_kernels_for_this_cpu()
        let a = (0..<rows * depth).map { Float($0 * 7919 % 2003) / 1001 - 1 }
        let b = (0..<depth * columns).map { Float($0 * 104_729 % 1009) / 504 - 1 }
        let start = (0..<columns).map { Float($0) }
        var alone = [Float](repeating: 0, count: rows * columns)
        var shared = alone
        table.pointee.multiply(rows, columns, depth, a, depth, 1, b, columns, 1, start, &alone, columns)
        ck_multiply(table, rows, columns, depth, a, depth, 1, b, columns, 1, start, &shared, columns)
        return (alone, shared)
    }

    @Test(
        "products have the same bits as alone, for shapes that fill no block",
        arguments: [(1, 16, 5), (63, 48, 31), (65, 80, 17), (130, 112, 40), (129, 16, 3)])
    func sameBits(rows: Int, columns: Int, depth: Int) {
        let (alone, shared) = products(rows: rows, columns: columns, depth: depth)
        #expect(shared == alone)
    }

    @Test("products stay right when several threads want to share at once")
    func contention() {
        let wrong = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 200) { index in
            let (alone, shared) = products(rows: 65 + index % 7, columns: 96, depth: 9)
            if shared != alone { wrong.withLock { $0 += 1 } }
        }
        #expect(wrong.withLock { $0 } == 0)
    }

    @Test("a number that is too great, or none, is found wherever it lies", arguments: [Float.nan, -2, .infinity])
    func search(_ outlier: Float) {
        let table = ck_kernels_for_this_cpu()
        var values = [Float](repeating: 0.5, count: 3 << 15)
        #expect(ck_all_within(table, values, values.count, 1) == 1)
        for place in [0, 1 << 15, values.count - 1] {
            values[place] = outlier
            #expect(ck_all_within(table, values, values.count, 1) == 0)
            values[place] = 0.5
        }
    }
}
