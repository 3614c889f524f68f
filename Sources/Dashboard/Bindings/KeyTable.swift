/// All keys. To add one, add a record to the list that it belongs to.
enum KeyTable {
    /// The records, in the order of the help; the first one that matches and applies is meant.
    static let all: [KeyBinding] = runKeys + timeKeys + compareKeys + changeKeys + insideKeys + lookKeys + programKeys
}

extension KeyBinding {
    /// The table of all keys for a README, in Markdown.
    package static var markdownTable: String {
        let rows = KeyTable.all.map { binding in
            let keys = binding.label.map { ["`\($0)`"] } ?? binding.keys.map { "`\($0.label)`" }
            return "| \(keys.joined(separator: " ")) | \(binding.help) |"
        }
        return (["| key | does |", "|---|---|"] + rows).joined(separator: "\n") + "\n"
    }
}
