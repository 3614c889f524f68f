import Tabular
import Testing
import TrainCore

@testable import ONNXExport

/// What the model says is compared with onnxruntime by the tests of the program.
@Suite struct ONNXModelTests {
    private static func number(_ name: String) -> String {
        """
        {"name":"\(name)","role":"number","number":{"notation":"point","fill":0,"gap_indicator":false,"scaling":{}}}
        """
    }

    private func model(
        _ columns: String..., target: String = "y", activation: any Activation = .linear
    ) throws -> ONNXModel {
        let space = try FeatureSpace(
            json: """
                {"format":1,"reading":"lenient","columns":[\(columns.joined(separator: ","))],"targets":[{"name":"\(target)",\
                "value":{"center":0,"scale":1,"notation":"point"}}]}
                """)
        let weights = [
            Weights(
                name: "layers.0.kernel", shape: [space.featureCount, 1],
                values: Array(repeating: 1, count: space.featureCount)),
            Weights(name: "layers.0.bias", shape: [1], values: [0]),
        ]
        return try ONNXModel(
            space, Sequential([Dense(1, activation: activation)]), weights, program: ("traintui", "1.2.3"))
    }

    private func refusal(_ columns: String..., activation: any Activation = .linear) throws -> String? {
        do {
            _ =
                try columns.count == 1
                ? model(columns[0], activation: activation) : model(columns[0], columns[1], activation: activation)
        } catch let error as ONNXExportError { return error.description }
        return nil
    }

    @Test("The same model is the same bytes, and names in it what made it")
    func bytes() throws {
        let bytes = try model(Self.number("x")).bytes
        #expect(try bytes == model(Self.number("x")).bytes)
        // ir_version 9, producer_name and producer_version.
        #expect(bytes.starts(with: [0x08, 9, 0x12, 8] + Array("traintui".utf8) + [0x1A, 5] + Array("1.2.3".utf8)))
    }

    @Test("Every activation of the catalogue can be written", arguments: Catalogue.activations.indices)
    func activations(index: Int) throws {
        #expect(try !model(Self.number("x"), activation: Catalogue.activations[index].init()).bytes.isEmpty)
    }

    @Test("A column's name stays its input's, whatever else is called so")
    func names() throws {
        let bytes = try model(Self.number("prediction"), Self.number("Gemm")).bytes
        #expect(String(decoding: bytes, as: UTF8.self).contains("prediction_2"))
    }

    @Test("What ONNX has not is refused in one line")
    func refusals() throws {
        struct Cube: Activation {
            static let name = "cube"
            static let keepsZero = true
            func forward(_ z: Matrix, _ a: Matrix) {}
            func backward(_ z: Matrix, _ a: Matrix, _ gradient: Matrix) {}
        }
        #expect(
            try refusal(Self.number("x"), activation: Cube()) == "the activation 'cube' cannot be written for ONNX")
        #expect(
            try refusal(Self.number("")) == "a column without a name cannot be an input of an ONNX model")
        let levels = #"{"levels":["a","b"],"coding":"sign","other":false,"gap":false}"#
        let category = #"{"name":"x","role":"category","category":\#(levels)}"#
        let ratio = #"""
            {"name":"r","role":"number","ratio":{"numerator":"x","numerator_notation":"point","denominator":"z",
            "denominator_notation":"point","result":{"notation":"point","fill":0,"gap_indicator":false,"scaling":{}}}}
            """#
        #expect(
            try refusal(ratio, category)
                == "the column 'x' is used as a number and as something else, "
                + "and an input of an ONNX model is one of both")
    }
}
