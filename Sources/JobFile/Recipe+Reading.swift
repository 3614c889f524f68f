import FileAccess
import Foundation
import TOMLTree
import Tabular
import TrainCore
import Wording

extension Recipe {
    /// Bytes of a job file, at most. Jobs of a thousand layers with all that can be said of each have some 300,000; a file
    /// of a megabyte is another one, named by mistake, or has no end.
    static let greatestFile = 1 << 20

    /// Reads the job file at `path`. Paths in it are relative to its folder.
    package static func read(path: String) throws(JobFileError) -> Recipe {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try InputFile.read(path, meaning: "a job file", limit: greatestFile)
        } catch {
            switch error.kind {
            case .isMissing: throw JobFileError(.noInput, "\(visible(path)): no such job file")
            case .tooLarge: throw JobFileError(.badJob, error.description)
            case .isThere, .unusable, .other: throw JobFileError(.noInput, error.description)
            }
        }
        let folder = (path as NSString).deletingLastPathComponent
        do {
            let document = try TOMLNode.document(utf8: bytes, file: path)
            return try Recipe(TableReader(document: document, file: path), folder: folder)
        } catch {
            throw JobFileError(error)
        }
    }

    /// Reads a job from its text. `file` is what to call it in errors; relative paths in it are left as they are.
    package static func read(_ text: String, file: String) throws(JobFileError) -> Recipe {
        do {
            return try Recipe(TableReader(text, file: file), folder: "")
        } catch {
            throw JobFileError(error)
        }
    }

    private init(_ document: TableReader, folder: String) throws(TOMLError) {
        var document = document
        let seed = try document.seed()
        var data = TableRecipe(source: .builtin("storms"), targets: ["wind"], targetScale: 10)
        if var table = try document.table("data") { data = try table.tableRecipe(folder: folder) }
        var job = TrainingJob(model: Sequential([]), seed: seed)
        if var table = try document.table("model") { try table.readModel(into: &job) }
        if job.model.layers.isEmpty { job.model = .book(targets: data.targets.count) }
        if var table = try document.table("optimizer") { try table.readOptimizer(into: &job) }
        var policy = OnDivergence.pause
        var refit = false
        if var table = try document.table("training") {
            refit = try table.boolean("refit") ?? refit
            policy = try table.readTraining(into: &job) ?? policy
        }
        var dashboard = DashboardSettings()
        if var table = try document.table("dashboard") { dashboard = try table.dashboardSettings() }
        try document.finish()
        self.init(data: data, job: job, onDivergence: policy, refit: refit, dashboard: dashboard)
    }
}

extension Sequential {
    /// The book's model for tables: 30 units and one for each target.
    fileprivate static func book(targets: Int) -> Sequential {
        Sequential([
            Dense(30, activation: .elu, kernelInitializer: .heNormal, kernelRegularizer: .l2(0.05)),
            Dense(max(targets, 1), kernelRegularizer: .l2(0.05)),
        ])
    }
}

extension TableReader {
    /// Whole numbers beyond TOML's are written as strings.
    fileprivate mutating func seed() throws(TOMLError) -> UInt64 {
        if case .string(let text)? = node("seed")?.value {
            guard let seed = UInt64(text) else { throw error(at: "seed", "'seed' must be a whole number of 0 or more") }
            return seed
        }
        return UInt64(try integer("seed", in: 0...Int.max) ?? 42)
    }

    /// Reads how the job is trained, and what is done when it diverges.
    fileprivate mutating func readTraining(into job: inout TrainingJob) throws(TOMLError) -> OnDivergence? {
        job.epochs = try integer("epochs", in: 1...1_000_000_000) ?? job.epochs
        job.batchSize = try integer("batch_size", in: 1...1_000_000_000) ?? job.batchSize
        job.sampling = try choice("sampling", "sampling", Sampling.allCases.map { ($0.rawValue, $0) }) ?? job.sampling
        if var table = try table("early_stopping") { job.earlyStopping = try table.earlyStopping() }
        let policy = try choice("guard", "guard", OnDivergence.allCases.map { ($0.rawValue, $0) })
        try finish()
        return policy
    }

    private mutating func earlyStopping() throws(TOMLError) -> EarlyStopping {
        var rule = EarlyStopping()
        rule.patience = try integer("patience", in: 0...1_000_000_000) ?? rule.patience
        rule.minDelta = try number("min_delta", .notNegative) ?? rule.minDelta
        rule.startFromEpoch = try integer("start_from_epoch", in: 0...1_000_000_000) ?? rule.startFromEpoch
        rule.restoreBestWeights = try boolean("restore_best_weights") ?? rule.restoreBestWeights
        try finish()
        return rule
    }

    fileprivate mutating func dashboardSettings() throws(TOMLError) -> DashboardSettings {
        var settings = DashboardSettings()
        settings.theme = try string("theme") ?? settings.theme
        settings.pace = try number("pace", .notNegative) ?? settings.pace
        settings.historyMemory = try integer("history_memory", in: 0...1_000_000) ?? settings.historyMemory
        try finish()
        return settings
    }

    /// A number that `range` allows.
    mutating func number(_ key: String, _ range: NumberRange) throws(TOMLError) -> Double? {
        guard let value = try double(key) else { return nil }
        if let objection = range.objection(to: value) { throw error(at: key, "'\(key)' \(objection), not \(value)") }
        return value
    }

    /// One of several things by its name.
    mutating func choice<Thing>(
        _ key: String, _ kind: String, _ things: [(name: String, thing: Thing)]
    ) throws(TOMLError) -> Thing? {
        guard let name = try string(key) else { return nil }
        return try pick(name, at: key, kind, things)
    }

    /// The thing of that name; the error for another one stands at `key`.
    func pick<Thing>(
        _ name: String, at key: String, _ kind: String, _ things: [(name: String, thing: Thing)]
    ) throws(TOMLError) -> Thing {
        if let found = things.first(where: { $0.name == name }) { return found.thing }
        let names = things.map(\.name)
        let guess = closest(name, among: names).map { "did you mean '\($0)'? " } ?? ""
        throw error(
            at: key, "unknown \(kind) '\(visible(name, limit: 40))'; \(guess)known: \(names.joined(separator: ", "))")
    }
}
