import CKernels
import Testing
import TrainCore

/// The vectors of Philox numbers against the one that draws four words at a time.
struct RandomKernelTests {
    let seed: UInt64 = 0x0123_4567_89ab_cdef
    var philox: Philox { Philox(seed: seed, stream: 0) }
    var key: (UInt32, UInt32) { (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)) }

    /// Word number `index` of the blocks (0, c1, c2, c3), (1, c1, c2, c3), ...
    func word(_ index: Int, _ c1: UInt32, _ c2: UInt32, _ c3: UInt32) -> UInt32 {
        let words = philox.block(UInt32(index / 4), c1, c2, c3)
        return [words.0, words.1, words.2, words.3][index % 4]
    }

    @Test("rows are drawn by Philox's words, in order", arguments: Level.available)
    func rows(_ level: Level) {
        for (count, rows) in [(1, 1), (32, 10_989), (100, 7), (192, 2_147_483_647)] {
            var drawn = [Int32](repeating: -1, count: (count + 63) / 64 * 64)
            level.table.draw_rows(key.0, key.1, 3, 5, UInt32(rows), &drawn, count)
            let expected = (0..<count).map { Int32(word($0, 5, 3, 0).multipliedFullWidth(by: UInt32(rows)).high) }
            #expect(Array(drawn[..<count]) == expected)
        }
    }

    @Test("units are dropped by Philox's words, row by row, and the others scaled", arguments: Level.available)
    func dropout(_ level: Level) {
        for (rows, columns, stride) in [(1, 1, 16), (7, 17, 32), (40, 33, 48), (25, 5, 5), (9, 64, 64)] {
            let step: UInt64 = 1 << 33 | 12
            let threshold = UInt32(0.3 * 0x1p32)
            var values = (0..<rows * stride + 16).map { Float($0 + 1) }
            var expected = values
            for row in 0..<rows {
                for column in 0..<columns {
                    let isKept = word(row * columns + column, 12, 2, 4) >= threshold
                    expected[row * stride + column] *= isKept ? 2 : 0
                }
            }
            level.table.dropout(&values, stride, rows, columns, key.0, key.1, step, 4, threshold, 2)
            #expect(values == expected)
        }
    }

    @Test("dropout drops its share of the units")
    func share() {
        var values = [Float](repeating: 1, count: 100_000)
        ck_kernels_for_this_cpu().pointee.dropout(
            &values, 1000, 100, 1000, key.0, key.1, 1, 0, UInt32(0.2 * 0x1p32), 1.25)
        // The share's deviation is 0.0013.
        #expect(abs(Double(values.count { $0 == 0 }) / 100_000 - 0.2) < 0.005)
        #expect(Set(values) == [0, 1.25])
    }
}
