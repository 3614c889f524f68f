import TrainCore
import Wording

// From a table and what was found in it to data sets.
extension SurveyedTable {
    /// Splits the rows, fits a ``FeatureSpace`` to those to train with, and makes all data sets by it.
    ///
    /// - Parameters:
    ///   - seed: names the split.
    ///   - targetsAreClasses: whether the loss is one for classes. Without, two classes are 0 and 1.
    ///   - pieces: the pieces that numbers are given in too; nil for what the recipe says.
    ///   - fold: the part of the rows to validate on, in place of the recipe's fraction; nil for that.
    public func prepared(
        seed: UInt64, targetsAreClasses: Bool, pieces: Int? = nil, fold: Fold? = nil
    ) throws(DataError) -> PreparedData {
        let file = table.text.bytes.name
        guard !choice.targets.isEmpty else { throw DataError(.badData, "\(file): no target column is named") }
        let classes = findings[0].classNames
        if targetsAreClasses != !classes.isEmpty, targetsAreClasses || classes.count > 2 {
            throw DataError(
                .badData,
                "\(file): the target '\(visible(survey.targets[0]))' is \(classes.isEmpty ? "values" : "classes"), the loss "
                    + "is one for \(targetsAreClasses ? "classes" : "values")")
        }
        var split = try split(seed: seed)
        if let fold { split = try folded(split, fold, seed: seed) }
        var fitter = FeatureFitter(
            table, isTraining: split.uses.map { $0 == .training },
            scaling: recipe.scaling ?? (recipe.standardize ? .standard : .none), fillsMean: recipe.missing == .mean,
            pieces: pieces ?? recipe.pieces ?? 0)
        let columns = try columns(&fitter)
        guard !columns.isEmpty else {
            throw DataError(.badData, "\(file): no column is left to be a feature: \(leftOut)")
        }
        let space = FeatureSpace(
            reading: .lenient, columns: columns, targets: try targets(split, targetsAreClasses: targetsAreClasses))
        var warnings = survey.warnings + fitter.warnings
        if !classes.isEmpty {
            if recipe.targetScale != 1 {
                warnings.append("target_scale is not used: the targets are classes")
            }
            warnings += try missingClasses(split, classes)
        }
        let sets = try datasets(space, split)
        return PreparedData(
            training: sets[0], validation: split.validation > 0 ? sets[1] : nil,
            test: split.testing > 0 ? sets[2] : nil, featureNames: space.featureNames, targetNames: survey.targets,
            classNames: classes, textTargets: [:],
            skippedColumns: survey.columns.filter { $0.use == .leftOut }.map(\.name), warnings: warnings,
            validationNote: split.validation > 0 ? "" : "no rows are held back: validation_fraction is 0",
            standardization: Standardization(identity: space.featureCount), featureSpace: space, survey: survey,
            source: file, origin: RowOrigin(table.text, split),
            delimiter: Character(Unicode.Scalar(table.text.delimiter)))
    }

    private var leftOut: String {
        let columns = survey.columns.filter { $0.use == .leftOut }.prefix(5)
        guard !columns.isEmpty else { return "there is none but the target" }
        return columns.map { "'\(visible($0.name, limit: 40))' is \($0.role.title)" }.joined(separator: ", ")
    }

    private func split(seed: UInt64) throws(DataError) -> RowSplit {
        let split: RowSplit?
        if let policy = recipe.split {
            if recipe.stratify == true {
                throw DataError(
                    .badData, "\(table.text.bytes.name): stratify and split exclude each other")
            }
            split = try ordered(policy, seed: seed)
        } else {
            split = try random(seed: seed)
        }
        guard let split else {
            let rows = survey.usableRows
            throw DataError(
                .badData,
                "\(table.text.bytes.name): \(rows) \(rows == 1 ? "row is" : "rows are") too few to split: none would be left "
                    + "to train on with test_fraction \(recipe.testFraction), validation_fraction "
                    + "\(recipe.validationFraction)")
        }
        return split
    }

    /// By chance, class by class where that is wanted; nil where no row would be left to train on.
    private func random(seed: UInt64) throws(DataError) -> RowSplit? {
        let isStratified = recipe.stratify ?? (findings[0].task == .classification)
        if isStratified, findings[0].task != .classification {
            throw DataError(
                .badData, "\(table.text.bytes.name): stratify = true needs classes, but the target is values")
        }
        guard isStratified else {
            return RowSplit(
                kept: isKept, testFraction: recipe.testFraction, validationFraction: recipe.validationFraction,
                seed: seed)
        }
        return RowSplit(
            stratified: try classes(), kept: isKept, testFraction: recipe.testFraction,
            validationFraction: recipe.validationFraction, seed: seed)
    }

    /// For each row its class; 0 where it is not kept.
    private func classes() throws(DataError) -> [Int] {
        var classes = [Int](repeating: 0, count: table.rows)
        let slot = choice.targets[0]
        try table.numbers.eachRow { row, cells throws(DataError) in
            if isKept[row] { classes[row] = Int(cells[slot]) }
        }
        return classes
    }

    private func folded(_ split: RowSplit, _ fold: Fold, seed: UInt64) throws(DataError) -> RowSplit {
        let file = table.text.bytes.name
        guard recipe.split == nil else {
            throw DataError(.badData, "\(file): rows that split keeps together cannot be dealt into folds")
        }
        let classes = findings[0].task == .classification ? try classes() : nil
        guard let folded = split.fold(fold, classes: classes, seed: seed) else {
            throw DataError(.badData, "\(file): \(survey.usableRows) rows are too few for \(fold.count) folds")
        }
        return folded
    }

    private func columns(_ fitter: inout FeatureFitter) throws(DataError) -> [InputColumn] {
        var columns: [InputColumn] = []
        for slot in choice.features where judgements[slot].role.isUsed {
            if let column = try fitter.fit(slot: slot, judgements[slot]) { columns.append(column) }
        }
        for ratio in choice.ratios {
            let notations = (judgements[ratio.above].notation, judgements[ratio.below].notation)
            let column = try fitter.fit(ratio.column, above: ratio.above, below: ratio.below, notations)
            if let column { columns.append(column) }
        }
        guard let order = choice.order else { return columns }
        let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
        return columns.sorted { places[$0.name] ?? 0 < places[$1.name] ?? 0 }
    }

    /// The targets, with the scale that the training rows give them.
    private func targets(_ split: RowSplit, targetsAreClasses: Bool) throws(DataError) -> [TargetColumn] {
        var columns: [TargetColumn] = []
        for (finding, slot) in zip(findings, choice.targets) {
            let name = table.name(of: slot)
            guard finding.task == .regression else {
                let names = finding.classNames
                columns.append(
                    TargetColumn(name: name, coding: targetsAreClasses ? .classes(names) : .twoClasses(names)))
                continue
            }
            var (center, scale) = (0.0, recipe.targetScale)
            if recipe.targetScaling == .standard {
                var values: [Float] = []
                try table.numbers.eachRow { row, cells throws(DataError) in
                    if split.uses[row] == .training { values.append(cells[slot]) }
                }
                (center, scale) = FittedScaling.moments(values)
            }
            columns.append(
                TargetColumn(
                    name: name, coding: .value(center: center, scale: scale, notation: judgements[slot].notation)))
        }
        return columns
    }

    private func missingClasses(_ split: RowSplit, _ classes: [String]) throws(DataError) -> [String] {
        var isSeen = [Bool](repeating: false, count: classes.count)
        let slot = choice.targets[0]
        try table.numbers.eachRow { row, cells throws(DataError) in
            if split.uses[row] == .training { isSeen[Int(cells[slot])] = true }
        }
        return zip(classes, isSeen).filter { !$0.1 }.map {
            "the class '\(visible($0.0))' has no row to train with: it cannot be learned"
        }
    }

    private func datasets(_ space: FeatureSpace, _ split: RowSplit) throws(DataError) -> [Dataset] {
        let writer = FeatureWriter(space, table)
        let (width, targets) = (writer.width, space.targets)
        let counts = [split.training, split.validation, split.testing]
        var x = counts.map { [Float](repeating: 0, count: $0 * width) }
        var y = counts.map { [Float](repeating: 0, count: $0 * targets.count) }
        var done = [0, 0, 0]
        try table.numbers.eachRow { row, cells throws(DataError) in
            guard let set = split.uses[row].index else { return }
            let place = done[set]
            done[set] += 1
            x[set].withUnsafeMutableBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                writer.write(row, cells, into: base + place * width)
            }
            for (index, target) in targets.enumerated() {
                let value = target.encode(cells[choice.targets[index]])
                guard value.isFinite else {
                    throw table.text.fault(inRow: row, "the target in its scale is too large for a number")
                }
                y[set][place * targets.count + index] = value
            }
        }
        var unit = 1.0
        // Several targets have units of their own, and metrics go through all of them: those stay in the deviations.
        if recipe.targetScaling != nil, targets.count == 1, case .value(_, let scale, _) = targets[0].coding {
            unit = scale
        }
        return counts.indices.map {
            Dataset(
                rows: counts[$0], features: width, targets: targets.count, x: x[$0], y: y[$0],
                targetUnit: unit)
        }
    }
}
