/// Reads stretches of whole rows into numbers. This is the loop that reading time is spent in: no allocation, no
/// reference counting and no `String` for a cell.
struct RowParser {
    /// Reads the cells that are not plain numbers.
    let reader: CellReader
    /// Columns in a row.
    let columns: Int
    /// For each column its place in a row of numbers, -1 where it is skipped.
    let slots: UnsafePointer<Int32>
    /// Numbers in a row.
    let width: Int
    /// ``DecimalText/powers``.
    let powers: UnsafePointer<Double>
    /// ``DecimalText/tens``.
    let tens: UnsafePointer<UInt64>

    /// Why a row cannot be read.
    enum Fault: Error {
        /// It is no text.
        case text(TextFault)
        /// The row that begins here has another number of cells than there are columns.
        case ragged(at: Int, cells: Int)
        /// A quoted cell is broken.
        case quotes(CellReader.Fault)
    }

    /// Reads the rows that begin in `start ..< limit`; `start` is where a row begins. Writes `width` numbers for each,
    /// NaN for what is no number, and counts what it saw in `tallies`, one for each slot. Returns the number of rows.
    func parse(
        from start: Int, until limit: Int, into output: UnsafeMutablePointer<Float>,
        tallies: UnsafeMutablePointer<ColumnTally>
    ) throws(Fault) -> Int {
        let (base, count) = (reader.base, reader.count)
        var position = start
        var rows = 0
        while position < limit {
            if let skipped = TableText.lineEnd(base, count, at: position) {
                position += skipped
                continue
            }
            let rowStart = position
            let row = output + rows * width
            var column = 0
            while true {
                let slot = column < columns ? Int(slots[column]) : -1
                if slot < 0 {
                    position = try skip(from: position)
                } else {
                    position = try number(from: position, into: row + slot, tally: tallies + slot)
                }
                column += 1
                if position == count { break }
                if base[position] != reader.delimiter {
                    position += base[position] == 0x0A ? 1 : 2
                    break
                }
                position += 1
            }
            guard column == columns else { throw .ragged(at: reader.origin + rowStart, cells: column) }
            rows += 1
        }
        return rows
    }

    @inline(__always)
    private func skip(from start: Int) throws(Fault) -> Int {
        guard start < reader.count, reader.base[start] == 0x22 else { return reader.endOfPlainCell(from: start) }
        return try anyCell(at: start).end
    }

    /// Reads a number of at most 18 digits, in quotes or not, or leaves the cell to ``slowly(from:into:tally:)``. Returns its end.
    @inline(__always)
    private func number(
        from start: Int, into output: UnsafeMutablePointer<Float>, tally: UnsafeMutablePointer<ColumnTally>
    ) throws(Fault) -> Int {
        let (base, count) = (reader.base, reader.count)
        var position = start
        let isQuoted = position < count && base[position] == 0x22
        if isQuoted { position += 1 }
        // Without a branch, which would be mispredicted where about half of the numbers are negative.
        let sign: UInt32 = (position < count ? base[position] : 0) == 0x2D ? 1 : 0
        position += Int(sign)
        let whole = position
        var m: UInt64 = 0
        appendDigits(to: &m, at: &position)
        var digits = position - whole
        var exponent = 0
        if position < count, base[position] == 0x2E {
            position += 1
            let fraction = position
            appendDigits(to: &m, at: &position)
            exponent = fraction - position
            digits -= exponent
        }
        if isQuoted {
            // Without its closing quote it is no number, and 19 digits are too many.
            if position < count, base[position] == 0x22 { position += 1 } else { digits = 19 }
        }
        guard digits > 0, digits <= 18,
            position == count || base[position] == reader.delimiter || reader.isLineEnd(position),
            let value = DecimalText.quickly(m, exponent, powers)
        else { return try slowly(from: start, into: output, tally: tally) }
        output.pointee = Float(bitPattern: value.bitPattern ^ sign << 31)
        tally.pointee.numbers += 1
        if base[whole] == 0x30, exponent == 0, digits > 1, !isQuoted { tally.pointee.leadingZeros += 1 }
        return position
    }

    /// Reads digits as far as there are any, up to eight at once: numbers are of all lengths, and a branch for each digit
    /// would often be mispredicted. Each step of the three joins neighbours: digits, pairs, fours.
    @inline(__always)
    private func appendDigits(to m: inout UInt64, at position: inout Int) {
        let bytes = UnsafeRawPointer(reader.base)
        while position + 8 <= reader.count {
            let digits =
                bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self).littleEndian ^ 0x3030_3030_3030_3030
            // A byte above 9 gets its highest bit; carries only reach bytes after it.
            let others = (digits &+ 0x7676_7676_7676_7676 | digits) & 0x8080_8080_8080_8080
            let length = others.trailingZeroBitCount >> 3
            guard length > 0 else { return }
            // The first digit stands in the lowest byte: zeros move in before it.
            var value = digits << UInt64(64 - 8 * length)
            value = (value &* 10 &+ (value >> 8)) & 0x00FF_00FF_00FF_00FF
            value = (value &* 100 &+ (value >> 16)) & 0x0000_FFFF_0000_FFFF
            value = (value &* 10_000 &+ (value >> 32)) & 0xFFFF_FFFF
            m = m &* tens[length] &+ value
            position += length
            guard length == 8 else { return }
        }
        while position < reader.count {
            let digit = reader.base[position] &- 0x30
            guard digit < 10 else { return }
            m = m &* 10 &+ UInt64(digit)
            position += 1
        }
    }

    @inline(never)
    private func slowly(
        from start: Int, into output: UnsafeMutablePointer<Float>, tally: UnsafeMutablePointer<ColumnTally>
    ) throws(Fault) -> Int {
        let cell = try anyCell(at: start)
        output.pointee = .nan
        switch DecimalText.read(reader.base, cell.text) {
        case .number(let value):
            output.pointee = value
            tally.pointee.numbers += 1
        case .missing:
            if tally.pointee.missing == 0 { tally.pointee.firstMissing = reader.origin + start }
            tally.pointee.missing += 1
        case .outOfRange:
            if tally.pointee.outOfRange == 0 { tally.pointee.firstOutOfRange = reader.origin + start }
            tally.pointee.outOfRange += 1
        case .text:
            if tally.pointee.texts == 0 { tally.pointee.firstText = reader.origin + start }
            tally.pointee.texts += 1
        }
        return cell.end
    }

    private func anyCell(at start: Int) throws(Fault) -> TableText.Cell {
        do {
            return try reader.cell(at: start)
        } catch {
            throw .quotes(error)
        }
    }
}

extension RowParser.Fault {
    /// The error to report.
    func described(in bytes: TableBytes, columns: Int) -> DataError {
        switch self {
        case .text(let fault): fault.described(in: bytes)
        case .quotes(let fault): fault.described(in: bytes)
        case .ragged(let position, let cells):
            bytes.fault(
                at: position,
                "\(cells) \(cells == 1 ? "cell" : "cells"), but the header names \(columns) "
                    + "\(columns == 1 ? "column" : "columns")")
        }
    }
}

/// What was seen in a column, and where in the table the first cell of a kind begins.
struct ColumnTally: Sendable {
    /// Cells that are numbers.
    var numbers = 0
    /// Of these, unquoted whole numbers of two digits or more that begin with 0, as codes do.
    var leadingZeros = 0
    /// Cells that are missing.
    var missing = 0
    /// Cells that are infinite, or numbers beyond Float's range.
    var outOfRange = 0
    /// Cells that are none of these.
    var texts = 0
    /// The first missing cell, where there is one.
    var firstMissing = 0
    /// The first number out of range, where there is one.
    var firstOutOfRange = 0
    /// The first cell of text, where there is one.
    var firstText = 0

    /// Adds what was seen further on.
    mutating func add(_ later: ColumnTally) {
        if missing == 0 { firstMissing = later.firstMissing }
        if outOfRange == 0 { firstOutOfRange = later.firstOutOfRange }
        if texts == 0 { firstText = later.firstText }
        numbers += later.numbers
        leadingZeros += later.leadingZeros
        missing += later.missing
        outOfRange += later.outOfRange
        texts += later.texts
    }
}
