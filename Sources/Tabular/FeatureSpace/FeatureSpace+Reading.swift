import JSONText
import Wording

// As strict as it can be: every member that is written must be there, once, and no other. Whatever the text is, what comes
// of it is a space that any row can be put through, or one line.
extension FeatureSpace {
    /// Reads what ``jsonText`` has written.
    ///
    /// - Throws: ``FeatureSpaceError`` where the text is anything else.
    public init(json: String) throws(FeatureSpaceError) {
        var scanner = JSONScanner(Array(json.utf8)[...])
        var object = try ObjectReader(&scanner, "the feature space")
        var format: Int?
        var reading: CellReading?
        var columns: [InputColumn]?
        var targets: [TargetColumn]?
        while let key = try object.next(&scanner) {
            switch key {
            case "format":
                let number = try object.read(&scanner) { (scanner) throws(JSONScanner.Fault) in try scanner.count() }
                guard number <= Self.format else {
                    throw FeatureSpaceError(
                        "has a feature space of format \(number); this program reads \(Self.format)")
                }
                format = number
            case "reading": reading = try object.word(&scanner)
            case "columns":
                columns = try object.list(&scanner) { (scanner) throws(FeatureSpaceError) in
                    try InputColumn(&scanner)
                }
            case "targets":
                targets = try object.list(&scanner) { (scanner) throws(FeatureSpaceError) in
                    try TargetColumn(&scanner)
                }
            default: throw object.unknown(key)
            }
        }
        do throws(JSONScanner.Fault) { try scanner.finish() } catch { throw object.fault }
        guard format == Self.format, let reading, let columns, let targets else { throw object.fault }
        guard !columns.isEmpty, !targets.isEmpty else {
            throw FeatureSpaceError("has a feature space without columns or without a target")
        }
        let names = columns.map(\.name) + targets.map(\.name)
        guard Set(names).count == names.count else {
            throw FeatureSpaceError("has a feature space with a column twice")
        }
        // Classes are told apart by one target, as everywhere.
        guard targets.count == 1 || targets.allSatisfy({ if case .classes = $0.coding { false } else { true } }) else {
            throw FeatureSpaceError("has a feature space with classes and other targets")
        }
        self.init(reading: reading, columns: columns, targets: targets)
    }
}

extension InputColumn {
    fileprivate init(_ scanner: inout JSONScanner) throws(FeatureSpaceError) {
        var object = try ObjectReader(&scanner, "a column")
        var name: String?
        var role: ColumnRole?
        var encoding: Encoding?
        while let key = try object.next(&scanner) {
            switch key {
            case "name": name = try object.text(&scanner)
            case "role": role = try object.word(&scanner)
            case "number" where encoding == nil: encoding = .number(try NumberEncoding(&scanner))
            case "ratio" where encoding == nil: encoding = .ratio(try RatioEncoding(&scanner))
            case "category" where encoding == nil: encoding = .category(try CategoryEncoding(&scanner))
            case "date" where encoding == nil: encoding = .date(try DateEncoding(&scanner))
            default: throw object.unknown(key)
            }
        }
        guard let name, let role, let encoding else { throw object.fault }
        let fits =
            switch encoding {
            case .number, .ratio: role == .number
            case .category: role == .category || role == .yesNo
            case .date: role == .date
            }
        guard fits else {
            throw FeatureSpaceError("has a column '\(visible(name, limit: 40))' whose role is not what is done to it")
        }
        self.init(name: name, role: role, encoding: encoding)
    }
}

extension NumberEncoding {
    fileprivate init(_ scanner: inout JSONScanner) throws(FeatureSpaceError) {
        var object = try ObjectReader(&scanner, "a number")
        var notation: NumberNotation?
        var fill: Float?
        var indicator: Bool?
        var scaling: FittedScaling?
        var edges: [Float] = []
        while let key = try object.next(&scanner) {
            switch key {
            case "notation": notation = try object.word(&scanner)
            case "fill": fill = try object.float(&scanner)
            case "gap_indicator": indicator = try object.flag(&scanner)
            case "scaling": scaling = try FittedScaling(&scanner)
            case "edges":
                edges = try object.list(&scanner) { (scanner) throws(FeatureSpaceError) in try object.float(&scanner) }
            default: throw object.unknown(key)
            }
        }
        guard let notation, let fill, let indicator, let scaling, edges.count != 1,
            zip(edges, edges.dropFirst()).allSatisfy(<)
        else { throw object.fault }
        self.init(notation: notation, fill: fill, hasGapIndicator: indicator, scaling: scaling, edges: edges)
    }
}

extension FittedScaling {
    fileprivate init(_ scanner: inout JSONScanner) throws(FeatureSpaceError) {
        var object = try ObjectReader(&scanner, "a scaling")
        var numbers: [String: Double] = [:]
        while let key = try object.next(&scanner) {
            guard ["mean", "deviation", "median", "scale"].contains(key) else { throw object.unknown(key) }
            numbers[key] = try object.number(&scanner)
        }
        switch (numbers.count, numbers["mean"], numbers["deviation"], numbers["median"], numbers["scale"]) {
        case (0, _, _, _, _): self = .none
        case (2, let mean?, let deviation?, _, _) where deviation > 0:
            self = .standard(mean: mean, deviation: deviation)
        case (2, _, _, let median?, let scale?) where scale >= 0: self = .robust(median: median, scale: scale)
        default: throw object.fault
        }
    }
}

extension RatioEncoding {
    fileprivate init(_ scanner: inout JSONScanner) throws(FeatureSpaceError) {
        var object = try ObjectReader(&scanner, "a ratio")
        var (above, below): (String?, String?)
        var (notationAbove, notationBelow): (NumberNotation?, NumberNotation?)
        var (fillAbove, fillBelow): (Float?, Float?)
        var result: NumberEncoding?
        while let key = try object.next(&scanner) {
            switch key {
            case "numerator": above = try object.text(&scanner)
            case "numerator_notation": notationAbove = try object.word(&scanner)
            case "numerator_fill": fillAbove = try object.float(&scanner)
            case "denominator": below = try object.text(&scanner)
            case "denominator_notation": notationBelow = try object.word(&scanner)
            case "denominator_fill": fillBelow = try object.float(&scanner)
            case "result": result = try NumberEncoding(&scanner)
            default: throw object.unknown(key)
            }
        }
        guard let above, let notationAbove, let below, let notationBelow, let result else { throw object.fault }
        self.init(
            numerator: above, numeratorNotation: notationAbove, numeratorFill: fillAbove, denominator: below,
            denominatorNotation: notationBelow, denominatorFill: fillBelow, result: result)
    }
}

extension CategoryEncoding {
    fileprivate init(_ scanner: inout JSONScanner) throws(FeatureSpaceError) {
        var object = try ObjectReader(&scanner, "a category")
        var levels: [String]?
        var coding: Coding?
        var (other, gap): (Bool?, Bool?)
        while let key = try object.next(&scanner) {
            switch key {
            case "levels": levels = try object.texts(&scanner)
            case "coding": coding = try object.word(&scanner)
            case "other": other = try object.flag(&scanner)
            case "gap": gap = try object.flag(&scanner)
            default: throw object.unknown(key)
            }
        }
        guard let levels, let coding, let other, let gap, !levels.isEmpty, coding == .oneHot || levels.count == 2 else {
            throw object.fault
        }
        self.init(levels: levels, coding: coding, hasOther: other, hasGap: gap)
    }
}

extension DateEncoding {
    fileprivate init(_ scanner: inout JSONScanner) throws(FeatureSpaceError) {
        var object = try ObjectReader(&scanner, "a date")
        var format: DateFormat?
        var parts: [Part]?
        var fill: Float?
        var scaling: FittedScaling?
        var indicator: Bool?
        while let key = try object.next(&scanner) {
            switch key {
            case "format": format = try object.word(&scanner)
            case "parts":
                let words = try object.texts(&scanner)
                parts = words.compactMap { Part(rawValue: $0) }
                guard parts?.count == words.count, Set(words).count == words.count else { throw object.fault }
            case "fill_year": fill = try object.float(&scanner)
            case "year_scaling": scaling = try FittedScaling(&scanner)
            case "gap_indicator": indicator = try object.flag(&scanner)
            default: throw object.unknown(key)
            }
        }
        guard let format, let parts, let fill, let scaling, let indicator, !parts.isEmpty || indicator else {
            throw object.fault
        }
        self.init(
            format: format, parts: parts, fillYear: fill, yearScaling: scaling, hasGapIndicator: indicator)
    }
}

extension TargetColumn {
    fileprivate init(_ scanner: inout JSONScanner) throws(FeatureSpaceError) {
        var object = try ObjectReader(&scanner, "a target")
        var name: String?
        var coding: Coding?
        while let key = try object.next(&scanner) {
            switch key {
            case "name": name = try object.text(&scanner)
            case "value" where coding == nil: coding = try Self.value(&scanner)
            case "classes" where coding == nil: coding = .classes(try object.texts(&scanner))
            case "two_classes" where coding == nil: coding = .twoClasses(try object.texts(&scanner))
            default: throw object.unknown(key)
            }
        }
        guard let name, let coding else { throw object.fault }
        switch coding {
        case .classes(let names): guard !names.isEmpty else { throw object.fault }
        case .twoClasses(let names): guard names.count == 2 else { throw object.fault }
        case .value: break
        }
        self.init(name: name, coding: coding)
    }

    private static func value(_ scanner: inout JSONScanner) throws(FeatureSpaceError) -> Coding {
        var object = try ObjectReader(&scanner, "a target's value")
        var (center, scale): (Double?, Double?)
        var notation: NumberNotation?
        while let key = try object.next(&scanner) {
            switch key {
            case "center": center = try object.number(&scanner)
            case "scale": scale = try object.number(&scanner)
            case "notation": notation = try object.word(&scanner)
            default: throw object.unknown(key)
            }
        }
        guard let center, let scale, let notation, scale > 0 else { throw object.fault }
        return .value(center: center, scale: scale, notation: notation)
    }
}
