import Canvas
import FileAccess
import Foundation
import Wording

/// Runs as an aligned table for people, the newest last, nearest to the prompt.
struct RunsText {
    private let runs: [ListedRun]
    private let spelling: Spelling

    init(_ runs: [ListedRun], _ spelling: Spelling) {
        self.runs = runs
        self.spelling = spelling
    }

    /// The columns that are numbers end at one edge.
    private static let numbers: Set<Int> = [4, 5, 6]

    /// Lines with an end each.
    var text: String {
        let head = ["run", "data", "began", "state", "epochs", "best", "edits", "validation", "note"]
        // Of ten thousand runs the cells take longer than the reading did.
        let rows = [Row(head)] + runs.mapOnAllProcessors { Row(cells($0)) }
        let widths = head.indices.map { place in rows.map { $0.widths[place] }.max() ?? 0 }
        return rows.mapOnAllProcessors { row in
            var line = ""
            // Blanks are only written before something.
            var blanks = 0
            for (place, cell) in row.cells.enumerated() {
                let room = widths[place] - row.widths[place]
                if Self.numbers.contains(place) { blanks += room }
                if !cell.isEmpty {
                    line += String(repeating: " ", count: blanks) + cell
                    blanks = 0
                }
                blanks += (Self.numbers.contains(place) ? 0 : room) + 2
            }
            return line + "\n"
        }.joined()
    }

    /// A run's cells, and the columns that each takes.
    private struct Row {
        let cells: [String]
        let widths: [Int]

        init(_ cells: [String]) {
            self.cells = cells
            // A small chart is of marks that take a column each.
            widths = cells.enumerated().map { place, cell in
                place == RunsText.chart ? cell.unicodeScalars.count : SafeText.width(of: cell)
            }
        }
    }

    /// The column of the validation losses.
    private static let chart = 7

    private func cells(_ run: ListedRun) -> [String] {
        let name = visible(run.folder.name, limit: 80)
        guard let record = run.record else { return [name, "—", "—", "—", "—", "—", "—", "", ""] }
        let called = record.name.map { "\(visible($0, limit: 40)) (\(name))" } ?? name
        return [
            called, visible(URL(filePath: record.data).lastPathComponent, limit: 30),
            visible(String(record.began.prefix(16)).replacing("T", with: " "), limit: 16), run.state ?? "—",
            "\(record.epochsDone)/\(record.epochs)", "\(NumberFormat.metric(record.bestLoss))", "\(record.edits)",
            SparkText.line(record.validation, columns: 16, spelling), visible(record.note ?? "", limit: 60),
        ]
    }
}

/// Values as columns of one line of text: `█▅▃▂▁▁`.
enum SparkText {
    /// The values, or as many of them as there are columns.
    static func line(_ values: [Double], columns: Int, _ spelling: Spelling) -> String {
        let finite = values.filter(\.isFinite)
        let count = min(finite.count, columns)
        let shown = (0..<count).map { finite[count == 1 ? 0 : $0 * (finite.count - 1) / (count - 1)] }
        guard let least = shown.min(), let most = shown.max() else { return "" }
        let marks = Array(spelling == .unicode ? "▁▂▃▄▅▆▇█" : "_.-:=+*#")
        return String(
            shown.map { value in
                // Halves, so that the widest range there is does not overflow.
                let span = most / 2 - least / 2
                let part = span > 0 ? (value / 2 - least / 2) / span : 0
                return marks[Int((part * Double(marks.count - 1)).rounded())]
            })
    }
}
