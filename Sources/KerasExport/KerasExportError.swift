/// Why a run cannot be written as a Keras script: one line that is safe to print.
package struct KerasExportError: Error, Equatable, CustomStringConvertible {
    /// What is wrong.
    package let description: String

    init(_ description: String) { self.description = description }
}
