import Synchronization

/// Where the rows of data sets come from: their lines in the file, looked up again when somebody asks.
///
/// A class, because it keeps what it found out about where lines begin.
public final class RowOrigin: Sendable {
    /// The names of the file's columns. Not safe to print as they are.
    public let columns: [String]

    private let text: TableText
    /// For each data set its rows by their numbers in the table, in the order of the set.
    private let rows: [[Int32]]
    /// Where every ``stride``th row begins, and in which line; nil before somebody asked.
    private let starts = Mutex<[Start]?>(nil)

    private struct Start: Sendable {
        let position: Int
        let line: Int
    }

    /// So many rows are read to look one up.
    private static let stride = 64

    /// A data set.
    public enum Use: Int, Sendable { case training, validation, test }

    /// A row in its file.
    public struct Line: Sendable, Equatable {
        /// The number of the line that it begins in, from 1.
        public let number: Int
        /// The cells, one for each of ``RowOrigin/columns``. Not safe to print as they are.
        public let cells: [String]
    }

    init(_ text: TableText, _ split: RowSplit) {
        self.text = text
        columns = text.columns
        var rows: [[Int32]] = [[], [], []]
        for (row, use) in split.uses.enumerated() {
            if let index = use.index { rows[index].append(Int32(row)) }
        }
        self.rows = rows
    }

    /// The lines of some rows of a data set, by their places in it.
    ///
    /// - Throws: where the file is not any more what it was.
    public func lines(of places: [Int], in use: Use) throws(DataError) -> [Line] {
        try text.bytes.checkUnchanged()
        let starts = try beginnings()
        var lines: [Line] = []
        for place in places {
            let row = Int(rows[use.rawValue][place])
            lines.append(try line(of: row, starts))
        }
        return lines
    }

    private func line(of row: Int, _ starts: [Start]) throws(DataError) -> Line {
        let block = row / Self.stride
        guard starts.indices.contains(block) else { throw changed }
        let start = starts[block]
        let end = block + 1 < starts.count ? starts[block + 1].position : text.bytes.count
        let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, end - start.position))
        defer { buffer.deallocate() }
        do throws(TableBytes.ReadFault) {
            try text.bytes.read(at: start.position, count: end - start.position, into: buffer)
        } catch {
            throw text.bytes.described(error)
        }
        let reader = CellReader(
            base: buffer, count: end - start.position, delimiter: text.delimiter, origin: start.position)
        do throws(CellReader.Fault) {
            var (position, seen, line) = (0, block * Self.stride, start.line)
            while position < reader.count {
                if let skipped = TableText.lineEnd(buffer, reader.count, at: position) {
                    position += skipped
                    line += 1
                    continue
                }
                if seen == row { return Line(number: line, cells: try cells(reader, from: position)) }
                let next = try reader.rowEnd(from: position)
                line += ByteSurvey.lines(in: buffer + position, count: next - position)
                seen += 1
                position = next
            }
        } catch {
            throw error.described(in: text.bytes)
        }
        throw changed
    }

    private func cells(_ reader: CellReader, from start: Int) throws(CellReader.Fault) -> [String] {
        var cells: [String] = []
        var position = start
        while true {
            let cell = try reader.cell(at: position)
            cells.append(reader.string(cell, isQuoted: cell.text.lowerBound > position))
            if cell.end >= reader.count || reader.isLineEnd(cell.end) { return cells }
            position = cell.end + 1
        }
    }

    /// Walks through the whole table, once.
    private func beginnings() throws(DataError) -> [Start] {
        if let known = starts.withLock({ $0 }) { return known }
        var found: [Start] = []
        var row = 0
        var line = 1
        do throws(TableBytes.ReadFault) { line = try text.bytes.line(at: text.body) } catch {
            throw text.bytes.described(error)
        }
        let windows = RowWindows(text)
        while let window = try windows.next() {
            let reader = window.reader
            var position = 0
            do throws(CellReader.Fault) {
                while position < reader.count {
                    if let skipped = TableText.lineEnd(reader.base, reader.count, at: position) {
                        position += skipped
                        line += 1
                        continue
                    }
                    if row.isMultiple(of: Self.stride) {
                        found.append(Start(position: reader.origin + position, line: line))
                    }
                    let next = try reader.rowEnd(from: position)
                    line += ByteSurvey.lines(in: reader.base + position, count: next - position)
                    row += 1
                    position = next
                }
            } catch {
                throw error.described(in: text.bytes)
            }
        }
        starts.withLock { $0 = found }
        return found
    }

    private var changed: DataError {
        DataError(.badData, "\(text.bytes.name): was changed by another program after it was read")
    }
}

extension RowOrigin: Equatable {
    /// Whether both have the same rows of the same columns in the same order.
    public static func == (left: RowOrigin, right: RowOrigin) -> Bool {
        left.columns == right.columns && left.rows == right.rows
    }
}
