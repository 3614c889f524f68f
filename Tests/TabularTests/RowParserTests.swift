import Testing
import TrainCore

@testable import Tabular

/// What is read of a table and seen in its columns, beside what each cell by itself is.
@Suite struct RowParserTests {
    /// Numbers, gaps, texts, and texts that begin as one of the others does.
    private static let cells = [
        "1", "-2.5", "007", "-00", "0.125", "1e5", "123456789012345678901", "8.5899345920000005e9", "+3", " 4\t",
        "", " ", "NA", "na", "NaN", "nan ", "null", "NULL", " Na", "inf", "-inf", "Infinity", "iNF\t", "1e39",
        "north", "south-west", "n", "N", "i", "I", "na na", "nano", "Nullable", "info", "in", "nu", "no", "-north",
        "x", "Zürich", "Ärger", "été", "[1]", "_", "~", "1.2.3", "--1", "-", ".", "12345678x", "2024-01-05",
        "a\rb", "-na",
    ]
    /// Texts that must stand in quotes.
    private static let quotedCells = ["a,b;c", "n\"\"o", "\"\"", "na\"\"", "d\ne", "i,nf", "\n", "f\r\ng"]

    /// A table of three columns, and what its cells are, found one by one.
    private struct Sample {
        var text: String
        var numbers: [UInt32] = []
        var tallies = [ColumnTally](repeating: ColumnTally(), count: 3)

        /// - Parameter share: how many of 8 cells of the second column are anything; those of the first one always are,
        ///   those of the third are numbers.
        init(rows: Int, share: Int, delimiter: String, end: String) {
            text = ["x", "y", "z"].joined(separator: delimiter) + "\n"
            let cells = RowParserTests.cells.map { delimiter == "\t" ? $0.replacing("\t", with: " ") : $0 }
            let philox = Philox(seed: UInt64(rows + share), stream: 4)
            for row in 0..<rows {
                for column in 0..<3 {
                    let words = philox.block(UInt32(row), UInt32(column), 0, 0)
                    let isAny = Int(words.0 % 8) < [8, share, 0][column]
                    if isAny, words.1 % 8 == 0 {
                        add(RowParserTests.quotedCells[Int(words.2 >> 8) % 8], isQuoted: true, column)
                    } else {
                        add(cells[Int(words.2 >> 8) % (isAny ? cells.count : 5)], isQuoted: words.3 % 4 == 0, column)
                    }
                    text += column < 2 ? delimiter : row + 1 == rows ? end : words.3 % 16 < 4 ? "\r\n" : "\n"
                }
                if row % 50 == 49, row + 1 < rows { text += "\n" }
            }
        }

        private mutating func add(_ cell: String, isQuoted: Bool, _ column: Int) {
            let position = text.utf8.count
            text += isQuoted ? "\"\(cell)\"" : cell
            var seen = ColumnTally()
            var number = Float.nan
            switch Array(cell.utf8).withUnsafeBufferPointer({ DecimalText.read($0.baseAddress!, $0.indices) }) {
            case .number(let value):
                number = value
                seen.numbers = 1
                seen.leadingZeros = !isQuoted && cell.wholeMatch(of: /-?0\d+/) != nil ? 1 : 0
            case .missing: (seen.missing, seen.firstMissing) = (1, position)
            case .outOfRange: (seen.outOfRange, seen.firstOutOfRange) = (1, position)
            case .text: (seen.texts, seen.firstText) = (1, position)
            }
            numbers.append(number.bitPattern)
            tallies[column].add(seen)
        }
    }

    @Test(
        "columns of numbers, texts and gaps are read as each cell by itself is, and tallied",
        arguments: [",", ";", "\t"], ["", "\n", "\r\n"])
    func cellsOfAllKinds(delimiter: String, end: String) throws {
        for (rows, share) in [(1, 8), (30, 4), (300, 0), (300, 1), (300, 8)] {
            let sample = Sample(rows: rows, share: share, delimiter: delimiter, end: end)
            let file = try TemporaryTable(sample.text)
            let text = try TableText(try TableBytes.open(.path("t.csv"), relativeTo: file.directory, progress: nil))
            for (pieceSize, windowSize) in [(1 << 18, 1 << 23), (999, 5000), (64, 300)] {
                let windows = RowWindows(text, pieceSize: pieceSize, windowSize: windowSize)
                let table = try NumberTable(windows, slots: [0, 1, 2], width: 3, progress: nil)
                #expect(table.tallies.map { "\($0)" } == sample.tallies.map { "\($0)" })
                var numbers: [UInt32] = []
                try table.eachRow { _, row throws(DataError) in
                    for slot in 0..<3 { numbers.append(row[slot].bitPattern) }
                }
                try #require(numbers == sample.numbers)
            }
        }
    }
}
