import TrainCore
import Wording

/// From a table of numbers to data sets, step by step: what each column is, missing cells, split, derived columns.
struct TablePreparation {
    let recipe: TableRecipe
    let text: TableText
    let plan: ColumnPlan
    let targetsAreClasses: Bool
    var table: NumberTable
    var warnings: [String]
    var skipped: [String] = []
    var classNames: [String] = []
    var features: [FeatureColumn] = []

    /// What a feature, or several, are made from.
    enum FeatureColumn {
        /// The number in a slot.
        case number(name: String, slot: Int)
        /// One feature for each text, whose number is in a slot.
        case oneHot(column: String, slot: Int, texts: [String])
    }

    /// Reads the table and decides what each column is.
    init(
        _ recipe: TableRecipe, _ bytes: TableBytes, targetsAreClasses: Bool, progress: ((Double) -> Void)?
    ) throws(DataError) {
        self.recipe = recipe
        self.targetsAreClasses = targetsAreClasses
        for (name, fraction) in [
            ("test_fraction", recipe.testFraction), ("validation_fraction", recipe.validationFraction),
        ] {
            if let objection = NumberRange.belowOne.objection(to: fraction) {
                throw DataError(.badData, "\(bytes.name): \(name) \(objection)")
            }
        }
        if let objection = NumberRange.positive.objection(to: recipe.targetScale) {
            throw DataError(.badData, "\(bytes.name): target_scale \(objection)")
        }
        let survey = try NumberTable.survey(bytes)
        text = try TableText(bytes, survey: survey.whole)
        plan = try ColumnPlan(recipe, text)
        table = try NumberTable(
            text, pieces: survey.pieces, slots: plan.slots, width: plan.width, progress: progress)
        warnings = plan.warnings
        guard table.rows > 0 else {
            throw DataError(.badData, "\(bytes.name): has column names but no rows")
        }
        try settleTargets()
        try settleFeatures()
        guard !features.isEmpty else {
            throw DataError(.badData, "\(bytes.name): no numeric column is left to be a feature")
        }
    }

    /// Everything after reading.
    mutating func finish(seed: UInt64) throws(DataError) -> PreparedData {
        let kept = try settleMissing()
        let rows = kept.count { $0 }
        guard rows > 0 else {
            throw DataError(
                .badData, "\(text.bytes.name): no row is left: each one has a missing cell, and missing = \"drop\"")
        }
        guard
            let split = RowSplit(
                kept: kept, testFraction: recipe.testFraction, validationFraction: recipe.validationFraction,
                seed: seed)
        else {
            throw DataError(
                .badData,
                "\(text.bytes.name): \(rows) \(rows == 1 ? "row is" : "rows are") too few to split: none would be left to "
                    + "train on with test_fraction \(recipe.testFraction), validation_fraction \(recipe.validationFraction)"
            )
        }
        try fill(split)
        try derive(split)
        return try gather(split)
    }
}

extension TablePreparation {
    private mutating func settleTargets() throws(DataError) {
        let file = text.bytes.name
        if targetsAreClasses, plan.targets.count > 1 {
            throw DataError(.badData, "\(file): \(plan.targets.count) targets; classes are told apart by one")
        }
        if targetsAreClasses, recipe.targetScale != 1 {
            warnings.append("target_scale is not used: the targets are classes")
        }
        for column in plan.targets {
            let slot = Int(plan.slots[column])
            let name = visible(text.columns[column])
            if isText(slot) {
                let texts = try Categories(text, column: column, into: &table, slot: slot).names
                guard targetsAreClasses || texts.count == 2 else {
                    let at = text.bytes.line(at: table.tallies[slot].firstText)
                    throw DataError(
                        .badData,
                        "\(file):\(at): the target '\(name)' holds text; expected numbers, or a loss for classes "
                            + "such as sparse_categorical_crossentropy")
                }
                classNames = texts
            } else {
                try requireNumbers(slot)
                if targetsAreClasses { classNames = try numberClasses(slot, name) }
            }
        }
    }

    /// Replaces whole numbers by their places among the distinct ones, and returns those in words.
    private mutating func numberClasses(_ slot: Int, _ name: String) throws(DataError) -> [String] {
        var distinct: Set<Float> = []
        for row in 0..<table.rows {
            let value = table.cells[row * table.width + slot]
            if value.isNaN { continue }
            guard value == value.rounded(), abs(value) <= 0x1p24 else {
                let line = text.line(ofRow: row)
                throw DataError(
                    .badData,
                    "\(text.bytes.name):\(line): the target '\(name)' is \(value); expected a class: text or a "
                        + "whole number")
            }
            distinct.insert(value)
        }
        let sorted = distinct.sorted()
        let places = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1, Float($0)) })
        for row in 0..<table.rows {
            let index = row * table.width + slot
            if let place = places[table.cells[index]] { table.cells[index] = place }
        }
        return sorted.map { String(Int($0)) }
    }

    private mutating func settleFeatures() throws(DataError) {
        for ratio in plan.derived {
            try requireNumbers(Int(plan.slots[ratio.numerator]))
            try requireNumbers(Int(plan.slots[ratio.denominator]))
        }
        guard let named = plan.features else {
            for (slot, column) in plan.used.enumerated() where !plan.targets.contains(column) {
                if try isNumericByDefault(slot) {
                    features.append(.number(name: text.columns[column], slot: slot))
                } else {
                    skipped.append(text.columns[column])
                }
            }
            for (index, ratio) in plan.derived.enumerated() {
                features.append(.number(name: ratio.name, slot: plan.used.count + index))
            }
            return
        }
        for feature in named {
            switch feature {
            case .derived(let index):
                features.append(.number(name: plan.derived[index].name, slot: plan.used.count + index))
            case .column(let column):
                features.append(try self.feature(named: column))
            }
        }
    }

    private mutating func feature(named column: Int) throws(DataError) -> FeatureColumn {
        let slot = Int(plan.slots[column])
        let name = text.columns[column]
        guard isText(slot) else {
            try requireNumbers(slot)
            return .number(name: name, slot: slot)
        }
        let texts = try Categories(text, column: column, into: &table, slot: slot).names
        guard texts.count <= 1000 else {
            throw DataError(
                .badData,
                "\(text.bytes.name): the feature '\(visible(name))' has \(texts.count) different texts; at most 1000 "
                    + "can become features")
        }
        return .oneHot(column: name, slot: slot, texts: texts)
    }

    /// Whether a column that nobody named is all numbers. Says so where it nearly is.
    private mutating func isNumericByDefault(_ slot: Int) throws(DataError) -> Bool {
        let tally = table.tallies[slot]
        let name = visible(text.columns[plan.used[slot]])
        if tally.texts > 0 {
            let share = Double(tally.texts) / Double(tally.texts + tally.numbers + tally.outOfRange)
            if share < 0.05 {
                let line = text.bytes.line(at: tally.firstText)
                warnings.append(
                    "the column '\(name)' is no feature: \(tally.texts) of its cells are text, the first "
                        + "'\(try cell(at: tally.firstText))' in line \(line)")
            }
            return false
        }
        if tally.numbers + tally.outOfRange == 0 {
            warnings.append("the column '\(name)' is no feature: it has no values")
            return false
        }
        try requireNumbers(slot)
        return true
    }

    /// Whether a column holds more text than numbers.
    private func isText(_ slot: Int) -> Bool {
        table.tallies[slot].texts > table.tallies[slot].numbers + table.tallies[slot].outOfRange
    }

    private func requireNumbers(_ slot: Int) throws(DataError) {
        let tally = table.tallies[slot]
        let name = visible(text.columns[plan.used[slot]])
        if tally.texts > 0 {
            let line = text.bytes.line(at: tally.firstText)
            throw DataError(
                .badData,
                "\(text.bytes.name):\(line): '\(try cell(at: tally.firstText))' in column '\(name)'; expected a number")
        }
        if tally.outOfRange > 0 {
            let line = text.bytes.line(at: tally.firstOutOfRange)
            throw DataError(
                .badData,
                "\(text.bytes.name):\(line): '\(try cell(at: tally.firstOutOfRange))' in column '\(name)'; expected a "
                    + "number between -3.4e38 and 3.4e38")
        }
        guard tally.numbers > 0 else {
            throw DataError(.badData, "\(text.bytes.name): the column '\(name)' has no values")
        }
    }

    private func cell(at position: Int) throws(DataError) -> String {
        let cell = try text.reader.cell(at: position, in: text.bytes)
        return visible(text.reader.string(cell, isQuoted: cell.text.lowerBound > position), limit: 40)
    }
}
