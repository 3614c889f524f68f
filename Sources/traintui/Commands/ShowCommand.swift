import ArgumentParser
import Canvas
import FileAccess
import JobFile
import Tabular
import TrainCore
import Wording

/// `traintui show`: what a saved model predicts, and from what.
struct ShowCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Say what a saved model predicts, and from what.")

    @Argument(help: "A model that --save wrote.", completion: .file(extensions: ["safetensors"]))
    var model: String

    func run(in outside: Outside) throws {
        outside.output.answer(ModelText(try SavedModel(model)).text)
    }
}

/// A saved model as lines for people.
struct ModelText {
    private let model: SavedModel

    init(_ model: SavedModel) { self.model = model }

    /// Lines with an end each.
    var text: String {
        let job = model.recipe.job
        let layers = job.model.layers.map { layer in
            let name = type(of: layer.activation).name
            return "\(layer.units)" + (name == "linear" ? "" : " \(name)")
        }
        let features = model.featureSpace.featureCount
        var lines = [
            "predicts  \(targets)",
            "network   \(([String(features)] + layers).joined(separator: " → ")), \(type(of: job.loss).name)",
            "trained   on \(visible(model.dataName, limit: 40))\(sha256), seed \(job.seed)",
        ]
        for (index, line) in (model.scores?.lines ?? []).enumerated() {
            lines.append((index == 0 ? "scores    " : "          ") + line)
        }
        let possible = model.exports.filter { $0.objection == nil }.map(\.option)
        lines.append("exports   \(possible.isEmpty ? "to nothing" : possible.joined(separator: ", "))")
        for objection in model.exports.compactMap(\.objection) {
            lines.append(String(repeating: " ", count: 10) + objection)
        }
        lines += ["", "needs"]
        let rows = model.featureSpace.columns.map { column in
            (
                visible(column.sources.joined(separator: " / "), limit: 60), column.role.title,
                "\(column.featureCount) feature\(column.featureCount == 1 ? "" : "s")"
            )
        }
        let widths = (
            rows.map { SafeText($0.0).width }.max() ?? 0, rows.map { SafeText($0.1).width }.max() ?? 0
        )
        for row in rows {
            let blanks = (
                String(repeating: " ", count: widths.0 - SafeText(row.0).width),
                String(repeating: " ", count: widths.1 - SafeText(row.1).width)
            )
            lines.append("  \(row.0)\(blanks.0)  \(row.1)\(blanks.1)  \(row.2)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var targets: String {
        model.featureSpace.targets.map { target in
            let name = "'\(visible(target.name, limit: 40))'"
            let classes = target.classNames
            guard !classes.isEmpty else { return name }
            let shown = classes.prefix(10).map { visible($0, limit: 30) }.joined(separator: ", ")
            return "\(name): \(shown)" + (classes.count > 10 ? " and \(classes.count - 10) more" : "")
        }.joined(separator: "; ")
    }

    private var sha256: String { model.dataSHA256.map { " (sha256 \(visible($0, limit: 12)))" } ?? "" }
}
