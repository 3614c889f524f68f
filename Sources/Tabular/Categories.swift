import Foundation
import Wording

/// A column of text as numbers: the distinct texts, sorted, and for each row the place of its text among them.
struct Categories {
    /// The distinct texts, sorted; nil where there are more than the limit.
    let names: [String]?

    /// Numbers the texts of a column and writes each row's number to its slot; NaN where the text is missing. Where there
    /// are more than `limit` texts it stops and writes nothing.
    ///
    /// Cells were not kept when the numbers were read, so the table's bytes are gone through once more.
    init(
        _ text: TableText, column: Int, limit: Int, into table: inout NumberTable, slot: Int
    ) throws(DataError) {
        var reading = Reading(limit: limit)
        let windows = RowWindows(text)
        while !reading.isOverLimit, let window = try windows.next() {
            do throws(CellReader.Fault) {
                try reading.read(window.reader, column: column)
            } catch {
                throw error.described(in: text.bytes)
            }
        }
        guard !reading.isOverLimit else {
            names = nil
            return
        }
        try text.bytes.checkUnchanged()
        // The same text may have been written with quotes and without, so numbers may become one here.
        let sorted = Set(reading.texts).sorted()
        let places = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1, Float($0)) })
        let codes = reading.texts.map { places[$0] ?? .nan } + [.nan]
        let numbers = reading.numbers
        try table.updateRows { row, cells throws(DataError) in
            cells[slot] = codes[numbers[row] < 0 ? codes.count - 1 : Int(numbers[row])]
        }
        names = sorted
    }
}

/// What was read of a column so far.
private struct Reading {
    let limit: Int
    /// The distinct texts, as they came.
    var texts: [String] = []
    /// For each row the number of its text, -1 where it is missing.
    var numbers: [Int32] = []
    private var known: [Bytes: Int32] = [:]

    init(limit: Int) { self.limit = limit }

    var isOverLimit: Bool { texts.count > limit }

    mutating func read(_ reader: CellReader, column: Int) throws(CellReader.Fault) {
        var position = 0
        while position < reader.count, !isOverLimit {
            if let skipped = TableText.lineEnd(reader.base, reader.count, at: position) {
                position += skipped
                continue
            }
            for _ in 0..<column { position = try reader.cell(at: position).end + 1 }
            let cell = try reader.cell(at: position)
            numbers.append(
                DecimalText.isMissing(reader.base, cell.text)
                    ? -1 : number(of: cell, reader, isQuoted: cell.text.lowerBound > position))
            position = try reader.rowEnd(afterCell: cell)
        }
    }

    private mutating func number(of cell: TableText.Cell, _ reader: CellReader, isQuoted: Bool) -> Int32 {
        let key = Bytes(start: reader.base + cell.text.lowerBound, count: cell.text.count)
        if let number = known[key] { return number }
        let number = Int32(texts.count)
        known[key.kept()] = number
        texts.append(reader.string(cell, isQuoted: isQuoted))
        return number
    }
}

/// A cell's bytes as a dictionary key, so that only texts seen for the first time become strings.
private struct Bytes: Hashable {
    let start: UnsafePointer<UInt8>
    let count: Int
    /// What owns the bytes, once they must outlive their window.
    private var owner: Owner?

    init(start: UnsafePointer<UInt8>, count: Int) {
        self.start = start
        self.count = count
    }

    /// The same bytes, in memory of their own.
    func kept() -> Bytes {
        let owner = Owner(copying: start, count: count)
        var copy = Bytes(start: owner.start, count: count)
        copy.owner = owner
        return copy
    }

    static func == (left: Bytes, right: Bytes) -> Bool {
        left.count == right.count && memcmp(left.start, right.start, left.count) == 0
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(bytes: UnsafeRawBufferPointer(start: start, count: count))
    }

    /// A class, because it owns memory.
    private final class Owner {
        let start: UnsafeMutablePointer<UInt8>

        init(copying bytes: UnsafePointer<UInt8>, count: Int) {
            start = .allocate(capacity: max(1, count))
            start.update(from: bytes, count: count)
        }

        deinit { start.deallocate() }
    }
}
