import Wording

// Missing cells and derived columns.
extension TablePreparation {
    /// The slots whose cells must be there: targets, features and what derived columns are made from.
    private var neededSlots: [Int] {
        var needed = Set(plan.targets.map { Int(plan.slots[$0]) })
        for feature in features {
            switch feature {
            case .number(_, let slot): if slot < plan.used.count { needed.insert(slot) }
            case .oneHot(_, let slot, _): needed.insert(slot)
            }
        }
        for ratio in plan.derived {
            needed.insert(Int(plan.slots[ratio.numerator]))
            needed.insert(Int(plan.slots[ratio.denominator]))
        }
        return needed.sorted()
    }

    /// Which rows are kept under the recipe's policy.
    func settleMissing() throws(DataError) -> [Bool] {
        var kept = [Bool](repeating: true, count: table.rows)
        let holed = neededSlots.filter { table.tallies[$0].missing > 0 }
        let targets = Set(plan.targets.map { Int(plan.slots[$0]) })
        switch recipe.missing {
        case .drop:
            guard !holed.isEmpty else { break }
            try table.eachRow { row, numbers throws(DataError) in
                for slot in holed where numbers[slot].isNaN { kept[row] = false }
            }
        case .error:
            if let slot = holed.min(by: { table.tallies[$0].firstMissing < table.tallies[$1].firstMissing }) {
                throw missing(slot, "set missing to \"drop\", \"mean\" or \"median\" to go on without")
            }
        case .mean, .median:
            if let slot = holed.first(where: { targets.contains($0) }) {
                throw missing(slot, "a target cannot be filled in; missing = \"drop\" leaves such rows out")
            }
        }
        return kept
    }

    private func missing(_ slot: Int, _ advice: String) -> DataError {
        let name = visible(text.columns[plan.used[slot]])
        let count = table.tallies[slot].missing
        let more = count == 1 ? "" : " (one of \(count))"
        return text.bytes.fault(
            at: table.tallies[slot].firstMissing, "the value of '\(name)' is missing\(more); \(advice)")
    }

    /// Fills what is missing with what the training rows say. A missing text stays missing: it is none of the texts.
    mutating func fill(_ split: RowSplit) throws(DataError) {
        guard recipe.missing == .mean || recipe.missing == .median else { return }
        let texts = Set(features.compactMap { if case .oneHot(_, let slot, _) = $0 { slot } else { nil } })
        for slot in neededSlots where table.tallies[slot].missing > 0 && !texts.contains(slot) {
            var values: [Float] = []
            values.reserveCapacity(split.training)
            try table.eachRow { row, numbers throws(DataError) in
                if split.uses[row] == .training, !numbers[slot].isNaN { values.append(numbers[slot]) }
            }
            guard !values.isEmpty else {
                let name = visible(text.columns[plan.used[slot]])
                throw DataError(
                    .badData, "\(text.bytes.name): no training row has a value of '\(name)' to fill in from")
            }
            let value: Float
            if recipe.missing == .mean {
                value = Float(values.reduce(0.0) { $0 + Double($1) } / Double(values.count))
            } else {
                values.sort()
                let middle = values.count / 2
                let lower = values.count % 2 == 0 ? values[middle - 1] : values[middle]
                value = Float((Double(lower) + Double(values[middle])) / 2)
            }
            fills[slot] = value
            try table.updateRows { _, numbers throws(DataError) in
                if numbers[slot].isNaN { numbers[slot] = value }
            }
        }
    }

    mutating func derive(_ split: RowSplit) throws(DataError) {
        for (index, ratio) in plan.derived.enumerated() {
            let (above, below) = (Int(plan.slots[ratio.numerator]), Int(plan.slots[ratio.denominator]))
            let slot = plan.used.count + index
            try table.updateRows { row, numbers throws(DataError) in
                guard split.uses[row] != .dropped else { return }
                let value = numbers[above] / numbers[below]
                guard value.isFinite else {
                    let problem = numbers[below] == 0 ? "divides by zero" : "is too large for a number"
                    throw text.fault(
                        inRow: row,
                        "the derived column '\(visible(ratio.name))' \(problem): "
                            + "\(visible(text.columns[ratio.numerator])) / \(visible(text.columns[ratio.denominator]))")
                }
                numbers[slot] = value
            }
        }
    }
}
