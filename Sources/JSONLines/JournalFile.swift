package import TrainProtocol
import Wording

/// What stands in a journal: JSON lines, a header and then an entry a line, each written when it happened.
///
/// ```
/// {"event":"begin","format":2,"program":"traintui 0.1.0",…,"job":"seed = 42\n…"}
/// {"event":"epoch","step":343,"epoch":1,"mean_loss":"3ff2f3e1c8a3d70a","weights":"9b1c5d2e7f804a36"}
/// {"event":"edit","step":700,"number":1,"name":"learning_rate","old":0.01,"new":0.005}
/// {"event":"edit","step":800,"number":2,"name":"optimizer","old":"nadam","new":"adam"}
/// {"event":"back","step":905,"cause":"undo","to_step":800,"to_edits":1,"branch":2}
/// ```
///
/// Whether its entries can have happened in that order is not its business but ``TrainProtocol/Timeline``'s.
package struct JournalFile: Sendable, Equatable {
    /// What the run began with.
    package let header: JournalHeader
    /// What happened.
    package let entries: [JournalEntry]
    /// Whether the journal does not tell the run's end: the program was ended from outside, or its last line is not
    /// whole.
    package let isCutOff: Bool

    /// Reads a journal's bytes. A last line without a line end was cut off while it was written, and is left out.
    ///
    /// - Parameter file: what to call it in errors.
    /// - Throws: what else is wrong, with the line that it stands in.
    package init(_ bytes: some Collection<UInt8>, file: String) throws(JournalFileError) {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // What stands behind the last line end.
        lines.removeLast()
        guard let first = lines.first else {
            let name = visible(file)
            throw JournalFileError(
                bytes.isEmpty
                    ? "\(name): is empty; expected a journal"
                    : "\(name):1: expected a journal's header; this is none, or one that was cut off")
        }
        var reader = try LineReader(first, file: file, line: 1)
        header = try JournalHeader(&reader)
        var entries: [JournalEntry] = []
        for (index, line) in lines.enumerated().dropFirst() {
            var reader = try LineReader(line, file: file, line: index + 1)
            reader.format = header.format
            entries.append(try JournalEntry(&reader))
        }
        self.entries = entries
        isCutOff = if case .ended? = entries.last { false } else { true }
    }
}
