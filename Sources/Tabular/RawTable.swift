import TrainCore

/// A table's columns as numbers and, where it takes them, as texts.
struct RawTable {
    let text: TableText
    /// The file's column in each slot.
    let columns: [Int]
    /// The numbers, a slot for each column; NaN for gaps and for what is no plain number.
    var numbers: NumberTable
    /// The cells as texts, by slot, of the columns that it takes them of.
    private(set) var texts: [Int: TextColumn] = [:]

    /// Reads columns as numbers.
    ///
    /// - Parameter columns: places in a row, in ascending order.
    init(
        _ text: TableText, columns: [Int], progress: ((ReadingProgress) -> Void)?
    ) throws(DataError) {
        self.text = text
        self.columns = columns
        var slots = [Int32](repeating: -1, count: text.columns.count)
        for (slot, column) in columns.enumerated() { slots[column] = Int32(slot) }
        numbers = try NumberTable(RowWindows(text), slots: slots, width: columns.count, progress: progress)
        try text.bytes.checkUnchanged()
    }

    var rows: Int { numbers.rows }

    /// The slot of a column by its name.
    func slot(named name: String) -> Int? { columns.firstIndex { text.columns[$0] == name } }

    func name(of slot: Int) -> String { text.columns[columns[slot]] }

    /// Reads some slots' cells as texts too.
    mutating func readTexts(of slots: [Int], trims: Bool) throws(DataError) {
        let read = try TextColumn.read(text, columns: slots.map { columns[$0] }, trims: trims)
        for (slot, column) in zip(slots, read) { texts[slot] = column }
    }

    /// Replaces a slot's numbers by what `value` says of each row's text, where it has texts.
    mutating func setNumbers(of slot: Int, _ value: (String) -> Float) throws(DataError) {
        guard let column = texts[slot] else { return }
        let values = column.texts.map(value)
        try numbers.updateRows { row, cells throws(DataError) in cells[slot] = values[Int(column.codes[row])] }
    }

    /// Replaces a slot's texts by numbers, as they are written.
    mutating func readNumbers(of slot: Int, _ notation: NumberNotation) throws(DataError) {
        try setNumbers(of: slot) {
            GapWords.isGapAmongValues($0) ? .nan : NumberText.read($0, notation) ?? .nan
        }
    }
}
