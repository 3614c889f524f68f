import Wording

/// The syntax of a table's bytes: RFC 4180 with `,`, `;` or tab between cells.
///
/// The first line that is not blank names the columns, and whichever of the three it holds most often separates cells.
/// A cell that begins with a quote ends with one and may hold delimiters, line ends and doubled quotes. A quote
/// elsewhere in a cell is an ordinary character. Lines end in LF or CRLF, the last one perhaps in nothing; blank lines
/// and a byte order mark are skipped.
struct TableText {
    /// The bytes.
    let bytes: TableBytes
    /// What separates cells.
    let delimiter: UInt8
    /// The columns' names, as they are in the file, spaces around unquoted ones left out.
    let columns: [String]
    /// Where the first row may begin.
    let body: Int
    /// Whether there is a quote anywhere.
    let hasQuotes: Bool

    /// A cell in the bytes.
    struct Cell {
        /// The text, without the quotes around it.
        var text: Range<Int>
        /// Where the cell ends: at a delimiter, a line end or the end of the bytes.
        var end: Int
        /// Whether `text` has doubled quotes in it.
        var hasDoubledQuotes = false
    }

    /// Reads the header. Throws for a table without one, for bytes that are no text, and for columns of the same name.
    init(_ bytes: TableBytes, survey: ByteSurvey) throws(DataError) {
        self.bytes = bytes
        hasQuotes = survey.hasQuotes
        let (base, count) = (bytes.base, bytes.count)
        var start = count >= 3 && base[0] == 0xEF && base[1] == 0xBB && base[2] == 0xBF ? 3 : 0
        while start < count, let skipped = Self.lineEnd(base, count, at: start) { start += skipped }
        guard start < count else {
            throw DataError(.badData, "\(bytes.name): is empty; expected a line of column names")
        }
        delimiter = Self.mostFrequentDelimiter(base, count, from: start)
        let reader = CellReader(base: base, count: count, delimiter: delimiter)
        var names: [String] = []
        while true {
            let cell = try reader.cell(at: start, in: bytes)
            names.append(reader.string(cell, isQuoted: cell.text.lowerBound > start))
            start = cell.end
            if start == count { break }
            if let skipped = Self.lineEnd(base, count, at: start) {
                start += skipped
                break
            }
            start += 1
        }
        columns = names
        body = start
        var seen: Set<String> = []
        for name in names where !seen.insert(name).inserted {
            throw DataError(
                .badData, "\(bytes.name):1: two columns are named '\(visible(name))'; each needs a name of its own")
        }
    }

    /// Reads cells of this table.
    var reader: CellReader { CellReader(base: bytes.base, count: bytes.count, delimiter: delimiter) }

    /// How many bytes the line end at `position` has; nil where there is none.
    @inline(__always)
    static func lineEnd(_ base: UnsafePointer<UInt8>, _ count: Int, at position: Int) -> Int? {
        let byte = base[position]
        if byte == 0x0A { return 1 }
        return byte == 0x0D && position + 1 < count && base[position + 1] == 0x0A ? 2 : nil
    }

    private static func mostFrequentDelimiter(_ base: UnsafePointer<UInt8>, _ count: Int, from start: Int) -> UInt8 {
        let candidates: [UInt8] = [0x2C, 0x3B, 0x09]
        var counts = [0, 0, 0]
        var isQuoted = false
        for position in start..<count {
            let byte = base[position]
            if byte == 0x22 { isQuoted.toggle() }
            if isQuoted { continue }
            if byte == 0x0A { break }
            if let index = candidates.firstIndex(of: byte) { counts[index] += 1 }
        }
        return candidates[counts.firstIndex(of: counts.max() ?? 0) ?? 0]
    }
}

extension TableText {
    /// The line that a row of the table begins in, counted from 1. Walks through the rows: for errors only.
    func line(ofRow row: Int) -> Int {
        var position = body
        var seen = 0
        while position < bytes.count {
            if let skipped = Self.lineEnd(bytes.base, bytes.count, at: position) {
                position += skipped
                continue
            }
            if seen == row { break }
            seen += 1
            // Every row was read before, so none has a fault.
            guard let next = try? reader.rowEnd(from: position, in: bytes) else { break }
            position = next
        }
        return bytes.line(at: position)
    }
}

extension TableBytes {
    /// The line that the byte at `position` stands in, counted from 1.
    func line(at position: Int) -> Int {
        ByteSurvey(base, count: position).lines + 1
    }
}
