import Wording

// A feature space as one JSON object, always in the same order: equal spaces are equal texts.
//
// Numbers are written with as many digits as it takes to read the same bits again.
extension FeatureSpace {
    /// The format that is written. A later one is refused by readers that do not know it.
    static let format = 1

    /// The space as JSON, which ``init(json:)`` reads to an equal one.
    public var jsonText: String {
        object([
            ("format", "\(Self.format)"), ("reading", quoted(reading.rawValue)),
            ("columns", list(columns.map(\.json))), ("targets", list(targets.map(\.json))),
        ])
    }
}

private func object(_ members: [(String, String)]) -> String {
    "{" + members.map { "\(quoted($0)):\($1)" }.joined(separator: ",") + "}"
}

private func list(_ elements: [String]) -> String { "[" + elements.joined(separator: ",") + "]" }

extension InputColumn {
    fileprivate var json: String {
        let encoded =
            switch encoding {
            case .number(let number): ("number", number.json)
            case .ratio(let ratio): ("ratio", ratio.json)
            case .category(let category): ("category", category.json)
            case .date(let date): ("date", date.json)
            }
        return object([("name", quoted(name)), ("role", quoted(role.rawValue)), encoded])
    }
}

extension NumberEncoding {
    fileprivate var json: String {
        var members = [
            ("notation", quoted(notation.rawValue)), ("fill", "\(fill)"), ("gap_indicator", "\(hasGapIndicator)"),
            ("scaling", scaling.json),
        ]
        if !edges.isEmpty { members.append(("edges", list(edges.map { "\($0)" }))) }
        return object(members)
    }
}

extension FittedScaling {
    fileprivate var json: String {
        switch self {
        case .none: object([])
        case .standard(let mean, let deviation): object([("mean", "\(mean)"), ("deviation", "\(deviation)")])
        case .robust(let median, let scale): object([("median", "\(median)"), ("scale", "\(scale)")])
        }
    }
}

extension RatioEncoding {
    fileprivate var json: String {
        var members = [("numerator", quoted(numerator)), ("numerator_notation", quoted(numeratorNotation.rawValue))]
        if let numeratorFill { members.append(("numerator_fill", "\(numeratorFill)")) }
        members += [
            ("denominator", quoted(denominator)), ("denominator_notation", quoted(denominatorNotation.rawValue)),
        ]
        if let denominatorFill { members.append(("denominator_fill", "\(denominatorFill)")) }
        return object(members + [("result", result.json)])
    }
}

extension CategoryEncoding {
    fileprivate var json: String {
        object([
            ("levels", list(levels.map(quoted))), ("coding", quoted(coding.rawValue)), ("other", "\(hasOther)"),
            ("gap", "\(hasGap)"),
        ])
    }
}

extension DateEncoding {
    fileprivate var json: String {
        object([
            ("format", quoted(format.rawValue)), ("parts", list(parts.map { quoted($0.rawValue) })),
            ("fill_year", "\(fillYear)"), ("year_scaling", yearScaling.json), ("gap_indicator", "\(hasGapIndicator)"),
        ])
    }
}

extension TargetColumn {
    fileprivate var json: String {
        let coded =
            switch coding {
            case .value(let center, let scale, let notation):
                (
                    "value",
                    object([
                        ("center", "\(center)"), ("scale", "\(scale)"), ("notation", quoted(notation.rawValue)),
                    ])
                )
            case .classes(let names): ("classes", list(names.map(quoted)))
            case .twoClasses(let names): ("two_classes", list(names.map(quoted)))
            }
        return object([("name", quoted(name)), coded])
    }
}
