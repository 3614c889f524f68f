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
        var surveys = [ByteSurvey](repeating: ByteSurvey(), count: pieceCount)
        var faults = [TableBytes.ReadFault?](repeating: nil, count: pieceCount)
        surveys.withUnsafeMutableBufferPointer { surveys in
            faults.withUnsafeMutableBufferPointer { faults in
                // Each piece of the buffer and what becomes of it is written by one thread only.
                nonisolated(unsafe) let (buffer, surveys, faults) = (buffer, surveys, faults)
                let (bytes, filled, origin) = (text.bytes, filled, origin)
                DispatchQueue.concurrentPerform(iterations: pieceCount) { piece in
                    let (start, end) = (piece * size, min((piece + 1) * size, target))
                    let missing = max(start, filled)
                    do throws(TableBytes.ReadFault) {
                        if missing < end {
                            try bytes.read(at: origin + missing, count: end - missing, into: buffer + missing)
                        }
                        surveys[piece] = ByteSurvey(buffer + start, count: end - start)
                    } catch {
                        faults[piece] = error
                    }
                }
            }
        }
        for case let fault? in faults { throw text.bytes.described(fault) }
        filled = target
        return surveys
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
    let survey: ByteSurvey
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
        survey = surveys.reduce(ByteSurvey()) { $0.joined(with: $1) }
        var cuts = Cuts(pieceSize: pieceSize)
        if survey.quotes > 0 {
            do throws(CellReader.Fault) {
                if !cuts.walkAtOnce(reader, surveys, isLast: isLast) { try cuts.walk(reader, isLast: isLast) }
            } catch {
                throw error.described(in: bytes)
            }
        } else {
            cuts.leap(reader, surveys, isLast: isLast)
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

    /// Without quotes every line end ends a row, so it takes no more than a look around each cut.
    mutating func leap(_ reader: CellReader, _ surveys: [ByteSurvey], isLast: Bool) {
        let (base, count) = (reader.base, reader.count)
        end = count
        if !isLast { while end > 0, base[end - 1] != 0x0A { end -= 1 } }
        guard end > 0 else { return }
        starts.append((0, 0))
        var lines = 0
        for piece in 1..<max(1, surveys.count) {
            lines += surveys[piece - 1].lines
            var start = piece * pieceSize
            if base[start - 1] == 0x0A {
                starts.append((start, lines))
                continue
            }
            while start < end, base[start] != 0x0A { start += 1 }
            if start + 1 < end { starts.append((start + 1, lines + 1)) }
        }
        rows = surveys.reduce(0) { $0 + $1.lines } + (base[end - 1] == 0x0A ? 0 : 1)
    }

    /// Line ends inside quotes end no row, so where there are quotes rows are walked through one by one, each piece's on
    /// its own. Where the first row of a piece begins follows from how many quotes stand before it, if all of them are
    /// around cells. Whether that is so is seen when a piece's rows end just where those of the next one begin.
    ///
    /// - Returns: whether they all do; else nothing has been cut.
    mutating func walkAtOnce(_ reader: CellReader, _ surveys: [ByteSurvey], isLast: Bool) -> Bool {
        var begins = [0]
        var quotes = 0
        for piece in 1..<max(1, surveys.count) {
            quotes += surveys[piece - 1].quotes
            let start = piece * pieceSize
            if let begin = rowStart(in: reader, from: start, isQuoted: !quotes.isMultiple(of: 2)) {
                if begin < reader.count { begins.append(begin) }
            } else if start + pieceSize < reader.count {
                return false
            }
        }
        guard begins.count > 1 else { return false }
        var walks = [Cuts?](repeating: nil, count: begins.count)
        walks.withUnsafeMutableBufferPointer { walks in
            // Each element is written by one thread only, all else is only read.
            nonisolated(unsafe) let (reader, walks) = (reader, walks)
            DispatchQueue.concurrentPerform(iterations: begins.count) { [begins, pieceSize] piece in
                var own = Cuts(pieceSize: pieceSize)
                own.end = begins[piece]
                let next = piece + 1 < begins.count ? begins[piece + 1] : nil
                // A fault is met again by the walk through all.
                if (try? own.walk(reader, isLast: isLast, until: next)) != nil, next == nil || own.end == next {
                    walks[piece] = own
                }
            }
        }
        for (begin, walk) in zip(begins, walks) {
            guard let walk else {
                self = Cuts(pieceSize: pieceSize)
                return false
            }
            starts.append((begin, rows))
            rows += walk.rows
            end = walk.end
        }
        return true
    }

    /// Where the first row begins that is behind a place, if that is inside quotes or not; nil where it is far.
    private func rowStart(in reader: CellReader, from start: Int, isQuoted: Bool) -> Int? {
        var isQuoted = isQuoted
        for position in start..<min(start + pieceSize, reader.count) {
            if reader.base[position] == 0x22 { isQuoted.toggle() }
            if reader.base[position] == 0x0A, !isQuoted { return position + 1 }
        }
        return nil
    }

    /// Walks through all rows from ``end`` on, or those up to a place.
    mutating func walk(_ reader: CellReader, isLast: Bool, until limit: Int? = nil) throws(CellReader.Fault) {
        while end < limit ?? reader.count {
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
