/// All that can be typed behind `:`, for readers.
package enum CommandTable {
    /// The table of all commands for a README, in Markdown; the hyperparameters of a run have one each beside these.
    package static var markdown: String {
        let values = [
            ("lr 0.003", "any hyperparameter by its name: batch 64, epochs +5, layers.0.l2 *2, optimizer sgd"),
            ("lr 0.003 over 200", "move it there step by step"),
        ]
        let rows = values + TypedCommand.ofEveryRun.map { ($0.usage, $0.help) }
        return (["| command | does |", "|---|---|"] + rows.map { "| `\($0.0)` | \($0.1) |" }).joined(separator: "\n")
            + "\n"
    }
}
