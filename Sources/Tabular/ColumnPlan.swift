import TrainCore
import Wording

/// Which columns a recipe uses, and where each has its place among a row's numbers.
struct ColumnPlan {
    /// For each column of the file its slot, -1 where it is not used.
    var slots: [Int32]
    /// The file's column in each slot. Slots of derived columns follow.
    var used: [Int] = []
    /// The target columns.
    var targets: [Int] = []
    /// What was asked for as features, in order; nil where nothing was.
    var features: [Feature]?
    /// The derived columns that are used: they have the slots from `used.count` on.
    var derived: [Ratio] = []
    /// What a person should know.
    var warnings: [String] = []

    /// A feature that was asked for by name.
    enum Feature {
        /// A column of the file.
        case column(Int)
        /// One of `derived`.
        case derived(Int)
    }

    /// A derived column.
    struct Ratio {
        let name: String
        let numerator: Int
        let denominator: Int
    }

    /// Numbers in a row.
    var width: Int { used.count + derived.count }

    init(_ recipe: TableRecipe, _ text: TableText) throws(DataError) {
        let file = text.bytes.name
        slots = Array(repeating: -1, count: text.columns.count)
        guard !recipe.targets.isEmpty else { throw DataError(.badData, "\(file): no target column is named") }
        for name in recipe.targets {
            let column = try Self.find(name, in: text.columns, file, as: "target")
            guard !targets.contains(column) else {
                throw DataError(.badData, "\(file): the target '\(visible(name))' is named twice")
            }
            targets.append(column)
        }
        var ratios: [Ratio] = []
        for derivation in recipe.derive {
            let name = derivation.name
            guard !text.columns.contains(name), !ratios.contains(where: { $0.name == name }) else {
                throw DataError(.badData, "\(file): the derived column '\(visible(name))' has another column's name")
            }
            let role = "part of the derived column '\(visible(name))'"
            let ratio = Ratio(
                name: name, numerator: try Self.find(derivation.numerator, in: text.columns, file, as: role),
                denominator: try Self.find(derivation.denominator, in: text.columns, file, as: role))
            ratios.append(ratio)
        }
        try choose(recipe.features, among: ratios, text)
        for ratio in derived where targets.contains(ratio.numerator) || targets.contains(ratio.denominator) {
            warnings.append(
                "the derived feature '\(visible(ratio.name))' is made from a target: it tells what it is to predict")
        }
        let inputs = derived.flatMap { [$0.numerator, $0.denominator] }
        let named = (features ?? []).compactMap { if case .column(let column) = $0 { column } else { nil } }
        let needed = Set(targets + named + inputs)
        for column in text.columns.indices where features == nil || needed.contains(column) {
            slots[column] = Int32(used.count)
            used.append(column)
        }
    }

    private mutating func choose(_ names: [String]?, among ratios: [Ratio], _ text: TableText) throws(DataError) {
        guard let names else {
            derived = ratios
            return
        }
        let file = text.bytes.name
        guard !names.isEmpty else { throw DataError(.badData, "\(file): the list of features is empty") }
        var chosen: [Feature] = []
        var seen: Set<String> = []
        for name in names {
            guard seen.insert(name).inserted else {
                throw DataError(.badData, "\(file): the feature '\(visible(name))' is named twice")
            }
            if let ratio = ratios.first(where: { $0.name == name }) {
                chosen.append(.derived(derived.count))
                derived.append(ratio)
                continue
            }
            let column = try Self.find(name, in: text.columns, file, as: "feature", besides: ratios.map(\.name))
            guard !targets.contains(column) else {
                throw DataError(.badData, "\(file): the column '\(visible(name))' is both a target and a feature")
            }
            chosen.append(.column(column))
        }
        features = chosen
    }

    private static func find(
        _ name: String, in columns: [String], _ file: String, as role: String, besides derived: [String] = []
    ) throws(DataError) -> Int {
        if let index = columns.firstIndex(of: name) { return index }
        throw DataError(
            .badData,
            "\(file): no column is named '\(visible(name))', wanted as \(role): "
                + hint(for: name, among: columns + derived, plural: "columns"))
    }
}
