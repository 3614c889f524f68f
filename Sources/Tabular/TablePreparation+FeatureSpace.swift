// What was done to a table, as a value that can be done to another one.
extension TablePreparation {
    /// The recipe's features, and what the training rows said of them.
    ///
    /// - Parameter means: each feature's; they take the place of gaps, of which there were none to train with.
    func featureSpace(_ standardization: Standardization, means: [Double]) -> FeatureSpace {
        var columns: [InputColumn] = []
        var place = 0
        for feature in features {
            switch feature {
            case .number(let name, let slot):
                let scaling: FittedScaling =
                    recipe.standardize
                    ? .standard(mean: standardization.means[place], deviation: standardization.deviations[place])
                    : .none
                let number = NumberEncoding(
                    notation: .point, fill: fills[slot] ?? Float(means[place]), hasGapIndicator: false,
                    scaling: scaling)
                let encoding: InputColumn.Encoding =
                    slot < plan.used.count ? .number(number) : .ratio(ratio(slot - plan.used.count, number))
                columns.append(InputColumn(name: name, role: .number, encoding: encoding))
                place += 1
            case .oneHot(let column, _, let texts):
                let category = CategoryEncoding(levels: texts, coding: .oneHot, hasOther: false, hasGap: false)
                columns.append(InputColumn(name: column, role: .category, encoding: .category(category)))
                place += texts.count
            }
        }
        return FeatureSpace(reading: .exact, columns: columns, targets: targetColumns)
    }

    private func ratio(_ index: Int, _ result: NumberEncoding) -> RatioEncoding {
        let ratio = plan.derived[index]
        return RatioEncoding(
            numerator: text.columns[ratio.numerator], numeratorNotation: .point,
            numeratorFill: fills[Int(plan.slots[ratio.numerator])], denominator: text.columns[ratio.denominator],
            denominatorNotation: .point, denominatorFill: fills[Int(plan.slots[ratio.denominator])], result: result)
    }

    private var targetColumns: [TargetColumn] {
        plan.targets.map { column in
            let name = text.columns[column]
            if targetsAreClasses { return TargetColumn(name: name, coding: .classes(classNames)) }
            if let texts = textTargets[name] { return TargetColumn(name: name, coding: .twoClasses(texts)) }
            let scale = classNames.isEmpty ? recipe.targetScale : 1
            return TargetColumn(name: name, coding: .value(center: 0, scale: scale, notation: .point))
        }
    }
}
