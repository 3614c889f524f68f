import Protobuf
package import Tabular
package import TrainCore
import Wording

/// A trained network as one file for onnxruntime, with all that happens to a row before it and after it.
///
/// There is an input for each column of the table, and the outputs are what `traintui predict` says. The file is a
/// `ModelProto` of github.com/onnx/onnx, onnx/onnx.proto, from which the field numbers in this module are.
package struct ONNXModel {
    /// The file.
    package let bytes: [UInt8]

    /// The operators' version: that of `RegexFullMatch`, by which texts are known, and onnxruntime has it from 1.17 on.
    private static let operatorVersion = 20
    /// The format's version that came with it, in ONNX 1.15.
    private static let formatVersion = 9

    /// - Parameters:
    ///   - space: how a row becomes the network's input, and its output predictions.
    ///   - network: the layers.
    ///   - weights: their kernels and biases, which fit.
    ///   - program: the program's name and version.
    /// - Throws: ``ONNXExportError`` where there is something that ONNX has no words for.
    package init(
        _ space: FeatureSpace, _ network: Sequential, _ weights: [Weights], program: (name: String, version: String)
    ) throws(ONNXExportError) {
        var graph = ONNXGraph()
        let columns = try TableInputs(space, in: &graph)
        let features = columns.features(space, in: &graph)
        let output = try NetworkNodes(network, weights).append(to: &graph, features)
        let names = PredictionNodes(space, network).append(to: &graph, output)

        var operators = ProtobufMessage()
        operators.set(1, "")  // domain: the default one
        operators.set(2, Self.operatorVersion)  // version
        var model = ProtobufMessage()
        model.set(1, Self.formatVersion)  // ir_version
        model.set(2, program.name)  // producer_name
        model.set(3, program.version)  // producer_version
        model.set(7, graph.message(named: space.targets.map(\.name).joined(separator: ", ")))  // graph
        model.set(8, operators)  // opset_import
        let texts = [
            ("columns", list(columns.names)), ("targets", list(space.targets.map(\.name))), ("outputs", list(names)),
            ("classes", list(space.classNames)), ("program", "\(program.name) \(program.version)"),
        ]
        for (key, value) in texts {
            var entry = ProtobufMessage()
            entry.set(1, key)  // key
            entry.set(2, value)  // value
            model.set(14, entry)  // metadata_props
        }
        bytes = model.bytes
    }
}

/// Names as a list in JSON.
private func list(_ names: [String]) -> String { "[" + names.map(quoted).joined(separator: ",") + "]" }
