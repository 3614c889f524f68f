import ArgumentParser
import JobFile
import KerasExport
import ONNXExport
import Tabular
import TrainCore
import Wording

// A model as what other programs read.
extension SavedModel {
    /// The model for onnxruntime.
    ///
    /// - Throws: ``Failure`` where there is something that ONNX has no words for.
    func onnx() throws(Failure) -> ONNXModel {
        do throws(ONNXExportError) {
            return try ONNXModel(featureSpace, recipe.job.model, weights, program: Traintui.nameAndVersion)
        } catch {
            throw Failure(.badData, "\(visible(path)): \(error)")
        }
    }

    /// The model as a script for Keras.
    ///
    /// - Throws: ``Failure`` where it has something that there is none of in Keras.
    func kerasScript() throws(Failure) -> KerasModelScript {
        do throws(KerasExportError) {
            return try KerasModelScript(
                featureSpace, recipe.job.model, modelFile: path, program: Traintui.configuration.version)
        } catch {
            throw Failure(.badData, "\(visible(path)): \(error)")
        }
    }

    /// What it can be exported to, by the options that do it, or why not.
    var exports: [(option: String, objection: String?)] {
        [
            ("--onnx", objection { () throws(Failure) in _ = try onnx() }),
            ("--keras", objection { () throws(Failure) in _ = try kerasScript() }),
        ]
    }

    private func objection(_ export: () throws(Failure) -> Void) -> String? {
        do throws(Failure) {
            try export()
            return nil
        } catch {
            return error.line
        }
    }
}
