import Canvas
import FileAccess
import Foundation
import JSONLines
import TrainProtocol
import Wording

/// A run as lines for people: what its record and its journal say.
struct RunText {
    private let run: ListedRun
    private let journal: JournalFile
    private let timeline: Timeline?
    private let spelling: Spelling

    init(_ folder: RunFolder, _ spelling: Spelling) throws(Failure) {
        run = ListedRun(folder)
        journal = try JournalFile.read(folder.journal)
        do throws(Timeline.Refusal) { timeline = try Timeline(journal.entries) } catch { timeline = nil }
        self.spelling = spelling
    }

    /// Edits that are listed, at most.
    private static let mostEdits = 40

    /// Lines with an end each.
    var text: String {
        var lines: [(String, String)] = [("run", visible(run.folder.name))]
        if let name = run.record?.name { lines.append(("name", visible(name))) }
        if let note = run.record?.note { lines.append(("note", visible(note))) }
        lines.append(("folder", visible(run.folder.path)))
        lines.append((journal.header.imported == nil ? "data" : "from", data))
        lines.append(("began", visible(journal.header.began) + " by " + visible(journal.header.program)))
        if let state = run.state {
            lines.append(("state", state + (run.record?.reason.map { ": \(visible($0))" } ?? "")))
        }
        if let record = run.record {
            let time = NumberFormat.duration(seconds: record.seconds)
            lines.append(
                (
                    "trained",
                    "\(record.epochsDone) of \(record.epochs) epochs, \(NumberFormat.grouped(record.step)) steps in \(time)"
                ))
            if let best = record.bestLoss, let step = record.bestStep {
                lines.append(("best", "\(NumberFormat.metric(best)) @\(NumberFormat.grouped(step))"))
            }
            let spark = SparkText.line(record.validation, columns: 48, spelling)
            if !spark.isEmpty { lines.append(("validation", spark)) }
        }
        lines.append(("journal", "\(NumberFormat.grouped(journal.entries.count)) entries" + moves))
        for (number, edit) in (timeline?.lineage.edits ?? []).suffix(Self.mostEdits).enumerated() {
            let over = edit.over > 0 ? " over \(edit.over) steps" : ""
            lines.append(
                (
                    number == 0 ? "edits" : "",
                    "@\(edit.step)  \(visible(edit.name)) \(edit.old.words) → \(edit.new.words)\(over)"
                ))
        }
        let width = 12
        return lines.map { label, text in
            label + String(repeating: " ", count: max(1, width - label.count)) + text + "\n"
        }.joined()
    }

    private var data: String {
        let source: String
        switch journal.header.data {
        case .builtin(let name): source = "\(name), built in"
        case .path(let path): source = path
        }
        return visible(source) + (journal.header.dataSHA256.map { ", sha256 \($0.prefix(12))…" } ?? "")
    }

    private var moves: String {
        guard let timeline else { return ", which do not follow each other" }
        let counts = [(timeline.editsMade, "edit"), (timeline.moves, "move")]
        return counts.filter { $0.0 > 0 }.map { ", \($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }.joined()
    }
}

extension SettingValue {
    /// "0.005", "on", "adam".
    var words: String {
        switch self {
        case .number(let number): "\(NumberFormat.shortest(number))"
        case .flag(let isOn): isOn ? "on" : "off"
        case .choice(let name): visible(name)
        }
    }
}
