import Tabular
import TrainCore

/// What the network's outputs stand for, as ``Tabular/FeatureSpace/predictions(_:units:)`` has it.
///
/// Of one target, `prediction` in its own unit, or `label` and `probabilities`. Of several, the same with the target's name
/// behind: `prediction_height`.
struct PredictionNodes {
    private let space: FeatureSpace
    private let units: Int
    private let isSoftmax: Bool

    init(_ space: FeatureSpace, _ network: Sequential) {
        self.space = space
        units = network.layers.last?.units ?? 0
        isSoftmax = network.layers.last?.activation is Softmax
    }

    /// Appends them, and gives the outputs' names.
    func append(to graph: inout ONNXGraph, _ output: ONNXGraph.Value) -> [String] {
        var names: [String] = []
        for (index, target) in space.targets.enumerated() {
            let suffix = space.targets.count > 1 ? "_\(target.name)" : ""
            switch target.coding {
            case .value(let center, let scale, _):
                let own = graph.cast(columns([index], of: output, &graph), to: .double)
                let value = graph.add(
                    "Add", graph.add("Mul", own, graph.double(scale)), graph.double(center))
                names.append(
                    graph.output(graph.cast(value, to: .float), "prediction\(suffix)", .float, columns: 1))
            case .twoClasses(let classes):
                let own = columns([index], of: output, &graph)
                let (zero, one) = (number(0, &graph), number(1, &graph))
                let second = graph.add("Clip", own, zero, one)
                let both = graph.add(
                    "Concat", graph.add("Sub", one, second), second, attributes: [("axis", .int(1))])
                let isSecond = graph.add("Greater", own, number(0.5, &graph))
                let place = flat(graph.cast(isSecond, to: .int64), &graph)
                names += outputs(classes, place, both, suffix, &graph)
            case .classes(let classes):
                let own = columns(Array(classes.indices), of: output, &graph)
                // The first of several that are the greatest.
                let place = graph.add(
                    "ArgMax", own, attributes: [("axis", .int(1)), ("keepdims", .int(0))])
                let sumsToOne = isSoftmax && classes.count == units
                names += outputs(classes, place, sumsToOne ? own : shares(own, &graph), suffix, &graph)
            }
        }
        return names
    }

    private func outputs(
        _ classes: [String], _ place: ONNXGraph.Value, _ probabilities: ONNXGraph.Value, _ suffix: String,
        _ graph: inout ONNXGraph
    ) -> [String] {
        let names = graph.constant(ONNXTensor(classes), "classes\(suffix)")
        return [
            graph.output(graph.add("Gather", names, place), "label\(suffix)", .string, columns: nil),
            graph.output(probabilities, "probabilities\(suffix)", .float, columns: classes.count),
        ]
    }

    private func number(_ number: Float, _ graph: inout ONNXGraph) -> ONNXGraph.Value {
        graph.constant(ONNXTensor(number), "\(number)f")
    }

    /// A value a row, without columns.
    private func flat(_ value: ONNXGraph.Value, _ graph: inout ONNXGraph) -> ONNXGraph.Value {
        graph.add("Squeeze", value, graph.constant(ONNXTensor([1]), "axes"))
    }

    private func columns(
        _ wanted: [Int], of output: ONNXGraph.Value, _ graph: inout ONNXGraph
    ) -> ONNXGraph.Value {
        if wanted == Array(0..<units) { return output }
        let places = graph.constant(ONNXTensor(wanted), "places")
        return graph.add("Gather", output, places, attributes: [("axis", .int(1))])
    }

    /// Outputs that are no probabilities cut to 1e-7 ... 1 - 1e-7 and brought to a sum of 1, row by row.
    private func shares(_ own: ONNXGraph.Value, _ graph: inout ONNXGraph) -> ONNXGraph.Value {
        let axes = graph.constant(ONNXTensor([1]), "axes")
        let sum = graph.add("ReduceSum", own, axes)
        let least = graph.add("ReduceMin", own, axes)
        let distance = graph.add("Abs", graph.add("Sub", sum, number(1, &graph)))
        let isFine = graph.add(
            "And", graph.add("Less", distance, number(1e-3, &graph)),
            graph.add("GreaterOrEqual", least, number(0, &graph)))
        let cut = graph.add("Clip", own, number(1e-7, &graph), number(1 - 1e-7, &graph))
        let brought = graph.add("Div", cut, graph.add("ReduceSum", cut, axes))
        return graph.add("Where", isFine, own, brought)
    }
}
