import TOMLTree
import Tabular
import TrainCore
import Wording

extension TableReader {
    /// Reads `[data]`. A relative path begins at `folder`, the job file's.
    mutating func tableRecipe(folder: String) throws(TOMLError) -> TableRecipe {
        let builtin = try choice(
            "builtin", "built-in table", TableRecipe.Source.builtinNames.map { ($0, TableRecipe.Source.builtin($0)) })
        let path = try string("path")
        let source: TableRecipe.Source
        switch (builtin, path) {
        case (let builtin?, nil): source = builtin
        case (nil, let path?):
            source = .path(path.hasPrefix("/") || folder.isEmpty ? path : "\(folder)/\(path)")
        case (nil, nil): throw missing("path", "a CSV file, or builtin = \"storms\"")
        default: throw error(at: "path", "[data] has both 'builtin' and 'path'; expected one of them")
        }
        guard let targets = try strings("target") else { throw missing("target", "the column to predict") }
        guard !targets.isEmpty else { throw error(at: "target", "'target' must name at least one column") }
        var recipe = TableRecipe(source: source, targets: targets)
        recipe.features = try strings("features")
        if recipe.features?.isEmpty == true { throw error(at: "features", "'features' must name at least one column") }
        recipe.targetScale = try number("target_scale", .positive) ?? recipe.targetScale
        recipe.standardize = try boolean("standardize") ?? recipe.standardize
        recipe.testFraction = try number("test_fraction", .belowOne) ?? recipe.testFraction
        recipe.validationFraction = try number("validation_fraction", .belowOne) ?? recipe.validationFraction
        recipe.missing =
            try choice("missing", "missing policy", MissingPolicy.allCases.map { ($0.rawValue, $0) }) ?? recipe.missing
        if var table = try table("derive") {
            for name in table.keys { recipe.derive.append(try table.derivedColumn(name)) }
        }
        recipe.roles = try roles()
        recipe.task = try choice("task", "task", LearningTask.allCases.map { ($0.rawValue, $0) })
        recipe.scaling = try choice("scaling", "scaling", Scaling.allCases.map { ($0.rawValue, $0) })
        recipe.targetScaling = try choice(
            "target_scaling", "target scaling", TargetScaling.allCases.map { ($0.rawValue, $0) })
        recipe.stratify = try boolean("stratify")
        if let text = try string("split") {
            guard let split = SplitPolicy(text) else {
                throw error(
                    at: "split",
                    "'split' must be \"group=COLUMN\" or \"time=COLUMN\", not '\(visible(text, limit: 40))'")
            }
            if recipe.stratify == true { throw error(at: "split", "'split' and 'stratify' exclude each other") }
            recipe.split = split
        }
        recipe.pieces = try integer("pieces", in: 2...TableRecipe.mostPieces)
        if recipe.roles == nil {
            for key in ["task", "scaling", "target_scaling", "stratify", "split", "pieces"] where node(key) != nil {
                throw error(at: key, "'\(key)' needs roles = \"automatic\" beside it")
            }
        }
        if recipe.targetScaling != nil, node("target_scale") != nil {
            throw error(
                at: "target_scaling", "[data] has both 'target_scale' and 'target_scaling'; expected one of them")
        }
        try finish()
        return recipe
    }

    /// `roles = "automatic"`, or a table of the columns that are said, with the others automatic.
    private mutating func roles() throws(TOMLError) -> RolePolicy? {
        guard case .table? = node("roles")?.value, var table = try table("roles") else {
            return try choice("roles", "role policy", [("automatic", RolePolicy.automatic)])
        }
        var overrides: [String: ColumnRole] = [:]
        for name in table.keys {
            overrides[name] = try table.choice(
                name, "role", ColumnRole.assignable.map { (name: $0.rawValue, thing: $0) })
        }
        return .automatic(overrides)
    }

    /// `name = "above / below"`, or `name = { numerator = "above", denominator = "below" }` where a column's own name
    /// has a slash.
    private mutating func derivedColumn(_ name: String) throws(TOMLError) -> DerivedColumn {
        if case .table? = node(name)?.value, var parts = try table(name) {
            guard let above = try parts.string("numerator") else { throw parts.missing("numerator", "a column") }
            guard let below = try parts.string("denominator") else { throw parts.missing("denominator", "a column") }
            try parts.finish()
            return DerivedColumn(name: name, numerator: above, denominator: below)
        }
        let parts = try string(name)?.ratio
        guard let parts else {
            throw error(at: name, "'\(visible(name))' must be a ratio of two columns, such as \"rooms / households\"")
        }
        return DerivedColumn(name: name, numerator: parts.above, denominator: parts.below)
    }
}

extension String {
    /// The two sides of the one slash; nil where there is another number of slashes, or nothing beside it.
    var ratio: (above: String, below: String)? {
        let parts = split(separator: "/", omittingEmptySubsequences: false).map { part in
            String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        return (parts[0], parts[1])
    }
}
