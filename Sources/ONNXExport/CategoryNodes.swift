import Tabular

// Levels as features, as ``Tabular/CategoryEncoding`` has it.
extension CategoryEncoding {
    /// The features of a column of texts.
    func append(
        to graph: inout ONNXGraph, texts: ONNXGraph.Value, _ name: String, _ patterns: TextPatterns
    ) -> [ONNXGraph.Value] {
        func matches(_ pattern: String, _ what: String) -> ONNXGraph.Value {
            graph.add("RegexFullMatch", texts, name: "\(name)\(what)", attributes: [("pattern", .text(pattern))])
        }
        let known = levels.map { matches(patterns.level($0), "=\($0)") }
        let gap = hasGap || hasOther ? matches(patterns.gap(levels: levels), " missing") : nil
        return features(&graph, known, gap)
    }

    /// The features of a column of 0 and 1.
    func append(to graph: inout ONNXGraph, numbers: ONNXGraph.Value, _ name: String) -> [ONNXGraph.Value] {
        let known = levels.map { level in
            let number = graph.constant(ONNXTensor(Float(level) ?? .infinity), "\(name) level")
            return graph.add("Equal", numbers, number, name: "\(name)=\(level)")
        }
        let gap = hasGap || hasOther ? graph.add("IsNaN", numbers, name: "\(name) missing") : nil
        return features(&graph, known, gap)
    }

    private func features(
        _ graph: inout ONNXGraph, _ known: [ONNXGraph.Value], _ gap: ONNXGraph.Value?
    ) -> [ONNXGraph.Value] {
        let numbers = known.map { graph.cast($0, to: .float) }
        var features = coding == .sign ? [graph.add("Sub", numbers[1], numbers[0])] : numbers
        guard let gap else { return features }
        if hasOther {
            let isNamed = (known + [gap]).reduce(nil as ONNXGraph.Value?) { named, next in
                named.map { graph.add("Or", $0, next) } ?? next
            }
            if let isNamed { features.append(graph.cast(graph.add("Not", isNamed), to: .float)) }
        }
        if hasGap { features.append(graph.cast(gap, to: .float)) }
        return features
    }
}
