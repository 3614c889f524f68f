import Wording

// What was found, as a value.
extension SurveyedTable {
    static func survey(
        _ table: RawTable, _ recipe: TableRecipe, _ choice: ColumnChoice, _ judges: [ColumnJudge],
        _ judgements: [ColumnJudgement], _ findings: [TargetFinding], _ facts: [NumberFacts], _ isKept: [Bool]
    ) throws(DataError) -> TableSurvey {
        let usable = isKept.count { $0 }
        var fitter = FeatureFitter(table, isTraining: isKept, scaling: .none, fillsMean: false, pieces: 0)
        var columns: [SurveyedColumn] = []
        for slot in judgements.indices {
            let isTarget = choice.targets.contains(slot)
            let isFeature = choice.features.contains(slot) && judgements[slot].role.isUsed
            var column = try Self.column(table, slot, judges[slot], judgements[slot], facts[slot])
            column.use = isTarget ? .target : isFeature ? .feature : .leftOut
            if isFeature {
                column.features = try fitter.fit(slot: slot, judgements[slot])?.featureCount ?? 0
            } else if !isTarget, judgements[slot].role.isUsed {
                column.reason += slot == choice.split ? "; the rows are split by it" : "; not asked for"
            }
            columns.append(column)
        }
        for ratio in choice.ratios {
            let features = try fitter.fit(ratio.column, above: ratio.above, below: ratio.below, (.point, .point))
            columns.append(
                SurveyedColumn(
                    name: ratio.column.name, use: .feature, role: .number,
                    reason: "\(visible(ratio.column.numerator)) / \(visible(ratio.column.denominator))", gaps: 0,
                    distinct: nil, minimum: nil, maximum: nil, examples: [], features: features?.featureCount ?? 0))
        }
        var counts: [Int] = []
        if let finding = findings.first, finding.task == .classification {
            counts = Array(repeating: 0, count: finding.classNames.count)
            let slot = choice.targets[0]
            try table.numbers.eachRow { row, cells throws(DataError) in
                if isKept[row] { counts[Int(cells[slot])] += 1 }
            }
        }
        return TableSurvey(
            source: table.text.bytes.name, rows: table.rows, usableRows: usable, columns: columns,
            targets: choice.targets.map { table.name(of: $0) }, task: findings.first?.task,
            taskReason: findings.first?.reason ?? "", classNames: findings.first?.classNames ?? [],
            classCounts: counts, featureCount: columns.reduce(0) { $0 + $1.features },
            warnings: Self.warnings(
                table, choice, judgements, findings.first, counts, usable, isDropping: recipe.missing == .drop))
    }

    private static func column(
        _ table: RawTable, _ slot: Int, _ judge: ColumnJudge, _ judgement: ColumnJudgement, _ facts: NumberFacts
    ) throws(DataError) -> SurveyedColumn {
        var column = SurveyedColumn(
            name: judge.name, use: .leftOut, role: judgement.role, reason: judgement.reason, gaps: judge.tally.missing,
            distinct: facts.distinctCount, minimum: nil, maximum: nil, examples: [], features: 0)
        if judgement.role == .number {
            column.gaps = table.rows - facts.count
            (column.minimum, column.maximum) = (Double(facts.minimum), Double(facts.maximum))
        } else if let texts = judge.texts {
            let gaps = Self.gaps(table, slot, judgement)
            column.gaps = zip(gaps, texts.counts).reduce(0) { $1.0 ? $0 + $1.1 : $0 }
            let levels = judgement.levels ?? Levels(texts.texts, counts: texts.counts) { GapWords.isGap($0) }
            column.distinct = levels.levels.count
            column.examples = levels.mostFrequent.map { visible($0.name, limit: 30) }
        }
        return column
    }

    private static func warnings(
        _ table: RawTable, _ choice: ColumnChoice, _ judgements: [ColumnJudgement], _ finding: TargetFinding?,
        _ counts: [Int], _ usable: Int, isDropping: Bool
    ) -> [String] {
        var warnings: [String] = []
        for slot in judgements.indices where judgements[slot].odd > 0 {
            let (odd, name) = (judgements[slot].odd, visible(table.name(of: slot)))
            let used = choice.targets.contains(slot) ? "the target" : "the column"
            let kind = judgements[slot].role == .date ? "no date" : "no number"
            warnings.append(
                "\(used) '\(name)' has \(odd) \(odd == 1 ? "cell that is" : "cells that are") \(kind), such as "
                    + "'\(judgements[slot].oddExample)': \(odd == 1 ? "a gap" : "gaps") now")
        }
        // What somebody asked for by name is missed.
        for slot in choice.order == nil ? [] : choice.features where !judgements[slot].role.isUsed {
            warnings.append(
                "the feature '\(visible(table.name(of: slot)))' is left out: \(judgements[slot].role.title), "
                    + "\(judgements[slot].reason)")
        }
        if !choice.targets.isEmpty, usable < table.rows {
            let missing = table.rows - usable
            let are = missing == 1 ? "1 row is" : "\(missing) rows are"
            let what = isDropping ? "a value" : choice.targets.count > 1 ? "a target" : "the target"
            warnings.append("\(are) left out: \(what) is missing there")
        }
        if let finding {
            for (name, count) in zip(finding.classNames, counts) where count == 1 {
                warnings.append(
                    "the class '\(visible(name))' has one row: it is trained with, and nothing tells how well it is known"
                )
            }
        }
        return warnings
    }
}
