import CKernels
import Foundation
import Testing

@Suite("Products of matrices")
struct ProductTests {
    /// c = start + a · b of numbers from a fixed pattern, with the factors as they lie in a layer.
    struct Product {
        let rows: Int
        let columns: Int
        let depth: Int
        /// Whether a is stored depth x rows, as a batch is for its weights' gradient.
        let aIsTransposed: Bool
        /// Whether b is stored columns x depth, as a kernel is for its inputs' gradient.
        let bIsTransposed: Bool

        private func padded(_ count: Int) -> Int { (count + 15) / 16 * 16 }
        private func noise(_ count: Int, _ factor: Int) -> [Float] {
            (0..<count).map { Float($0 * factor % 2003) / 1001 - 1 }
        }

        private var aRow: Int { aIsTransposed ? 1 : depth + 3 }
        /// Of deep and wide ones, a page of memory.
        private var aDepth: Int { aIsTransposed ? depth > 256 && columns > 48 ? 1024 : rows + 5 : 1 }
        private var bDepth: Int { bIsTransposed ? 1 : padded(columns) }
        private var bColumn: Int { bIsTransposed ? padded(depth) : 1 }
        private var a: [Float] { noise(rows * aRow + depth * aDepth, 7919) }
        /// A transposed one's rows go on to whole vectors, with what must not be seen.
        private var b: [Float] {
            let (rows, columns) = bIsTransposed ? (self.columns, depth) : (depth, padded(self.columns))
            return noise(rows * padded(columns), 104_729).enumerated().map {
                bIsTransposed && $0.offset % padded(columns) >= columns ? .nan : $0.element
            }
        }

        /// Each element as one sum in order.
        func expected(_ start: [Float]?) -> [Float] {
            let (a, b) = (a, b)
            return (0..<rows * padded(columns)).map { place in
                let (i, j) = (place / padded(columns), place % padded(columns))
                let first = start?[j] ?? 0
                if bIsTransposed && j >= columns { return first }
                return (0..<depth).reduce(first) { fma(a[i * aRow + $1 * aDepth], b[$1 * bDepth + j * bColumn], $0) }
            }
        }

        func result(_ kernels: ck_kernels, _ start: [Float]?) -> [Float] {
            var c = [Float](repeating: .nan, count: rows * padded(columns))
            kernels.multiply(
                rows, bIsTransposed ? columns : padded(columns), depth, a, aRow, aDepth, b, bDepth, bColumn, start, &c,
                padded(columns))
            return c
        }

        func shared(_ kernels: UnsafePointer<ck_kernels>, _ start: [Float]?) -> [Float] {
            var c = [Float](repeating: .nan, count: rows * padded(columns))
            ck_multiply(
                kernels, rows, bIsTransposed ? columns : padded(columns), depth, a, aRow, aDepth, b, bDepth, bColumn,
                start, &c, padded(columns))
            return c
        }
    }

    /// Every way in which rows are left over, widths of one to four vectors, and depths around that of a panel; wide ones of
    /// few terms, which are written in strips of rows; and one whose rows, transposed, are a page of memory apart.
    static let shapes: [(rows: Int, columns: Int, depth: Int)] =
        (1...17).map { ($0, [16, 31, 48, 50, 64][$0 % 5], 1 + 7 * $0) } + largeShapes
    private static let largeShapes: [(rows: Int, columns: Int, depth: Int)] = [
        (9, 33, 511), (6, 17, 512), (14, 48, 513), (131, 99, 40), (2, 16, 1040), (37, 1601, 1), (23, 400, 32),
        (9, 384, 33), (14, 383, 2), (70, 50, 300),
    ]

    @Test("every element is one sum in order, to the bit, however the factors lie", arguments: Level.available, shapes)
    func inOrder(_ level: Level, _ shape: (rows: Int, columns: Int, depth: Int)) throws {
        let table = try #require(ck_kernels_named(level.rawValue))
        let start = (0..<(shape.columns + 15) / 16 * 16).map { Float($0) / 7 }
        for (aIsTransposed, bIsTransposed) in [(false, false), (true, false), (false, true), (true, true)] {
            let product = Product(
                rows: shape.rows, columns: shape.columns, depth: shape.depth, aIsTransposed: aIsTransposed,
                bIsTransposed: bIsTransposed)
            for start in [start, nil] {
                let expected = product.expected(start)
                #expect(product.result(table.pointee, start) == expected)
                #expect(product.shared(table, start) == expected)
            }
        }
    }
}
