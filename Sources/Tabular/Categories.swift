import Wording

/// A column of text as numbers: the distinct texts, sorted, and for each row the place of its text among them.
struct Categories {
    /// The distinct texts, sorted.
    let names: [String]

    /// Numbers the texts of a column and writes each row's number to its slot; NaN where the text is missing.
    init(_ text: TableText, column: Int, into table: inout NumberTable, slot: Int) throws(DataError) {
        let reader = text.reader
        var numbers: [Bytes: Int] = [:]
        var found: [String] = []
        var position = text.body
        var row = 0
        while position < reader.count {
            if let skipped = TableText.lineEnd(reader.base, reader.count, at: position) {
                position += skipped
                continue
            }
            for _ in 0..<column { position = try reader.cell(at: position, in: text.bytes).end + 1 }
            let cell = try reader.cell(at: position, in: text.bytes)
            var code = Float.nan
            if DecimalText.read(reader.base, cell.text) != .missing {
                let key = Bytes(start: reader.base + cell.text.lowerBound, count: cell.text.count)
                if let number = numbers[key] {
                    code = Float(number)
                } else {
                    code = Float(found.count)
                    numbers[key] = found.count
                    found.append(reader.string(cell, isQuoted: cell.text.lowerBound > position))
                }
            }
            table.cells[row * table.width + slot] = code
            row += 1
            position = try reader.rowEnd(afterCell: cell, in: text.bytes)
        }
        // The same text may have been written with quotes and without, so numbers may become one here.
        names = Set(found).sorted()
        let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Float($0)) })
        let sorted = found.map { places[$0] ?? .nan }
        for row in 0..<table.rows {
            let code = table.cells[row * table.width + slot]
            if !code.isNaN { table.cells[row * table.width + slot] = sorted[Int(code)] }
        }
    }

    /// A cell's bytes as a dictionary key, so that only texts seen for the first time become strings.
    private struct Bytes: Hashable {
        let start: UnsafePointer<UInt8>
        let count: Int

        static func == (left: Bytes, right: Bytes) -> Bool {
            left.count == right.count && (0..<left.count).allSatisfy { left.start[$0] == right.start[$0] }
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(bytes: UnsafeRawBufferPointer(start: start, count: count))
        }
    }
}
