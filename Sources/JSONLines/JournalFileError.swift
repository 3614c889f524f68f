/// Why a journal could not be read, in one line that is safe to print: `journal.jsonl:7: 'step' must be …`.
package struct JournalFileError: Error, CustomStringConvertible, Equatable, Sendable {
    /// The line to print.
    package let description: String

    init(_ description: String) { self.description = description }
}
