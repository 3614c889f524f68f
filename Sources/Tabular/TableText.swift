import Wording

/// The syntax of a table's bytes: RFC 4180 with `,`, `;` or tab between cells.
///
/// The first line that is not blank names the columns, and whichever of the three it holds most often separates cells.
/// A cell that begins with a quote ends with one and may hold delimiters, line ends and doubled quotes. A quote
/// elsewhere in a cell is an ordinary character. Lines end in LF or CRLF, the last one perhaps in nothing; blank lines
/// and a byte order mark are skipped.
struct TableText: Sendable {
    /// The bytes.
    let bytes: TableBytes
    /// What separates cells.
    let delimiter: UInt8
    /// The columns' names, as they are in the file, spaces around unquoted ones left out.
    let columns: [String]
    /// Where the first row may begin.
    let body: Int

    /// A row may have this many bytes, far more than any row of numbers: a quote that is never closed is found before it
    /// has filled the memory.
    static let longestRow = 1 << 26

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
    init(_ bytes: TableBytes) throws(DataError) {
        self.bytes = bytes
        var length = min(bytes.count, 1 << 16)
        while true {
            let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, length))
            defer { buffer.deallocate() }
            do throws(TableBytes.ReadFault) {
                try bytes.read(at: 0, count: length, into: buffer)
            } catch {
                throw bytes.described(error)
            }
            let isWhole = length == bytes.count || length >= Self.longestRow
            if let header = try Header(buffer, length, isWhole: isWhole, of: bytes) {
                (delimiter, columns, body) = (header.delimiter, header.columns, header.end)
                break
            }
            length = min(bytes.count, length * 8)
        }
        var seen: Set<String> = []
        for name in columns where !seen.insert(name).inserted {
            throw DataError(
                .badData, "\(bytes.name):1: two columns are named '\(visible(name))'; each needs a name of its own")
        }
    }

    /// How many bytes the line end at `position` has; nil where there is none.
    @inline(__always)
    static func lineEnd(_ base: UnsafePointer<UInt8>, _ count: Int, at position: Int) -> Int? {
        let byte = base[position]
        if byte == 0x0A { return 1 }
        return byte == 0x0D && position + 1 < count && base[position + 1] == 0x0A ? 2 : nil
    }
}

/// The line of column names.
private struct Header {
    let delimiter: UInt8
    let columns: [String]
    let end: Int

    /// Reads the header from the first bytes of a table; nil where more of them are needed.
    init?(_ base: UnsafePointer<UInt8>, _ count: Int, isWhole: Bool, of bytes: TableBytes) throws(DataError) {
        var start = count >= 3 && base[0] == 0xEF && base[1] == 0xBB && base[2] == 0xBF ? 3 : 0
        while start < count, let skipped = TableText.lineEnd(base, count, at: start) { start += skipped }
        guard start < count else {
            if !isWhole { return nil }
            throw DataError(.badData, "\(bytes.name): is empty; expected a line of column names")
        }
        delimiter = Self.mostFrequentDelimiter(base, count, from: start)
        let reader = CellReader(base: base, count: count, delimiter: delimiter, origin: 0)
        var names: [String] = []
        do throws(CellReader.Fault) {
            while true {
                let cell = try reader.cell(at: start)
                names.append(reader.string(cell, isQuoted: cell.text.lowerBound > start))
                start = cell.end
                if start == count { break }
                if let skipped = TableText.lineEnd(base, count, at: start) {
                    start += skipped
                    break
                }
                start += 1
            }
        } catch {
            if !isWhole { return nil }
            throw error.described(in: bytes)
        }
        if start == count, !isWhole { return nil }
        let kinds = ByteSurvey(base, count: start, delimiter: delimiter).kinds
        if let fault = kinds.firstFault(in: base, count: start, origin: 0) {
            throw fault.described(in: bytes)
        }
        columns = names
        end = start
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
