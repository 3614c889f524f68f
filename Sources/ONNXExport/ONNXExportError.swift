/// Why a model cannot be written for ONNX: one line that is safe to print.
package struct ONNXExportError: Error, Equatable, CustomStringConvertible {
    /// What is wrong.
    package let description: String

    init(_ description: String) { self.description = description }
}
