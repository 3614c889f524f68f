import TrainCore
import Wording

/// Fits the columns of a ``FeatureSpace`` to the training rows of a table: it looks at no others.
struct FeatureFitter {
    let table: RawTable
    /// For each row whether it is to train with.
    let isTraining: [Bool]
    let scaling: Scaling
    /// Whether a gap is filled with the mean of the others, not with the median.
    let fillsMean: Bool
    /// Pieces that numbers are given in too; 0 for none.
    let pieces: Int
    /// What a person should know.
    private(set) var warnings: [String] = []
    private let rows: Int

    init(_ table: RawTable, isTraining: [Bool], scaling: Scaling, fillsMean: Bool, pieces: Int) {
        self.table = table
        self.isTraining = isTraining
        self.scaling = scaling
        self.fillsMean = fillsMean
        self.pieces = pieces
        rows = isTraining.count { $0 }
    }

    /// A column's features; nil where they would be the same in every training row, of which there is a warning.
    mutating func fit(slot: Int, _ judgement: ColumnJudgement) throws(DataError) -> InputColumn? {
        let name = table.name(of: slot)
        let encoding: InputColumn.Encoding?
        switch judgement.role {
        case .number: encoding = try number(slot, judgement.notation).map { .number($0) }
        case .yesNo: encoding = try yesNo(slot, judgement).map { .category($0) }
        case .category: encoding = category(slot).map { .category($0) }
        case .date: encoding = date(slot, judgement.format).map { .date($0) }
        case .identifier, .text, .constant, .empty, .ignore: return nil
        }
        guard let encoding else {
            warnings.append(
                "the column '\(visible(name))' is left out: in every row to train with it is the same or missing")
            return nil
        }
        return InputColumn(name: name, role: judgement.role, encoding: encoding)
    }

    /// A ratio's features; nil where they would be the same in every training row.
    mutating func fit(
        _ ratio: DerivedColumn, above: Int, below: Int, _ notations: (NumberNotation, NumberNotation)
    ) throws(DataError) -> InputColumn? {
        var values: [Float] = []
        try eachTrainingRow { numbers in
            let value = numbers[above] / numbers[below]
            if value.isFinite { values.append(value) }
        }
        guard let result = number(values, .point) else {
            warnings.append("the derived column '\(visible(ratio.name))' is left out: it is the same in every row")
            return nil
        }
        let encoding = RatioEncoding(
            numerator: ratio.numerator, numeratorNotation: notations.0, numeratorFill: nil,
            denominator: ratio.denominator, denominatorNotation: notations.1, denominatorFill: nil, result: result)
        return InputColumn(name: ratio.name, role: .number, encoding: .ratio(encoding))
    }

    // MARK: Numbers

    private func eachTrainingRow(_ body: (UnsafePointer<Float>) -> Void) throws(DataError) {
        try table.numbers.eachRow { row, numbers throws(DataError) in if isTraining[row] { body(numbers) } }
    }

    private func number(_ slot: Int, _ notation: NumberNotation) throws(DataError) -> NumberEncoding? {
        var values: [Float] = []
        values.reserveCapacity(rows)
        try eachTrainingRow { if $0[slot].isFinite { values.append($0[slot]) } }
        return number(values, notation)
    }

    private func number(_ present: [Float], _ notation: NumberNotation) -> NumberEncoding? {
        let values = present.sortedInOrder()
        let hasIndicator = isOften(gaps: rows - values.count)
        guard let least = values.first, let greatest = values.last, least < greatest || hasIndicator else { return nil }
        let scaling = FittedScaling.measure(scaling, values)
        return NumberEncoding(
            notation: notation, fill: fill(values), hasGapIndicator: hasIndicator, scaling: scaling,
            edges: NumberEncoding.edges(pieces, scaling, values))
    }

    private func fill(_ sorted: [Float]) -> Float {
        Float(fillsMean ? FittedScaling.moments(sorted).mean : FittedScaling.quantile(0.5, sorted))
    }

    private func isOften(gaps: Int) -> Bool {
        gaps > 0 && gaps < rows && Double(gaps) >= NumberEncoding.indicatorShare * Double(rows)
    }

    // MARK: Levels

    /// The training rows of each of the column's texts.
    private func counts(_ texts: TextColumn) -> [Int] {
        var counts = [Int](repeating: 0, count: texts.texts.count)
        for (row, code) in texts.codes.enumerated() where isTraining[row] { counts[Int(code)] += 1 }
        return counts
    }

    private func yesNo(_ slot: Int, _ judgement: ColumnJudgement) throws(DataError) -> CategoryEncoding? {
        guard let texts = table.texts[slot], !judgement.isOfNumbers else {
            var (zeros, ones) = (0, 0)
            try eachTrainingRow { numbers in
                if numbers[slot] == 0 { zeros += 1 } else if numbers[slot] == 1 { ones += 1 }
            }
            guard zeros > 0, ones > 0 else { return nil }
            return CategoryEncoding(
                levels: ["0", "1"], coding: .sign, hasOther: false, hasGap: isOften(gaps: rows - zeros - ones))
        }
        let levels = Levels(texts.texts, counts: counts(texts)) { GapWords.isGapAmongValues($0) }
        guard levels.levels.count == 2 else { return nil }
        let no = LevelKey.no(of: Set(levels.levels.map(\.key))) ?? levels.levels[0].key
        let ordered = levels.levels[0].key == no ? levels.levels : levels.levels.reversed()
        return CategoryEncoding(
            levels: ordered.map(\.name), coding: .sign, hasOther: false, hasGap: isOften(gaps: rows - levels.rows))
    }

    private func category(_ slot: Int) -> CategoryEncoding? {
        guard let texts = table.texts[slot] else { preconditionFailure("the texts of categories are read") }
        let levels = Levels(texts.texts, counts: counts(texts)) { GapWords.isGap($0) }
        let kept = levels.kept
        let least = Levels.leastRows(of: rows)
        let hasOther = levels.rows - kept.reduce(0) { $0 + $1.rows } >= least
        let hasGap = rows - levels.rows >= least
        if kept.isEmpty { return nil }
        if kept.count == 1 {
            // One feature tells the level from all else, where there is anything else.
            guard kept[0].rows < rows else { return nil }
            return CategoryEncoding(levels: [kept[0].name], coding: .oneHot, hasOther: false, hasGap: false)
        }
        return CategoryEncoding(
            levels: kept.map(\.name), coding: kept.count == 2 ? .sign : .oneHot, hasOther: hasOther, hasGap: hasGap)
    }

    // MARK: Dates

    private func date(_ slot: Int, _ format: DateFormat) -> DateEncoding? {
        guard let texts = table.texts[slot] else { preconditionFailure("the texts of dates are read") }
        let counts = counts(texts)
        var years: [Float] = []
        var seen: [DateEncoding.Part: Set<Double>] = [:]
        var found = 0
        for (text, count) in zip(texts.texts, counts) where count > 0 {
            guard let date = DateText.read(text, format) else { continue }
            found += count
            if let year = date.decimalYear { years += Array(repeating: year, count: count) }
            for (part, way) in [
                (DateEncoding.Part.dayOfYear, date.wayThroughYear), (.weekday, date.wayThroughWeek),
                (.hour, date.wayThroughDay),
            ] {
                if let way, seen[part, default: []].count < 2 { seen[part, default: []].insert(way) }
            }
        }
        years = years.sortedInOrder()
        var parts = DateEncoding.Part.allCases.filter { (seen[$0]?.count ?? 0) > 1 }
        if let least = years.first, let greatest = years.last, least < greatest { parts.insert(.year, at: 0) }
        let hasIndicator = isOften(gaps: rows - found)
        guard !parts.isEmpty || hasIndicator else { return nil }
        return DateEncoding(
            format: format, parts: parts, fillYear: years.isEmpty ? 0 : fill(years),
            yearScaling: years.isEmpty ? .none : FittedScaling.measure(scaling, years), hasGapIndicator: hasIndicator)
    }
}
