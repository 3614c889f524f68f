package import JobFile
package import Tabular
import TrainCore
package import TrainProtocol

/// A run as one Python file for Keras: the custom training loop of *Hands-On Machine Learning*, chapter 12, with the
/// run's data, batches, initial weights and edits.
///
/// It needs numpy, Keras 3 and TensorFlow, and nothing of this program. Its text is what a person would write for that
/// one run: whatever the run does without is not in it.
package struct KerasScript {
    let recipe: Recipe
    let data: PreparedData
    let title: String
    let tableFile: String
    let initialWeights: String?
    let bestStep: Int?
    let program: String

    /// - Parameters:
    ///   - recipe: the job.
    ///   - data: the job's data.
    ///   - title: the job in a word or two.
    ///   - entries: what the run's journal tells; nil for a run from its first step to its last that nobody touched.
    ///   - tableFile: the CSV file that the script reads where none is named on its command line.
    ///   - initialWeights: the safetensors file that the run began with; nil where the initializers gave the weights.
    ///   - bestStep: the step whose weights count in the end; nil where the last ones do. What the validation said is in no
    ///     journal, so the script is told.
    ///   - program: the program and its version, as the author.
    /// - Throws: ``KerasExportError`` where the journal tells what cannot have happened to the job, and where the job has
    ///   something that there is none of in Keras.
    package init(
        _ recipe: Recipe, data: PreparedData, title: String, entries: [JournalEntry]? = nil, tableFile: String,
        initialWeights: String? = nil, bestStep: Int? = nil, program: String
    ) throws(KerasExportError) {
        self.recipe = recipe
        self.data = data
        self.title = title
        self.tableFile = tableFile
        self.initialWeights = initialWeights
        self.bestStep = bestStep
        self.program = program
        if recipe.data.roles != nil, recipe.data.missing == .drop {
            throw KerasExportError(
                "a run with automatic roles and missing = \"drop\" cannot be exported; missing = \"median\" can")
        }
        try KerasNames.check(recipe.job, hasInitialWeights: initialWeights != nil)
        edits = try ScriptEdits(entries, job: recipe.job, rows: data.training.rows)
    }

    let edits: ScriptEdits

    var job: TrainingJob { recipe.job }

    /// The file's text.
    package var text: String {
        let rows = recipe.data.roles == nil ? [table, split, features] : [judgedTable, judgedRows]
        let sections = [header, imports, randomNumbers] + rows + [model, optimizer, step, changes, loop]
        return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    private var header: [String] {
        var lines = [
            "\"\"\"\(Python.comment(title)): a training loop for Keras, written by \(program).",
            "",
            "It needs numpy, Keras 3 and TensorFlow. The rows are read from the file that is named on the",
            "command line, or from \(Python.comment(tableFile)).",
        ]
        if case .builtin = recipe.data.source {
            lines.append("`traintui export --keras JOURNAL --data \(Python.comment(tableFile))` writes that file.")
        }
        lines += [
            "",
            "Batches and initial weights are those that traintui draws from the same seed, so the means of",
            "the epochs are the same, too.",
        ]
        if job.model.layers.contains(where: { $0.dropout > 0 }) {
            lines[lines.count - 1] =
                "the epochs would be the same, too, were it not for dropout: Keras drops other units."
        }
        lines += judgedNotes
        if edits.count > 0 { lines += ["", "The edits that were made while it trained are in make_edits."] }
        if edits.moves > 0 {
            let times = edits.moves == 1 ? "once" : "\(edits.moves) times"
            lines += ["", "The run went back or to another branch \(times); this is the way on which it ended."]
        }
        if edits.leftOut > 0 {
            let leftOut = edits.leftOut == 1 ? "One edit is" : "\(edits.leftOut) edits are"
            lines.append("\(leftOut) no part of that way and left out.")
        }
        if bestStep != nil {
            lines += [
                "",
                "In the end the model has the weights of the step after which the validation loss was lowest, as of",
                "Keras's EarlyStopping with restore_best_weights.",
            ]
        }
        return lines + ["\"\"\""]
    }

    private var imports: [String] {
        var modules = ["csv", "os", "sys"]
        if initialWeights != nil { modules.append("json") }
        if needsMathModule { modules.append("math") }
        if recipe.data.roles != nil { modules += judgedPreparation.modules }
        var lines = modules.sorted().map { "import \($0)" }
        if usesTruncatedNormal { lines.append("from statistics import NormalDist") }
        return lines + [
            "", "os.environ[\"KERAS_BACKEND\"] = \"tensorflow\"  # the loop uses its GradientTape", "", "import keras",
            "import numpy as np", "import tensorflow as tf", "", "SEED = \(job.seed)",
        ]
    }
}
