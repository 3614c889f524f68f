import Dispatch

/// Goes through a table's rows in windows, so that a table of any size takes little memory.
///
/// A window holds whole rows: what is left of a row at its end is carried to the next one's front. Where a row is longer
/// than a window, that window grows.
/// ```
/// bytes   row row row r|ow row row row |row row
/// window  row row row                          first
///                     row row row row          second, with "r" carried
/// ```
/// A class, because it owns the memory that windows show and has a place in the bytes.
final class RowWindows {
    let text: TableText
    private let pieceSize: Int
    private let longestRow: Int
    private var buffer: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    /// The place in the table of the buffer's first byte.
    private var origin: Int
    /// Bytes in the buffer.
    private var filled = 0
    /// Of these, bytes that were handed out.
    private var consumed = 0

    /// - Parameters:
    ///   - pieceSize: bytes that one thread looks over at a time.
    ///   - windowSize: bytes in a window, unless a row is longer.
    ///   - longestRow: bytes that a window does not grow beyond.
    init(
        _ text: TableText, pieceSize: Int = 1 << 18, windowSize: Int = 1 << 23, longestRow: Int = TableText.longestRow
    ) {
        self.text = text
        self.pieceSize = pieceSize
        self.longestRow = longestRow
        origin = text.body
        capacity = max(1, min(text.bytes.count - text.body, windowSize))
        buffer = .allocate(capacity: capacity)
    }

    deinit { buffer.deallocate() }

    /// The next window, valid until the one after it is asked for; nil after the last one.
    func next() throws(DataError) -> RowWindow? {
        filled -= consumed
        origin += consumed
        buffer.update(from: buffer + consumed, count: filled)
        consumed = 0
        while true {
            let target = min(capacity, text.bytes.count - origin)
            guard target > 0 else { return nil }
            let surveys = try fill(to: target)
            let isLast = origin + filled == text.bytes.count
            let reader = CellReader(base: buffer, count: filled, delimiter: text.delimiter, origin: origin)
            if let window = try RowWindow(reader, surveys, pieceSize, isLast: isLast, of: text.bytes) {
                consumed = window.reader.count
                return window
            }
            guard capacity < longestRow else {
                throw text.bytes.fault(
                    at: origin,
                    "the row that begins here is longer than \(longestRow >> 20) MiB; is a quote not closed?")
            }
            grow()
        }
    }

    /// Reads on until the buffer holds `target` bytes; looks over all of it.
    private func fill(to target: Int) throws(DataError) -> [ByteSurvey] {
        let size = pieceSize
        let pieceCount = (target + size - 1) / size
        var surveys = [ByteSurvey?](repeating: nil, count: pieceCount)
        var faults = [TableBytes.ReadFault?](repeating: nil, count: pieceCount)
        surveys.withUnsafeMutableBufferPointer { surveys in
            faults.withUnsafeMutableBufferPointer { faults in
                // Each piece of the buffer and what becomes of it is written by one thread only.
                nonisolated(unsafe) let (buffer, surveys, faults) = (buffer, surveys, faults)
                let (bytes, delimiter, filled, origin) = (text.bytes, text.delimiter, filled, origin)
                DispatchQueue.concurrentPerform(iterations: pieceCount) { piece in
                    let (start, end) = (piece * size, min((piece + 1) * size, target))
                    let missing = max(start, filled)
                    do throws(TableBytes.ReadFault) {
                        if missing < end {
                            try bytes.read(at: origin + missing, count: end - missing, into: buffer + missing)
                        }
                        surveys[piece] = ByteSurvey(buffer + start, count: end - start, delimiter: delimiter)
                    } catch {
                        faults[piece] = error
                    }
                }
            }
        }
        for case let fault? in faults { throw text.bytes.described(fault) }
        filled = target
        return surveys.compactMap(\.self)
    }

    private func grow() {
        capacity *= 2
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: buffer, count: filled)
        buffer.deallocate()
        buffer = larger
    }
}

/// Whole rows of a table, cut into pieces that begin and end between rows.
struct RowWindow {
    /// Reads the rows.
    let reader: CellReader
    /// What the bytes are.
    let kinds: ByteKinds
    /// The pieces, in order; together they are all rows.
    let pieces: [Piece]
    /// Rows, blank lines counted as rows.
    let rowLimit: Int

    /// Some of the rows.
    struct Piece {
        /// Where they are in the window.
        let bytes: Range<Int>
        /// The number of rows before them, blank lines counted as rows.
        let firstRow: Int
    }

    /// The whole rows among the bytes that `reader` has; nil where there is none. Where the bytes are the table's last
    /// ones, all of them are.
    fileprivate init?(
        _ reader: CellReader, _ surveys: [ByteSurvey], _ pieceSize: Int, isLast: Bool, of bytes: TableBytes
    ) throws(DataError) {
        kinds = surveys.reduce(ByteKinds()) { $0.joined(with: $1.kinds) }
        var cuts = Cuts(pieceSize: pieceSize)
        if !cuts.leap(reader, surveys, isLast: isLast) {
            do throws(CellReader.Fault) {
                try cuts.walk(reader, isLast: isLast)
            } catch {
                throw error.described(in: bytes)
            }
        }
        guard cuts.end > 0 else { return nil }
        self.reader = CellReader(
            base: reader.base, count: cuts.end, delimiter: reader.delimiter, origin: reader.origin)
        rowLimit = cuts.rows
        pieces = cuts.starts.indices.map { index in
            let end = index + 1 < cuts.starts.count ? cuts.starts[index + 1].byte : cuts.end
            return Piece(bytes: cuts.starts[index].byte..<end, firstRow: cuts.starts[index].row)
        }
    }
}

/// Where rows are cut apart into pieces.
private struct Cuts {
    /// Bytes in a piece, but for the row that is cut through.
    let pieceSize: Int
    /// Where each piece begins, and the number of rows before it.
    var starts: [(byte: Int, row: Int)] = []
    /// Where the last whole row ends.
    var end = 0
    /// Rows in all.
    var rows = 0

    init(pieceSize: Int) { self.pieceSize = pieceSize }

    /// Finds the cuts by what the surveys of all pieces tell. Line ends inside quotes end no row; whether a piece begins
    /// inside follows from how many quotes stand before it, if all of them are around cells.
    ///
    /// - Returns: whether they are; else nothing has been cut.
    mutating func leap(_ reader: CellReader, _ surveys: [ByteSurvey], isLast: Bool) -> Bool {
        var found = Cuts(pieceSize: pieceSize)
        found.starts.append((0, 0))
        var isInQuotes = false
        for (piece, survey) in surveys.enumerated() {
            let start = piece * pieceSize
            let rows = survey.rows(inQuotes: isInQuotes)
            if rows.hasStrayQuotes || (!isInQuotes && hasStrayQuote(reader, at: start)) { return false }
            if piece > 0 {
                if !isInQuotes, found.end == start {
                    found.starts.append((start, found.rows))
                } else if let first = rows.firstEnd {
                    found.starts.append((start + first, found.rows + 1))
                }
            }
            found.rows += rows.count
            if let last = rows.lastEnd { found.end = start + last }
            if !survey.quotes.isMultiple(of: 2) { isInQuotes.toggle() }
        }
        if isLast, found.end < reader.count {
            found.rows += 1
            found.end = reader.count
        }
        found.starts.removeAll { $0.byte >= found.end }
        self = found
        return true
    }

    /// Whether a quote stands where a piece begins, but no cell does. A quote before it has just seemed to close its cell.
    private func hasStrayQuote(_ reader: CellReader, at start: Int) -> Bool {
        guard start > 0, reader.base[start] == 0x22 else { return false }
        let before = reader.base[start - 1]
        return before != reader.delimiter && before != 0x0A && before != 0x22
    }

    /// Walks through all rows, one by one.
    mutating func walk(_ reader: CellReader, isLast: Bool) throws(CellReader.Fault) {
        while end < reader.count {
            let next: Int
            do throws(CellReader.Fault) {
                next = try reader.rowEnd(from: end)
            } catch {
                // Perhaps only because the rest of the row is not here yet; else it is met again.
                if isLast { throw error }
                return
            }
            // A row that reaches the end may go on after it.
            guard next < reader.count || isLast else { return }
            if end >= starts.count * pieceSize { starts.append((end, rows)) }
            rows += 1
            end = next
        }
    }
}
