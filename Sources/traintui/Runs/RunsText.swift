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
        let rows = [head] + runs.map(cells)
        let columns = rows.map { row in row.map { SafeText.width(of: $0) } }
        let widths = head.indices.map { place in columns.map { $0[place] }.max() ?? 0 }
        return zip(rows, columns).map { row, columns in
            let cells = row.indices.map { place in
                let blanks = String(repeating: " ", count: widths[place] - columns[place])
                return Self.numbers.contains(place) ? blanks + row[place] : row[place] + blanks
            }
            let line = cells.joined(separator: "  ")
            return String(line[..<(line.lastIndex { $0 != " " }.map { line.index(after: $0) } ?? line.startIndex)])
                + "\n"
        }.joined()
    }

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
