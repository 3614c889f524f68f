import TrainCore
import Wording

/// The layers: `f(x · kernel + bias)`, one after the other. Dropout does nothing outside of the training.
struct NetworkNodes {
    private let network: Sequential
    private let weights: [String: Weights]

    /// - Parameter weights: those of all layers.
    init(_ network: Sequential, _ weights: [Weights]) {
        self.network = network
        self.weights = Dictionary(weights.map { ($0.name, $0) }) { $1 }
    }

    /// Appends the layers, and gives the last one's output.
    func append(to graph: inout ONNXGraph, _ input: ONNXGraph.Value) throws(ONNXExportError) -> ONNXGraph.Value {
        var value = input
        for (number, layer) in network.layers.enumerated() {
            let (kernel, bias) = (tensor("layers.\(number).kernel", &graph), tensor("layers.\(number).bias", &graph))
            let sum = graph.add("Gemm", value, kernel, bias, name: "layers.\(number)")
            value = try Self.append(type(of: layer.activation).name, to: &graph, sum)
        }
        return value
    }

    private func tensor(_ name: String, _ graph: inout ONNXGraph) -> ONNXGraph.Value {
        guard let weights = weights[name] else { preconditionFailure("the model has '\(name)'") }
        return graph.constant(ONNXTensor(weights.values, shape: weights.shape), name)
    }

    /// An activation by its name in the catalogue, with the constants that it has there.
    private static func append(
        _ activation: String, to graph: inout ONNXGraph, _ value: ONNXGraph.Value
    ) throws(ONNXExportError) -> ONNXGraph.Value {
        switch activation {
        case "linear": return value
        case "relu": return graph.add("Relu", value)
        case "leaky_relu": return graph.add("LeakyRelu", value, attributes: [("alpha", .float(0.2))])
        case "elu": return graph.add("Elu", value, attributes: [("alpha", .float(1))])
        case "selu":
            return graph.add(
                "Selu", value,
                attributes: [("alpha", .float(1.6732632423543772)), ("gamma", .float(1.0507009873554805))])
        case "gelu":
            // z Φ(z) = z (1 + erf(z / sqrt(2))) / 2
            let root = graph.constant(ONNXTensor(Float(2).squareRoot()), "root of 2")
            let error = graph.add("Erf", graph.add("Div", value, root))
            let one = graph.constant(ONNXTensor(Float(1)), "one")
            let half = graph.constant(ONNXTensor(Float(0.5)), "half")
            return graph.add("Mul", graph.add("Mul", value, half), graph.add("Add", error, one))
        case "silu": return graph.add("Mul", value, graph.add("Sigmoid", value))
        case "mish": return graph.add("Mul", value, graph.add("Tanh", graph.add("Softplus", value)))
        case "softplus": return graph.add("Softplus", value)
        case "tanh": return graph.add("Tanh", value)
        case "sigmoid": return graph.add("Sigmoid", value)
        case "softmax": return graph.add("Softmax", value, attributes: [("axis", .int(1))])
        default:
            throw ONNXExportError("the activation '\(visible(activation))' cannot be written for ONNX")
        }
    }
}
