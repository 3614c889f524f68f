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
    var textTargets: [String: [String]] = [:]
    var features: [FeatureColumn] = []
    /// What took the place of missing cells, by slot.
    var fills: [Int: Float] = [:]

    /// What a feature, or several, are made from.
    enum FeatureColumn {
        /// The number in a slot.
        case number(name: String, slot: Int)
        /// One feature for each text, whose number is in a slot.
        case oneHot(column: String, slot: Int, texts: [String])
    }

    /// Reads the table and decides what each column is.
    init(
        _ recipe: TableRecipe, _ bytes: TableBytes, targetsAreClasses: Bool, progress: ((ReadingProgress) -> Void)?
    ) throws(DataError) {
        self.recipe = recipe
        self.targetsAreClasses = targetsAreClasses
        try recipe.checkNumbers(file: bytes.name)
        text = try TableText(bytes)
        plan = try ColumnPlan(recipe, text)
        table = try NumberTable(RowWindows(text), slots: plan.slots, width: plan.width, progress: progress)
        try bytes.checkUnchanged()
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
                let limit = targetsAreClasses ? Self.mostClasses : 2
                let texts = try Categories(text, column: column, limit: limit, into: &table, slot: slot).names
                guard targetsAreClasses || texts?.count == 2 else {
                    throw text.bytes.fault(
                        at: table.tallies[slot].firstText,
                        "the target '\(name)' holds text; expected numbers, or a loss for classes such as "
                            + "sparse_categorical_crossentropy")
                }
                guard let texts else { throw tooManyClasses(name) }
                classNames = texts
                if !targetsAreClasses { textTargets[text.columns[column]] = texts }
            } else {
                try requireNumbers(slot)
                if targetsAreClasses { classNames = try numberClasses(slot, name) }
            }
        }
    }

    /// Replaces whole numbers by their places among the distinct ones, and returns those in words.
    private mutating func numberClasses(_ slot: Int, _ name: String) throws(DataError) -> [String] {
        var distinct: Set<Float> = []
        var bad: (row: Int, value: Float)?
        try table.eachRow { row, numbers throws(DataError) in
            let value = numbers[slot]
            if value.isNaN || bad != nil { return }
            guard value == value.rounded(), abs(value) <= 0x1p24 else {
                bad = (row, value)
                return
            }
            distinct.insert(value)
            if distinct.count > Self.mostClasses { throw tooManyClasses(name) }
        }
        if let bad {
            throw text.fault(
                inRow: bad.row,
                "the target '\(name)' is \(bad.value); expected a class: text or a whole number")
        }
        let sorted = distinct.sorted()
        let places = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1, Float($0)) })
        try table.updateRows { _, numbers throws(DataError) in
            if let place = places[numbers[slot]] { numbers[slot] = place }
        }
        return sorted.map { String(Int($0)) }
    }

    /// So many classes can be told apart; more are rather names or numbers of rows, taken for a class by mistake.
    private static let mostClasses = 1 << 16

    private func tooManyClasses(_ name: String) -> DataError {
        DataError(
            .badData,
            "\(text.bytes.name): the target '\(name)' has more than \(Self.mostClasses) different values; expected classes"
        )
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
        guard let texts = try Categories(text, column: column, limit: 1000, into: &table, slot: slot).names else {
            throw DataError(
                .badData,
                "\(text.bytes.name): the feature '\(visible(name))' has more than 1000 different texts; at most 1000 "
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
                let (cell, line) = try text.cell(at: tally.firstText)
                warnings.append(
                    "the column '\(name)' is no feature: \(tally.texts) of its cells are text, the first "
                        + "'\(cell)' in line \(line)")
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
        if tally.texts > 0 { throw try unexpected(tally.firstText, name, "a number") }
        if tally.outOfRange > 0 {
            throw try unexpected(tally.firstOutOfRange, name, "a number between -3.4e38 and 3.4e38")
        }
        guard tally.numbers > 0 else {
            throw DataError(.badData, "\(text.bytes.name): the column '\(name)' has no values")
        }
    }

    private func unexpected(_ position: Int, _ name: String, _ expected: String) throws(DataError) -> DataError {
        let (cell, line) = try text.cell(at: position)
        return DataError(
            .badData, "\(text.bytes.name):\(line): '\(cell)' in column '\(name)'; expected \(expected)")
    }
}
