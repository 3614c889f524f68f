import TrainCore
import Wording

// From a table and its split to data sets.
extension TablePreparation {
    /// The features' names, one-hot ones as `column=text`.
    private var featureNames: [String] {
        features.flatMap { feature in
            switch feature {
            case .number(let name, _): [name]
            case .oneHot(let column, _, let texts): texts.map { "\(column)=\($0)" }
            }
        }
    }

    /// Copies the rows into their data sets. The table's own memory becomes that of the training rows, so a large table
    /// is never there twice.
    mutating func gather(_ split: RowSplit) throws(DataError) -> PreparedData {
        var targets: [RowSplit.Use: [Float]] = [:]
        for use in [RowSplit.Use.training, .validation, .testing] { targets[use] = try self.targets(use, split) }
        let names = featureNames
        var testing = rows(.testing, split, count: split.testing, features: names.count)
        var validation = rows(.validation, split, count: split.validation, features: names.count)
        var training = takeTrainingRows(split, features: names.count)
        let standardization = standardize(&training, &validation, &testing, names)

        func dataset(_ x: [Float], _ use: RowSplit.Use, _ count: Int) -> Dataset {
            Dataset(
                rows: count, features: names.count, targets: plan.targets.count, x: x, y: targets[use] ?? [])
        }
        return PreparedData(
            training: dataset(training, .training, split.training),
            validation: split.validation > 0 ? dataset(validation, .validation, split.validation) : nil,
            test: split.testing > 0 ? dataset(testing, .testing, split.testing) : nil,
            featureNames: names, targetNames: recipe.targets, classNames: classNames, skippedColumns: skipped,
            warnings: warnings,
            validationNote: split.validation > 0 ? "" : "no rows are held back: validation_fraction is 0",
            standardization: standardization, source: text.bytes.name)
    }

    private func targets(_ use: RowSplit.Use, _ split: RowSplit) throws(DataError) -> [Float] {
        let slots = plan.targets.map { Int(plan.slots[$0]) }
        let scale = classNames.isEmpty ? recipe.targetScale : 1
        var y: [Float] = []
        for row in 0..<table.rows where split.uses[row] == use {
            for slot in slots {
                let value = Float(Double(table.cells[row * table.width + slot]) / scale)
                guard value.isFinite else {
                    throw DataError(
                        .badData,
                        "\(text.bytes.name):\(text.line(ofRow: row)): a target divided by target_scale \(scale) is "
                            + "too large for a number")
                }
                y.append(value)
            }
        }
        return y
    }

    private func rows(_ use: RowSplit.Use, _ split: RowSplit, count: Int, features: Int) -> [Float] {
        [Float](unsafeUninitializedCapacity: count * features) { output, initialized in
            if count > 0 {
                table.cells.withUnsafeBufferPointer { copy(use, split, from: $0.baseAddress!, to: output.baseAddress!) }
            }
            initialized = count * features
        }
    }

    /// The training rows, at the front of the table's memory where they fit.
    private mutating func takeTrainingRows(_ split: RowSplit, features: Int) -> [Float] {
        guard features <= table.width else { return rows(.training, split, count: split.training, features: features) }
        var cells = table.cells
        table.cells = []
        cells.withUnsafeMutableBufferPointer { copy(.training, split, from: $0.baseAddress!, to: $0.baseAddress!) }
        cells.removeLast(cells.count - split.training * features)
        return cells
    }

    /// Writes the features of the rows of one use. The output may be the table itself where a row of features is no
    /// longer than a row of the table: what is written is then never ahead of what is read.
    private func copy(
        _ use: RowSplit.Use, _ split: RowSplit, from cells: UnsafePointer<Float>, to output: UnsafeMutablePointer<Float>
    ) {
        let width = table.width
        var row = [Float](repeating: 0, count: width)
        var place = output
        row.withUnsafeMutableBufferPointer { row in
            for index in split.uses.indices where split.uses[index] == use {
                row.baseAddress!.update(from: cells + index * width, count: width)
                for feature in features {
                    switch feature {
                    case .number(_, let slot):
                        place.pointee = row[slot]
                        place += 1
                    case .oneHot(_, let slot, let texts):
                        for text in 0..<texts.count { place[text] = row[slot] == Float(text) ? 1 : 0 }
                        place += texts.count
                    }
                }
            }
        }
    }

    private mutating func standardize(
        _ training: inout [Float], _ validation: inout [Float], _ testing: inout [Float], _ names: [String]
    ) -> Standardization {
        let isMeasured = features.flatMap { feature in
            switch feature {
            case .number: [true]
            case .oneHot(_, _, let texts): Array(repeating: false, count: texts.count)
            }
        }
        let (measured, isConstant) = Standardization.measure(training, isMeasured: isMeasured)
        for (feature, name) in names.enumerated() where isConstant[feature] {
            warnings.append("the feature '\(visible(name))' is the same in every training row: it tells nothing")
        }
        guard recipe.standardize else { return Standardization(identity: names.count) }
        measured.apply(to: &training)
        measured.apply(to: &validation)
        measured.apply(to: &testing)
        return measured
    }
}
