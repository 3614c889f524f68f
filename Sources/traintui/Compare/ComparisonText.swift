import Canvas
import FileAccess
import Foundation
import JSONLines
import TrainProtocol
import Wording

/// Runs side by side as text: scores, what differs in their jobs, their edits, and their validation losses by epochs.
struct ComparisonText {
    private let runs: [ComparedRun]
    private let spelling: Spelling

    init(_ runs: [ComparedRun], _ spelling: Spelling) {
        self.runs = runs
        self.spelling = spelling
    }

    /// Lines with an end each.
    var text: String {
        let names = runs.indices.map { "\(letter($0))  \(visible(runs[$0].name))\(called($0))" }
        var parts = [names.joined(separator: "\n") + "\n", table(scores), table(differences)]
        if let edits { parts.append(edits) }
        if let chart { parts.append(chart) }
        if let pairs { parts.append(pairs) }
        return parts.joined(separator: "\n")
    }

    private func letter(_ index: Int) -> String { String(Unicode.Scalar(UInt8(ascii: "A") + UInt8(min(index, 25)))) }

    private func called(_ index: Int) -> String { runs[index].record?.name.map { " (\(visible($0)))" } ?? "" }

    private func row(_ label: String, _ value: (ComparedRun) -> String?) -> [String] {
        [label] + runs.map { value($0) ?? "—" }
    }

    private var scores: [[String]] {
        [
            [""] + runs.indices.map(letter),
            row("state") { $0.record?.state.rawValue },
            row("epochs") { $0.record.map { "\($0.epochsDone)/\($0.epochs)" } },
            row("steps") { $0.record.map { "\(NumberFormat.grouped($0.step))" } },
            row("time") { $0.record.map { "\(NumberFormat.duration(seconds: $0.seconds))" } },
            row("best validation") { $0.record?.bestLoss.map { "\(NumberFormat.metric($0))" } },
            row("last validation") { $0.record?.lastLoss.map { "\(NumberFormat.metric($0))" } },
            row("edits") { "\($0.edits.count)" },
        ]
    }

    /// The settings of the jobs that are not all the same, of the runs whose jobs are known.
    private var differences: [[String]] {
        let known = runs.indices.filter { runs[$0].header.imported == nil }
        let others = runs.indices.filter { runs[$0].header.imported != nil }.map { index in
            ["\(letter(index)) was trained elsewhere: its job is not known"]
        }
        guard known.count > 1 else { return others }
        var keys: [String] = []
        for index in known { for (key, _) in runs[index].settings where !keys.contains(key) { keys.append(key) } }
        let values = known.map { index in
            Dictionary(runs[index].settings.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
        }
        let rows = keys.filter { key in Set(values.map { $0[key] ?? "" }).count > 1 }.map { key in
            [visible(key)] + values.map { visible($0[key] ?? "—", limit: 40) }
        }
        return others
            + (rows.isEmpty ? [["their jobs are the same"]] : [["differs in the job"] + known.map(letter)] + rows)
    }

    private var edits: String? {
        let lines = runs.indices.flatMap { index in
            runs[index].edits.map { edit in
                "\(letter(index))  @\(edit.step)  \(visible(edit.name)) \(edit.old.words) → \(edit.new.words)\n"
            }
        }
        return lines.isEmpty ? nil : "edits\n" + lines.joined()
    }

    // MARK: By epochs

    /// The losses by epochs, each run a curve with its letter at the end.
    private var chart: String? {
        let losses = runs.flatMap(\.validation.values).sorted()
        guard let least = losses.first, let last = runs.flatMap(\.validation.keys).max() else { return nil }
        // The first epochs come from far above; where they leave the frame the chart says how far.
        let most = losses[losses.count < 10 ? losses.count - 1 : (losses.count - 1) * 9 / 10]
        var plot = Plot(
            xRange: 1...Double(max(2, last)), yRange: NiceAxis.steadyRange(containing: least...most, previous: nil))
        plot.layers = runs.enumerated().map { index, run in
            let points = run.validation.sorted { $0.key < $1.key }.map { Plot.Point(x: Double($0.key), y: $0.value) }
            let letter = letter(index)
            return .line(
                points,
                stroke: Plot.Stroke(
                    rhythm: Self.rhythms[index % Self.rhythms.count], plain: Character(letter), end: SafeText(letter)))
        }
        var frame = Frame(Self.size, glyphs: spelling == .unicode ? .braille : .ascii)
        plot.draw(in: frame.bounds, on: &frame)
        return "validation loss by epochs\n" + frame.text
    }

    private static let size = Size(width: 68, height: 12)
    /// Dots drawn and left out, so that up to nine curves differ without colour.
    private static let rhythms = [[], [1, 1], [6, 3], [2, 2], [6, 2, 1, 2], [1, 3], [12, 3], [3, 1], [1, 5]]

    /// Where runs share data and seed, epoch by epoch: batches are the same then, and differences are paired.
    private var pairs: String? {
        let first = runs[0]
        var lines: [String] = []
        for (index, run) in runs.enumerated().dropFirst() {
            guard first.header.dataSHA256 != nil, run.header.dataSHA256 == first.header.dataSHA256,
                run.header.seed == first.header.seed
            else { continue }
            let common = first.validation.keys.filter { run.validation[$0] != nil }
            let differences = common.map { (run.validation[$0] ?? 0) - (first.validation[$0] ?? 0) }
            guard !differences.isEmpty else { continue }
            let mean = differences.reduce(0, +) / Double(differences.count)
            let lower = differences.filter { $0 < 0 }.count
            lines.append(
                "\(letter(index)) - A  \(NumberFormat.signed(mean, decimals: 4)) on the mean of \(common.count) epochs, "
                    + "lower in \(lower) of them\n")
        }
        return lines.isEmpty ? nil : "paired, for data and seed are the same\n" + lines.joined()
    }

    private func table(_ rows: [[String]]) -> String {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { place in
            rows.map { place < $0.count ? SafeText($0[place]).width : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = row.enumerated().map { place, cell in
                place == row.count - 1
                    ? cell : cell + String(repeating: " ", count: widths[place] - SafeText(cell).width)
            }
            return cells.joined(separator: "  ") + "\n"
        }.joined()
    }
}
