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
    /// The slot of the column that the rows are split by, where there is one.
    let split: Int?
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
        var used = plan?.used ?? Array(names.indices)
        if let split = recipe.split {
            guard let column = names.firstIndex(of: split.column) else {
                throw DataError(
                    .badData,
                    "\(file): no column is named '\(visible(split.column))', wanted to split by: "
                        + hint(for: split.column, among: names, plural: "columns"))
            }
            if !used.contains(column) { used = (used + [column]).sorted() }
        }
        let places = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($1, $0) })
        func slot(_ column: Int) -> Int { places[column] ?? 0 }
        split = recipe.split.map { split in slot(names.firstIndex(of: split.column) ?? 0) }
        // A group is no feature: a model that knows it says nothing of others.
        var group: Int?
        if case .group(let column)? = recipe.split { group = slot(names.firstIndex(of: column) ?? 0) }
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
            features = used.indices.filter { !taken.contains($0) && $0 != group }
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
