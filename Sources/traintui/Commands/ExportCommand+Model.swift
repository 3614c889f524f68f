import FileAccess
import JobFile
import ONNXExport
import Tabular
import TrainCore
import Wording

// A saved model for other programs.
extension ExportCommand {
    /// Writes a model as a file for onnxruntime.
    func writeONNX(_ model: String, to path: String, _ outside: Outside) throws(Failure) {
        try check(model, output: path, named: "--onnx", outside.calls)
        let saved = try SavedModel(model)
        let file: ONNXModel
        do throws(ONNXExportError) {
            file = try ONNXModel(
                saved.featureSpace, saved.recipe.job.model, saved.weights, program: Traintui.nameAndVersion)
        } catch {
            throw Failure(.badData, "\(visible(model)): \(error)")
        }
        do throws(FileError) { try WholeFile(path, outside.calls).write(file.bytes) } catch {
            throw Failure(unwritten: error)
        }
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
