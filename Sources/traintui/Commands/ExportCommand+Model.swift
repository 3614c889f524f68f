import FileAccess
import KerasExport
import ONNXExport
import Wording

// A saved model for other programs.
extension ExportCommand {
    /// Writes a model as a file for onnxruntime.
    func writeONNX(_ model: String, to path: String, _ outside: Outside) throws(Failure) {
        try check(model, output: path, named: "--onnx", outside.calls)
        let file = try SavedModel(model).onnx()
        do throws(FileError) { try WholeFile(path, outside.calls).write(file.bytes) } catch {
            throw Failure(unwritten: error)
        }
    }

    /// Writes a model as a script for Keras.
    func writeModelScript(_ model: String, _ outside: Outside) throws(Failure) {
        guard data == nil, options.initialWeights == nil else {
            throw Failure(.usage, "--data and --init are for a run's journal; \(visible(model)) is a model")
        }
        try check(model, output: output, named: "--output", outside.calls)
        try write(SavedModel(model).kerasScript().text, outside)
    }

    /// Throws where a file would be written over the model.
    private func check(_ model: String, output: String?, named name: String, _ calls: SystemCalls) throws(Failure) {
        var paths = CommandPaths(calls)
        do throws(CommandPaths.PathError) {
            try paths.add(model, as: "the model", .reads)
            if let output { try paths.add(output, as: name, .writes) }
        } catch {
            throw Failure(error)
        }
        guard let output else { return }
        do throws(FileError) { try WholeFile(output, calls).check() } catch { throw Failure(unwritten: error) }
    }
}
