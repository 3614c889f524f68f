import Tabular

// Numbers as features, as ``Tabular/NumberEncoding`` has it: computed in double and rounded once.
extension NumberEncoding {
    /// The features of a column of floats.
    func append(to graph: inout ONNXGraph, _ value: ONNXGraph.Value, _ name: String) -> [ONNXGraph.Value] {
        let isPresent = graph.isFinite(value)
        let filling = graph.constant(ONNXTensor(fill), "\(name) fill")
        let filled = graph.add("Where", isPresent, value, filling)
        let scaled = scaling.append(to: &graph, filled)
        var features = [scaled]
        if hasGapIndicator {
            features.append(graph.cast(graph.add("Not", isPresent, name: "\(name) missing"), to: .float))
        }
        if pieces > 0 { features.append(parts(of: scaled, &graph, name)) }
        return features
    }

    /// How far through each piece a scaled number is, from 0 to 1: all pieces side by side.
    private func parts(
        of scaled: ONNXGraph.Value, _ graph: inout ONNXGraph, _ name: String
    ) -> ONNXGraph.Value {
        func row(_ values: [Float], _ what: String) -> ONNXGraph.Value {
            graph.constant(ONNXTensor(values, shape: [1, values.count]), "\(name) \(what)")
        }
        let starts = row(Array(edges.dropLast()), "pieces' starts")
        let lengths = row(zip(edges, edges.dropFirst()).map { $1 - $0 }, "pieces' lengths")
        let part = graph.add("Div", graph.add("Sub", scaled, starts), lengths)
        let (zero, one) = (graph.constant(ONNXTensor(Float(0)), "zero"), graph.constant(ONNXTensor(Float(1)), "one"))
        return graph.add("Clip", part, zero, one, name: "\(name) pieces")
    }
}

extension RatioEncoding {
    /// The features of one column divided by another.
    func append(
        to graph: inout ONNXGraph, _ above: ONNXGraph.Value, _ below: ONNXGraph.Value, _ name: String
    ) -> [ONNXGraph.Value] {
        let above = graph.filled(above, with: numeratorFill, numerator)
        let below = graph.filled(below, with: denominatorFill, denominator)
        return result.append(to: &graph, graph.add("Div", above, below, name: name), name)
    }
}

extension FittedScaling {
    /// The floats in their places.
    func append(to graph: inout ONNXGraph, _ value: ONNXGraph.Value) -> ONNXGraph.Value {
        if case .none = self { return value }
        let number = graph.cast(value, to: .double)
        switch self {
        case .none: return value
        case .standard(let mean, let deviation):
            let distance = graph.add("Sub", number, graph.double(mean))
            return graph.cast(graph.add("Div", distance, graph.double(deviation)), to: .float)
        case .robust(let median, let scale):
            let distance = graph.add(
                "Mul", graph.add("Sub", number, graph.double(median)), graph.double(scale))
            let third = graph.add("Div", distance, graph.double(3))
            let square = graph.add("Add", graph.double(1), graph.add("Mul", third, third))
            return graph.cast(graph.add("Div", distance, graph.add("Sqrt", square)), to: .float)
        }
    }
}

extension ONNXGraph {
    /// Where a float is a number: neither NaN nor infinite.
    mutating func isFinite(_ value: Value) -> Value {
        let greatest = constant(ONNXTensor(Float.greatestFiniteMagnitude), "greatest")
        return add("LessOrEqual", add("Abs", value), greatest)
    }

    /// Gaps filled with a number; NaN where there is none.
    fileprivate mutating func filled(_ value: Value, with fill: Float?, _ name: String) -> Value {
        let filling = constant(ONNXTensor(fill ?? .nan), "\(name) fill")
        return add("Where", isFinite(value), value, filling)
    }
}
