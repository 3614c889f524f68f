/// A table's cells as texts, as they stand in the file: for tables that are no data, such as another program's log.
package struct TextTable: Sendable {
    /// The columns' names.
    package let columns: [String]
    /// How many rows there are.
    package let rows: Int
    private let cells: [TextColumn]

    /// Reads a file.
    ///
    /// - Throws: where it cannot be read, has rows of different lengths, or is no text.
    package init(path: String) throws(DataError) {
        let text = try TableText(try TableBytes.open(.path(path), relativeTo: nil, progress: nil))
        // It is here that rows of another length than the first line's are found.
        rows = try RawTable(text, columns: Array(text.columns.indices), progress: nil).rows
        columns = text.columns
        cells = try TextColumn.read(text, columns: Array(text.columns.indices), trims: true)
    }

    /// A cell by its row and column, both from 0.
    package func text(_ row: Int, _ column: Int) -> String { cells[column].texts[Int(cells[column].codes[row])] }
}
