import TrainCore
import Wording

/// A table that was read once, with what it was found to hold; data sets are made of it without reading it again.
public struct SurveyedTable {
    /// What was found.
    public let survey: TableSurvey
    let recipe: TableRecipe
    let choice: ColumnChoice
    /// What each slot is.
    let judgements: [ColumnJudgement]
    /// What each target is.
    let findings: [TargetFinding]
    /// Targets are class numbers, or values; all other numbers are as they are written.
    var table: RawTable
    /// For each row whether it has every target, and no gap where rows with one are left out.
    let isKept: [Bool]
    let need: TargetFinding.Need

    /// Reads a table and finds out what it holds. Without roles in the recipe all are automatic, and without targets there
    /// is no task.
    ///
    /// - Parameters:
    ///   - targetsAreClasses: whether the loss is one for classes; nil where nobody has chosen one yet.
    ///   - directory: Where a relative path begins; nil for the current directory.
    ///   - progress: Called now and then, on the caller's thread, with how much is read.
    public static func read(
        _ recipe: TableRecipe, targetsAreClasses: Bool? = nil, relativeTo directory: String? = nil,
        progress: ((ReadingProgress) -> Void)? = nil
    ) throws(DataError) -> SurveyedTable {
        let bytes = try TableBytes.open(recipe.source, relativeTo: directory, progress: progress)
        let need: TargetFinding.Need = targetsAreClasses.map { $0 ? .classes : .values } ?? .anything
        return try SurveyedTable(recipe, bytes, need: need, progress: progress)
    }

    init(
        _ recipe: TableRecipe, _ bytes: TableBytes, need: TargetFinding.Need, progress: ((ReadingProgress) -> Void)?
    ) throws(DataError) {
        try recipe.checkNumbers(file: bytes.name)
        self.recipe = recipe
        self.need = need
        let text = try TableText(bytes)
        let choice = try ColumnChoice(recipe, text)
        var table = try RawTable(text, columns: choice.columns, progress: progress)
        guard table.rows > 0 else { throw DataError(.badData, "\(bytes.name): has column names but no rows") }
        let judges = try Self.judges(&table, recipe, choice)
        var judgements: [ColumnJudgement] = []
        for judge in judges {
            if let role = recipe.roles?.overrides[judge.name] {
                judgements.append(try judge.judgement(as: role, file: bytes.name))
            } else {
                judgements.append(judge.judgement)
            }
        }
        Self.takeCountsForNumbers(&judgements, judges, choice)
        for slot in judgements.indices where judgements[slot].role == .number || judgements[slot].isZeroAndOneText {
            try table.readNumbers(of: slot, judgements[slot].notation)
        }
        for ratio in choice.ratios {
            for slot in [ratio.above, ratio.below] where judgements[slot].role != .number {
                guard judgements[slot].role == .yesNo, judgements[slot].isOfNumbers else {
                    throw DataError(
                        .badData,
                        "\(bytes.name): '\(visible(table.name(of: slot)))', part of the derived column "
                            + "'\(visible(ratio.column.name))', is \(judgements[slot].role.title); expected numbers")
                }
            }
        }
        if choice.targets.count > 1, need == .classes || recipe.task == .classification {
            throw DataError(
                .badData, "\(bytes.name): \(choice.targets.count) targets; classes are told apart by one")
        }
        var findings: [TargetFinding] = []
        let facts = try NumberFacts.gather(table.numbers)
        for slot in choice.targets {
            let task = choice.targets.count > 1 ? LearningTask.regression : recipe.task
            let finding = try TargetFinding(
                judges[slot], judgements[slot], task: task, need: need, numbers: facts[slot], file: bytes.name)
            try Self.write(finding, slot, &table)
            findings.append(finding)
        }
        isKept = try Self.rowsKept(table, recipe, choice, judgements)
        self.choice = choice
        self.judgements = judgements
        self.findings = findings
        self.table = table
        survey = try Self.survey(table, recipe, choice, judges, judgements, findings, facts, isKept)
    }

    private static func judges(
        _ table: inout RawTable, _ recipe: TableRecipe, _ choice: ColumnChoice
    ) throws(DataError) -> [ColumnJudge] {
        let facts = try NumberFacts.gather(table.numbers)
        let tallies = table.numbers.tallies
        let wanted = facts.indices.filter { slot in
            recipe.roles?.overrides[table.name(of: slot)] != nil
                || ColumnJudge.needsTexts(table.name(of: slot), tallies[slot], facts[slot])
                || (choice.targets.contains(slot) && recipe.task == .classification) || slot == choice.split
        }
        try table.readTexts(of: wanted, trims: true)
        var judges: [ColumnJudge] = []
        for slot in facts.indices {
            judges.append(
                ColumnJudge(
                    name: table.name(of: slot), rows: table.rows, tally: tallies[slot], facts: facts[slot],
                    isCounting: try facts[slot].isCounting(table.numbers, slot: slot), texts: table.texts[slot],
                    allowsComma: table.text.delimiter != 0x2C, isTarget: choice.targets.contains(slot)))
        }
        return judges
    }

    /// Where nothing else is left to predict from, numbers that count the rows are what there is: the x of a curve.
    private static func takeCountsForNumbers(
        _ judgements: inout [ColumnJudgement], _ judges: [ColumnJudge], _ choice: ColumnChoice
    ) {
        guard !choice.features.contains(where: { judgements[$0].role.isUsed }) else { return }
        for slot in choice.features where judgements[slot].role == .identifier && judges[slot].isCounting {
            judgements[slot] = ColumnJudgement(.number, "counts the rows, and there is nothing else")
        }
    }

    /// Writes classes in the place of what they were told by.
    private static func write(_ finding: TargetFinding, _ slot: Int, _ table: inout RawTable) throws(DataError) {
        guard finding.task == .classification else { return }
        if finding.classNumbers.isEmpty {
            guard let codes = table.texts[slot]?.codes else { return }
            try table.numbers.updateRows { row, cells throws(DataError) in
                cells[slot] = finding.classOfText[Int(codes[row])]
            }
        } else {
            let places = Dictionary(uniqueKeysWithValues: finding.classNumbers.enumerated().map { ($1, Float($0)) })
            try table.numbers.updateRows { _, cells throws(DataError) in
                cells[slot] = places[cells[slot]] ?? .nan
            }
        }
    }

    private static func rowsKept(
        _ table: RawTable, _ recipe: TableRecipe, _ choice: ColumnChoice, _ judgements: [ColumnJudgement]
    ) throws(DataError) -> [Bool] {
        var isKept = [Bool](repeating: true, count: table.rows)
        let dropped = recipe.missing == .drop ? choice.features.filter { judgements[$0].role.isUsed } : []
        let isGap = Dictionary(uniqueKeysWithValues: dropped.map { ($0, Self.gaps(table, $0, judgements[$0])) })
        try table.numbers.eachRow { row, cells throws(DataError) in
            for slot in choice.targets where !cells[slot].isFinite { isKept[row] = false }
            for slot in dropped {
                if let texts = table.texts[slot], let gaps = isGap[slot], judgements[slot].role != .number {
                    if gaps[Int(texts.codes[row])] { isKept[row] = false }
                } else if !cells[slot].isFinite {
                    isKept[row] = false
                }
            }
        }
        guard isKept.contains(true) else {
            let why = choice.targets.isEmpty || recipe.missing == .drop ? "each one has a gap" : "none has its target"
            throw DataError(.badData, "\(table.text.bytes.name): no row is left: \(why)")
        }
        return isKept
    }

    /// For each of a slot's texts whether it is a gap.
    static func gaps(_ table: RawTable, _ slot: Int, _ judgement: ColumnJudgement) -> [Bool] {
        guard let texts = table.texts[slot] else { return [] }
        return texts.texts.map { text in
            switch judgement.role {
            case .date: DateText.read(text, judgement.format) == nil
            case .yesNo: GapWords.isGapAmongValues(text)
            default: GapWords.isGap(text)
            }
        }
    }
}

extension ColumnJudgement {
    /// Whether it is 0 and 1 among gaps that took texts to be seen.
    var isZeroAndOneText: Bool { role == .yesNo && isOfNumbers }
}

extension TableRecipe {
    /// Throws where a fraction or a scale is out of its range.
    func checkNumbers(file: String) throws(DataError) {
        for (name, fraction) in [("test_fraction", testFraction), ("validation_fraction", validationFraction)] {
            if let objection = NumberRange.belowOne.objection(to: fraction) {
                throw DataError(.badData, "\(file): \(name) \(objection)")
            }
        }
        if let objection = NumberRange.positive.objection(to: targetScale) {
            throw DataError(.badData, "\(file): target_scale \(objection)")
        }
    }
}
