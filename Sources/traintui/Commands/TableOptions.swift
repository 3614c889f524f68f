import ArgumentParser
import JobFile
import Tabular
import Wording

/// How a table is read, where its columns are judged by what they hold.
struct TableOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Predict this column; may be given more than once.", valueName: "column"))
    var target: [String] = []

    @Option(
        help: ArgumentHelp(
            "What a column is: number, category, date, yes_no or ignore; may be given more than once.",
            valueName: "column=role"))
    var role: [String] = []

    @Option(help: ArgumentHelp("Leave this column out; may be given more than once.", valueName: "column"))
    var ignore: [String] = []

    @Option(help: ArgumentHelp("Predict from this column; may be given more than once.", valueName: "column"))
    var feature: [String] = []

    @Option(
        help: ArgumentHelp("What is predicted: classification or regression.", valueName: "task"),
        completion: .list(LearningTask.allCases.map(\.rawValue)))
    var task: String?

    @Option(
        help: ArgumentHelp("What is done about gaps in numbers: error, drop, mean or median.", valueName: "policy"),
        completion: .list(MissingPolicy.allCases.map(\.rawValue)))
    var missing: String?

    @Option(
        help: ArgumentHelp(
            "How rows are shared out: group=COLUMN keeps those of one group together, time=COLUMN tests on the latest.",
            valueName: "group=column"))
    var split: String?

    @Option(help: ArgumentHelp("The share of all rows held back for the test at the end.", valueName: "x"))
    var testFraction: Double?

    @Option(help: ArgumentHelp("The share of the other rows held back for validation.", valueName: "x"))
    var validationFraction: Double?

    /// Whether no option was given.
    var isEmpty: Bool {
        target.isEmpty && role.isEmpty && ignore.isEmpty && feature.isEmpty && task == nil && missing == nil
            && split == nil && testFraction == nil && validationFraction == nil
    }

    /// How a table is read where there is no job file; nil where there is no table.
    func reading(of data: String?) throws(Failure) -> TableRecipe? {
        guard let data else { return nil }
        guard !target.isEmpty else {
            throw Failure(.usage, "--data needs --target: which column of \(visible(data)) is to be predicted?")
        }
        var recipe = AutomaticJob.reading(TableSource.named(data), targets: target)
        try apply(to: &recipe)
        return recipe
    }

    /// The recipe with every option that was given in its place.
    func apply(to recipe: inout TableRecipe) throws(Failure) {
        if !role.isEmpty || !ignore.isEmpty || task != nil || split != nil {
            guard var overrides = recipe.roles?.overrides else {
                throw Failure(
                    .usage,
                    "--role, --ignore, --task and --split need a job with roles = \"automatic\", or --data without a job"
                )
            }
            for (name, role) in try roles() { overrides[name] = role }
            recipe.roles = .automatic(overrides)
        }
        if !feature.isEmpty { recipe.features = feature }
        if let task {
            recipe.task = try choice(task, "task", LearningTask.allCases.map { ($0.rawValue, $0) })
        }
        if let split {
            guard let policy = SplitPolicy(split) else {
                throw Failure(.usage, "--split \(visible(split)): expected group=COLUMN or time=COLUMN")
            }
            recipe.split = policy
        }
        if let missing {
            recipe.missing = try choice(missing, "policy", MissingPolicy.allCases.map { ($0.rawValue, $0) })
        }
        for (value, name) in [(testFraction, "--test-fraction"), (validationFraction, "--validation-fraction")] {
            if let value, let objection = NumberRange.belowOne.objection(to: value) {
                throw Failure(.usage, "\(name) \(objection)")
            }
        }
        recipe.testFraction = testFraction ?? recipe.testFraction
        recipe.validationFraction = validationFraction ?? recipe.validationFraction
    }

    /// The roles that the options give to columns. A name may have `=` in it, a role has not.
    private func roles() throws(Failure) -> [String: ColumnRole] {
        var roles: [String: ColumnRole] = [:]
        for option in role {
            guard let mark = option.lastIndex(of: "=") else {
                throw Failure(.usage, "--role \(visible(option)): expected COLUMN=ROLE, such as zip=category")
            }
            roles[String(option[..<mark])] = try choice(
                String(option[option.index(after: mark)...]), "role", ColumnRole.assignable.map { ($0.rawValue, $0) })
        }
        for name in ignore { roles[name] = .ignore }
        return roles
    }

    private func choice<Thing>(
        _ name: String, _ kind: String, _ things: [(name: String, thing: Thing)]
    ) throws(Failure) -> Thing {
        if let found = things.first(where: { $0.name == name }) { return found.thing }
        let names = things.map(\.name)
        throw Failure(
            .usage, "there is no \(kind) '\(visible(name))'; \(hint(for: name, among: names, plural: "\(kind)s"))")
    }
}
