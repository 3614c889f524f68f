import CKernels

/// Reads stretches of whole rows into numbers. This is what reading time is spent in: no allocation, no reference
/// counting and no `String` for a cell. Plain numbers are read by a kernel, all else cell by cell.
struct RowParser {
    /// Reads the cells that are not plain numbers.
    let reader: CellReader
    /// Columns in a row.
    let columns: Int
    /// For each column its place in a row of numbers, -1 where it is skipped.
    let slots: UnsafePointer<Int32>
    /// Numbers in a row.
    let width: Int

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
    /// NaN for what is no number, and what it saw to `tallies`, one for each slot. Returns the number of rows.
    func parse(
        from start: Int, until limit: Int, into output: UnsafeMutablePointer<Float>,
        tallies: UnsafeMutablePointer<ColumnTally>
    ) throws(Fault) -> Int {
        let (base, count) = (reader.base, reader.count)
        var table = ck_table_text(
            bytes: base, count: count, delimiter: reader.delimiter, slots: slots, columns: columns, width: width)
        var place = ck_table_place(position: start, row_start: start, column: 0, row: 0)
        while true {
            while try readNumbers(&table, limit, into: output, tallies, &place) {}
            if place.column == 0 {
                guard place.position < limit else { break }
                place.row_start = place.position
                if let skipped = TableText.lineEnd(base, count, at: place.position) {
                    place.position += skipped
                    continue
                }
            }
            if place.column < columns, case let slot = Int(slots[place.column]), slot >= 0 {
                let output = output + (place.row * width + slot)
                place.position = try readCell(at: place.position, into: output, tally: tallies + slot)
            } else {
                place.position = try anyCell(at: place.position).end
            }
            place.column += 1
            if place.position < count, base[place.position] == reader.delimiter {
                place.position += 1
                continue
            }
            guard place.column == columns else {
                throw .ragged(at: reader.origin + place.row_start, cells: place.column)
            }
            if place.position < count { place.position += base[place.position] == 0x0A ? 1 : 2 }
            place.column = 0
            place.row += 1
        }
        for slot in 0..<width { tallies[slot].numbers = place.row - tallies[slot].others }
        return place.row
    }

    /// Reads rows as far as all is simple, numbers by the kernel and the odd cells among them here. Returns whether there
    /// may be more of that.
    private func readNumbers(
        _ table: inout ck_table_text, _ limit: Int, into output: UnsafeMutablePointer<Float>,
        _ tallies: UnsafeMutablePointer<ColumnTally>, _ place: inout ck_table_place
    ) throws(Fault) -> Bool {
        let mostOdd = 256
        return try withUnsafeTemporaryAllocation(of: ck_odd_cell.self, capacity: mostOdd) { odd throws(Fault) in
            try withUnsafeTemporaryAllocation(of: ck_column_tally.self, capacity: width) { seen throws(Fault) in
                seen.initialize(repeating: ck_column_tally())
                var numbers = ck_numbers(
                    output: output, tallies: seen.baseAddress!, odd: odd.baseAddress!, odd_count: 0, most_odd: mostOdd)
                ck_kernels_in_use().pointee.read_numbers(&table, limit, &place, &numbers)
                for slot in 0..<width {
                    tallies[slot].leadingZeros += seen[slot].leading_zeros
                    tallies[slot].addTexts(seen[slot].texts, first: reader.origin + seen[slot].first_text)
                }
                for cell in odd.prefix(numbers.odd_count) {
                    let output = output + (cell.row * width + cell.slot)
                    _ = try readCell(at: cell.position, into: output, tally: tallies + cell.slot)
                }
                return numbers.odd_count == mostOdd
            }
        }
    }

    /// Reads any cell. Returns its end.
    private func readCell(
        at start: Int, into output: UnsafeMutablePointer<Float>, tally: UnsafeMutablePointer<ColumnTally>
    ) throws(Fault) -> Int {
        let cell = try anyCell(at: start)
        output.pointee = .nan
        switch DecimalText.read(reader.base, cell.text) {
        case .number(let value):
            output.pointee = value
            if cell.text.lowerBound == start, hasLeadingZero(cell.text) { tally.pointee.leadingZeros += 1 }
        case .missing:
            if tally.pointee.missing == 0 { tally.pointee.firstMissing = reader.origin + start }
            tally.pointee.missing += 1
        case .outOfRange:
            if tally.pointee.outOfRange == 0 { tally.pointee.firstOutOfRange = reader.origin + start }
            tally.pointee.outOfRange += 1
        case .text:
            tally.pointee.addTexts(1, first: reader.origin + start)
        }
        return cell.end
    }

    /// Whether this is a whole number of two digits or more that begins with 0.
    private func hasLeadingZero(_ text: Range<Int>) -> Bool {
        let digits = text.dropFirst(reader.base[text.lowerBound] == 0x2D ? 1 : 0)
        return digits.count > 1 && reader.base[digits.lowerBound] == 0x30
            && digits.allSatisfy { reader.base[$0] &- 0x30 < 10 }
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

    /// Cells that are no numbers.
    var others: Int { missing + outOfRange + texts }

    /// Adds so many texts, the first of which begins here: before those that are there, behind them, or between them.
    mutating func addTexts(_ count: Int, first: Int) {
        guard count > 0 else { return }
        firstText = texts == 0 ? first : min(firstText, first)
        texts += count
    }

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
