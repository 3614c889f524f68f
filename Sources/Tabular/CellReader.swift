/// Reads any cell, quoted or not: the way for whatever the fast path of ``RowParser`` leaves.
struct CellReader {
    /// The first byte of whole rows.
    let base: UnsafePointer<UInt8>
    /// How many bytes there are.
    let count: Int
    /// What separates cells.
    let delimiter: UInt8
    /// The first byte's place in the table.
    let origin: Int

    /// What is wrong with a quoted cell, and where in the table.
    enum Fault: Error {
        /// It does not end.
        case unterminated(at: Int)
        /// Something follows its closing quote.
        case textAfterQuote(at: Int)
    }

    /// The cell that begins at `start`.
    func cell(at start: Int) throws(Fault) -> TableText.Cell {
        guard start < count, base[start] == 0x22 else {
            let end = endOfPlainCell(from: start)
            return TableText.Cell(text: start..<end, end: end)
        }
        var position = start + 1
        var hasDoubledQuotes = false
        while true {
            position = nextQuote(from: position)
            guard position < count else { throw .unterminated(at: origin + start) }
            if position + 1 < count, base[position + 1] == 0x22 {
                hasDoubledQuotes = true
                position += 2
                continue
            }
            let text = start + 1..<position
            position += 1
            guard position == count || base[position] == delimiter || isLineEnd(position) else {
                throw .textAfterQuote(at: origin + position)
            }
            return TableText.Cell(text: text, end: position, hasDoubledQuotes: hasDoubledQuotes)
        }
    }

    /// Where the next quote stands, at `start` or behind it; ``count`` if there is none.
    @inline(__always)
    private func nextQuote(from start: Int) -> Int {
        var position = start
        while position + 8 <= count {
            let word = UnsafeRawPointer(base).loadUnaligned(fromByteOffset: position, as: UInt64.self).littleEndian
            let found = zeroBytes(word ^ Self.quotes)
            if found != 0 { return position + (found.trailingZeroBitCount >> 3) }
            position += 8
        }
        while position < count, base[position] != 0x22 { position += 1 }
        return position
    }

    /// Where the row after the one that begins at `start` begins.
    func rowEnd(from start: Int) throws(Fault) -> Int { try rowEnd(afterCell: cell(at: start)) }

    /// Where the row after the one that has this cell begins.
    func rowEnd(afterCell first: TableText.Cell) throws(Fault) -> Int {
        var position = first.end
        while position < count {
            if let skipped = TableText.lineEnd(base, count, at: position) { return position + skipped }
            position = try cell(at: position + 1).end
        }
        return count
    }

    /// Where the unquoted cell ends that `start` is in.
    @inline(__always)
    func endOfPlainCell(from start: Int) -> Int {
        var position = start
        while position + 8 <= count {
            let word = UnsafeRawPointer(base).loadUnaligned(fromByteOffset: position, as: UInt64.self).littleEndian
            let found = zeroBytes(word ^ delimiters) | zeroBytes(word ^ Self.feeds) | zeroBytes(word ^ Self.returns)
            guard found != 0 else {
                position += 8
                continue
            }
            position += found.trailingZeroBitCount >> 3
            guard base[position] == 0x0D, !isLineEnd(position) else { return position }
            position += 1
        }
        while position < count {
            let byte = base[position]
            if byte == delimiter || byte == 0x0A || (byte == 0x0D && isLineEnd(position)) { break }
            position += 1
        }
        return position
    }

    private var delimiters: UInt64 { 0x0101_0101_0101_0101 &* UInt64(delimiter) }
    private static let quotes: UInt64 = 0x2222_2222_2222_2222
    private static let feeds: UInt64 = 0x0A0A_0A0A_0A0A_0A0A
    private static let returns: UInt64 = 0x0D0D_0D0D_0D0D_0D0D

    /// The highest bit of the lowest byte that is zero, and perhaps of others above it.
    @inline(__always)
    private func zeroBytes(_ word: UInt64) -> UInt64 {
        (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
    }

    /// Whether a line ends at `position`.
    @inline(__always)
    func isLineEnd(_ position: Int) -> Bool { TableText.lineEnd(base, count, at: position) != nil }

    /// A cell's text: doubled quotes are single ones, and spaces around unquoted text are left out.
    func string(_ cell: TableText.Cell, isQuoted: Bool) -> String {
        let text = String(
            decoding: UnsafeBufferPointer(start: base + cell.text.lowerBound, count: cell.text.count), as: UTF8.self)
        if isQuoted { return cell.hasDoubledQuotes ? unquoted(text) : text }
        var scalars = text.unicodeScalars[...]
        while let first = scalars.first, first == " " || first == "\t" { scalars.removeFirst() }
        while let last = scalars.last, last == " " || last == "\t" { scalars.removeLast() }
        return String(scalars)
    }

    private func unquoted(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var wasQuote = false
        for scalar in text.unicodeScalars {
            wasQuote = scalar == "\"" && !wasQuote
            if !wasQuote { result.append(scalar) }
        }
        return String(result)
    }
}

extension CellReader.Fault {
    /// The error to report.
    func described(in bytes: TableBytes) -> DataError {
        switch self {
        case .unterminated(let position): bytes.fault(at: position, "the quote that opens here is never closed")
        case .textAfterQuote(let position):
            bytes.fault(
                at: position, "text after a closing quote; expected a delimiter or the end of the line")
        }
    }
}
