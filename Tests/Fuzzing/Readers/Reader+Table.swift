import Tabular
import TrainCore

extension Reader {
    /// A table of the columns x, y and so on, read twice: with numbers to predict, and with classes, texts for features
    /// and gaps to fill. What is accepted must be numbers for every row, and the same again.
    static let table = Reader(name: "table") { bytes in
        let file = ScratchFile.shared
        file.fill(bytes)
        let values = TableRecipe(source: .path(file.path), targets: ["y"], missing: .drop)
        let classes = TableRecipe(
            source: .path(file.path), targets: ["y"], features: ["x", "t", "r"], missing: .median,
            derive: [DerivedColumn(name: "r", numerator: "x", denominator: "z")])
        let isRead = load(values, targetsAreClasses: false)
        return load(classes, targetsAreClasses: true) || isRead
    }

    /// The same table with automatic roles, read twice, with values and with classes to predict; and what was done to it
    /// is done to it again.
    static let roles = Reader(name: "roles") { bytes in
        let file = ScratchFile.shared
        file.fill(bytes)
        let values = TableRecipe(source: .path(file.path), targets: ["y"], roles: .automatic, scaling: .robust)
        let classes = TableRecipe(
            source: .path(file.path), targets: ["y"],
            derive: [
                DerivedColumn(name: "r", numerator: "x", denominator: "z")
            ], roles: .automatic(["t": .category]), targetScaling: .standard)
        let isRead = load(values, targetsAreClasses: false)
        return load(classes, targetsAreClasses: true) || isRead
    }

    private static func load(_ recipe: TableRecipe, targetsAreClasses: Bool) -> Bool {
        do throws(DataError) {
            let data = try PreparedData.load(recipe, seed: 1, targetsAreClasses: targetsAreClasses)
            for warning in data.warnings { checkMessage(warning) }
            let sets = [data.training, data.validation, data.test].compactMap(\.self)
            promise(data.training.rows > 0, "there are rows to train on")
            for set in sets {
                promise(set.features == data.featureNames.count, "every feature has a name")
                promise(!set.x.contains(where: \.isNaN) && !set.y.contains(where: \.isNaN), "no number is missing")
                promise(
                    !targetsAreClasses || set.y.allSatisfy { $0 >= 0 && $0 < Float(data.classNames.count) },
                    "every class has a name")
            }
            let again = try PreparedData.load(recipe, seed: 1, targetsAreClasses: targetsAreClasses)
            promise(again == data, "the same bytes give the same data")
            let applied = try data.featureSpace.apply(to: recipe.source, withTargets: true)
            promise(applied.features == data.training.features, "what was done can be done again")
            promise(!applied.x.contains(where: \.isNaN), "no number is missing")
            return true
        } catch {
            checkMessage(error.description)
            return false
        }
    }
}
