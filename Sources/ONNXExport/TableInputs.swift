import Tabular
import Wording

/// The inputs of a model: one for each column of the table that it needs, by the column's name.
struct TableInputs {
    /// The names, in the order of the features.
    let names: [String]
    private let values: [String: ONNXGraph.Value]

    /// What a column comes in as.
    private enum Kind {
        case number
        case text
        case date

        var element: ONNXElement {
            switch self {
            case .number: .float
            case .text: .string
            case .date: .double
            }
        }

        /// What the caller is to give, in words.
        var documentation: String {
            switch self {
            case .number: "a number; NaN is a gap"
            case .text: "a text; an empty one is a gap"
            case .date: "days since 1970-01-01, with the time of the day as a fraction of one; NaN is a gap"
            }
        }
    }

    /// Adds the inputs to a graph that has nothing yet.
    init(_ space: FeatureSpace, in graph: inout ONNXGraph) throws(ONNXExportError) {
        var kinds: [String: Kind] = [:]
        var names: [String] = []
        for column in space.columns {
            let kind: Kind =
                switch column.encoding {
                case .number, .ratio: .number
                case .category: column.isOfNumbers ? .number : .text
                case .date: .date
                }
            for name in column.sources {
                guard !name.isEmpty else {
                    throw ONNXExportError("a column without a name cannot be an input of an ONNX model")
                }
                guard kinds[name, default: kind] == kind else {
                    throw ONNXExportError(
                        "the column '\(visible(name, limit: 40))' is used as a number and as something else, and an "
                            + "input of an ONNX model is one of both")
                }
                if kinds.updateValue(kind, forKey: name) == nil { names.append(name) }
            }
        }
        var values: [String: ONNXGraph.Value] = [:]
        for name in names {
            guard let kind = kinds[name] else { continue }
            values[name] = graph.input(name, kind.element, kind.documentation)
        }
        self.names = names
        self.values = values
    }

    private func value(_ name: String) -> ONNXGraph.Value {
        guard let value = values[name] else { preconditionFailure("every column has an input") }
        return value
    }

    /// The network's input: rows x features.
    func features(_ space: FeatureSpace, in graph: inout ONNXGraph) -> ONNXGraph.Value {
        var features: [ONNXGraph.Value] = []
        for column in space.columns {
            switch column.encoding {
            case .number(let number): features += number.append(to: &graph, value(column.name), column.name)
            case .ratio(let ratio):
                features += ratio.append(
                    to: &graph, value(ratio.numerator), value(ratio.denominator), column.name)
            case .category(let category):
                features +=
                    column.isOfNumbers
                    ? category.append(to: &graph, numbers: value(column.name), column.name)
                    : category.append(
                        to: &graph, texts: value(column.name), column.name,
                        TextPatterns(space.reading, isYesNo: column.role == .yesNo))
            case .date(let date): features += date.append(to: &graph, value(column.name), column.name)
            }
        }
        return graph.add("Concat", features, name: "features", attributes: [("axis", .int(1))])
    }
}
