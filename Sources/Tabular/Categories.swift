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
        let cells = try TextColumn.read(text, columns: [column], trims: false, mostValues: limit)[0]
        guard cells.values <= limit else {
            names = nil
            return
        }
        // Texts of different bytes may be the same: an accent is part of its letter or follows it.
        let sorted = Set(cells.texts.filter { !DecimalText.isMissing($0) }).sorted()
        let places = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1, Float($0)) })
        let numbers = cells.texts.map { places[$0] ?? .nan }
        try table.updateRows { row, values throws(DataError) in values[slot] = numbers[Int(cells.codes[row])] }
        names = sorted
    }
}
