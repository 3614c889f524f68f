/// A matrix in memory that somebody else owns: `rows` x `columns` floats, rows `stride` floats apart.
///
/// The memory runs on to a whole number of vectors, so that ``paddedCount`` floats from `base` can be read and written.
/// In the gap between `columns` and `stride` lie zeros, or nothing that matters.
public struct Matrix {
    /// Row 0, column 0.
    public let base: UnsafeMutablePointer<Float>
    /// Rows.
    public let rows: Int
    /// Columns that mean something.
    public let columns: Int
    /// Floats from one row to the next, at least `columns`.
    public let stride: Int

    /// A view of memory.
    public init(base: UnsafeMutablePointer<Float>, rows: Int, columns: Int, stride: Int) {
        self.base = base
        self.rows = rows
        self.columns = columns
        self.stride = stride
    }

    /// All floats from `base` on, gaps included, rounded up to whole vectors: what an elementwise function runs over.
    public var paddedCount: Int { padded(rows * stride) }

    /// Elements that mean something.
    public var count: Int { rows * columns }

    /// The element at a row and a column.
    public subscript(row: Int, column: Int) -> Float {
        get { base[row * stride + column] }
        nonmutating set { base[row * stride + column] = newValue }
    }

    /// The first `rows` rows.
    func prefix(_ rows: Int) -> Matrix { self.rows(from: 0, count: rows) }

    /// `count` rows, from `start` on.
    func rows(from start: Int, count: Int) -> Matrix {
        Matrix(base: base + start * stride, rows: count, columns: columns, stride: stride)
    }

    /// Puts zeros between `columns` and `stride`.
    func clearGap() {
        guard columns < stride else { return }
        for row in 0..<rows {
            (base + row * stride + columns).update(repeating: 0, count: stride - columns)
        }
    }
}
