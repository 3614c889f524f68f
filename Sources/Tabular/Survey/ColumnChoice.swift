import Wording

/// Which columns of a table are read for a recipe with automatic roles, and what for.
struct ColumnChoice {
    /// The file's columns that are read, in ascending order; a slot for each.
    let columns: [Int]
    /// The slots of the targets, in the recipe's order.
    let targets: [Int]
    /// The slots that may become features, in the order of the features.
    let features: [Int]
    /// The ratios that are wanted, with the slots above and below the line.
    let ratios: [(column: DerivedColumn, above: Int, below: Int)]
    /// The order of columns and ratios that was asked for, by their names; nil for columns first.
    let order: [String]?

    init(_ recipe: TableRecipe, _ text: TableText) throws(DataError) {
        let plan: ColumnPlan?
        let names = text.columns
        let file = text.bytes.name
        if recipe.targets.isEmpty {
            plan = nil
        } else {
            plan = try ColumnPlan(recipe, text)
        }
        let used = plan?.used ?? Array(names.indices)
        func slot(_ column: Int) -> Int { used.firstIndex(of: column) ?? 0 }
        columns = used
        targets = (plan?.targets ?? []).map(slot)
        ratios = (plan?.derived ?? []).map { ratio in
            (
                DerivedColumn(
                    name: ratio.name, numerator: names[ratio.numerator], denominator: names[ratio.denominator]),
                slot(ratio.numerator), slot(ratio.denominator)
            )
        }
        order = recipe.features
        if let named = plan?.features {
            features = named.compactMap { if case .column(let column) = $0 { slot(column) } else { nil } }
        } else {
            let taken = Set(targets)
            features = used.indices.filter { !taken.contains($0) }
        }
        for (name, role) in (recipe.roles?.overrides ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard let column = names.firstIndex(of: name) else {
                throw DataError(
                    .badData,
                    "\(file): no column is named '\(visible(name))', wanted as \(role.title): "
                        + hint(for: name, among: names, plural: "columns"))
            }
            if plan?.targets.contains(column) == true {
                throw DataError(
                    .badData,
                    "\(file): the target '\(visible(name))' has no role; task = \"classification\" or \"regression\" says "
                        + "what it is")
            }
        }
    }
}
