import Foundation
import JobFile
import Tabular
import Testing
import TrainCore

@Suite struct RecipeTests {
    @Test func theTemplateIsTheBuiltInJob() throws {
        let recipe = try Recipe.read(Recipe.template, file: "train.toml")
        #expect(recipe.data == TableRecipe(source: .builtin("storms"), targets: ["wind"], targetScale: 10))
        #expect(recipe.dashboard == DashboardSettings(pace: 200))
        let job = TrainingJob(
            model: Sequential([
                Dense(30, activation: .elu, kernelInitializer: .heNormal, kernelRegularizer: .l2(0.05)),
                Dense(1, kernelRegularizer: .l2(0.05)),
            ]))
        #expect(recipe == Recipe(data: recipe.data, job: job, dashboard: recipe.dashboard))
        #expect(Recipe.builtin == recipe)
    }

    @Test func anEmptyFileIsTheBuiltInJobAtFullSpeed() throws {
        var recipe = Recipe.builtin
        recipe.dashboard.pace = 0
        #expect(try Recipe.read("", file: "a.toml") == recipe)
    }

    @Test func whatIsWrittenReadsToTheSame() throws {
        var recipe = Recipe.builtin
        #expect(try Recipe.read(recipe.tomlText, file: "a.toml") == recipe)
        recipe.data = TableRecipe(
            source: .path("odd \"name\"\\\u{1B}\n.csv"), targets: ["a", "é"], features: ["x/y", "r"], targetScale: 1e-7,
            standardize: false, testFraction: 0, validationFraction: 0.1, missing: .median,
            derive: [
                DerivedColumn(name: "z r", numerator: "x/y", denominator: "b"),
                DerivedColumn(name: "a q", numerator: "c", denominator: "d"),
            ])
        recipe.job.model = Sequential([
            Dense(3, kernelRegularizer: .l1l2(l1: 0.1, l2: 1e20), kernelConstraint: .maxNorm(3), dropout: 0.5),
            Dense(2, kernelConstraint: .nonNegative), Dense(2, kernelConstraint: .unitNorm),
        ])
        recipe.job.metrics = []
        recipe.job.clipping = .globalNorm(0.1)
        recipe.job.seed = .max
        recipe.job.sampling = .sequential
        recipe.job.optimizer.set("learning_rate", to: 1e-5)
        recipe.dashboard.theme = "my theme.toml"
        let again = try Recipe.read(recipe.tomlText, file: "a.toml")
        #expect(again.tomlText == recipe.tomlText)
        #expect(again.data == recipe.data && again.job.seed == .max && again.job.clipping == .globalNorm(0.1))
        #expect(again.job.model.layers.map(\.kernelConstraint) == [.maxNorm(3), .nonNegative, .unitNorm])
    }

    @Test func rolesAreReadAndWritten() throws {
        let text = "[data]\npath = 't.csv'\ntarget = 'y'\n"
        #expect(try Recipe.read(text, file: "a.toml").data.roles == nil)
        let plain = try Recipe.read(text + "roles = 'automatic'\n", file: "a.toml")
        #expect(plain.data == TableRecipe(source: .path("t.csv"), targets: ["y"], roles: .automatic))
        #expect(try Recipe.read(plain.tomlText, file: "a.toml").data == plain.data)
        #expect(plain.tomlText.contains("\nroles = \"automatic\"\n"))
        let said = try Recipe.read(
            text + "task = 'classification'\nscaling = 'robust'\ntarget_scaling = 'standard'\nstratify = false\n"
                + "[data.roles]\n\"zip \\\"code\" = 'category'\nwhen = 'date'\nx = 'ignore'\n[data.derive]\nr = 'a / b'\n",
            file: "a.toml")
        #expect(
            said.data
                == TableRecipe(
                    source: .path("t.csv"), targets: ["y"],
                    derive: [DerivedColumn(name: "r", numerator: "a", denominator: "b")],
                    roles: .automatic(["zip \"code": .category, "when": .date, "x": .ignore]), task: .classification,
                    scaling: .robust, targetScaling: .standard, stratify: false))
        let again = try Recipe.read(said.tomlText, file: "a.toml")
        #expect(again == said && again.data == said.data)
        let split = try Recipe.read(text + "roles = 'automatic'\nsplit = 'time=a=b'\n", file: "a.toml")
        #expect(split.data.split == .time("a=b"))
        #expect(try Recipe.read(split.tomlText, file: "a.toml").data == split.data)
        #expect(try Recipe.read(text + "[data.roles]\n", file: "a.toml").data.roles == .automatic)
    }

    @Test func pathsAreRelativeToTheJobFile() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("job-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("job.toml").path
        try "[data]\npath = 't.csv'\ntarget = 'y'\n".write(toFile: path, atomically: true, encoding: .utf8)
        let recipe = try Recipe.read(path: path)
        #expect(recipe.data.source == .path(folder.path + "/t.csv"))
        for (bad, line) in [
            (folder.path, "\(folder.path): is a directory, not a job file"),
            (path + "x", "\(path)x: no such job file"),
        ] {
            let error = #expect(throws: JobFileError.self) { try Recipe.read(path: bad) }
            #expect(error?.kind == .noInput && error?.description == line)
        }
    }

    static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../TrainCoreTests/Golden").standardizedFileURL

    @Test func schedulesAreSaidInKerassWords() throws {
        func job(_ schedule: String, learningRate: String = "") throws -> TrainingJob {
            let recipe = try Recipe.read(
                "[optimizer]\nname = 'sgd'\n\(learningRate)\n[optimizer.schedule]\n\(schedule)", file: "a.toml")
            #expect(try Recipe.read(recipe.tomlText, file: "again.toml") == recipe)
            return recipe.job
        }
        func rates(_ job: TrainingJob, _ steps: [Int]) -> [Double] {
            steps.map { job.schedule.rate(after: $0, learningRate: job.optimizer.learningRate) }
        }
        let pieces = "name = 'piecewise_constant'\nboundaries = [100, 200.0]\nvalues = [0.02, 0.005, 1e-3]"
        var read = try job(pieces)
        #expect(read.optimizer.learningRate == 0.02)
        #expect(rates(read, [0, 100, 101, 200, 201]) == [0.02, 0.02, 0.005, 0.005, 1e-3])
        read = try job(pieces, learningRate: "learning_rate = 0.5")
        #expect(read.optimizer.learningRate == 0.5)
        #expect(rates(read, [0, 101]) == [0.02, 0.005])

        let warmUp = "name = 'cosine_decay'\ndecay_steps = 50\nalpha = 0.5\nwarmup_target = 0.25\nwarmup_steps = 4"
        #expect(
            rates(try job(warmUp, learningRate: "learning_rate = 0.125"), [0, 2, 4, 54]) == [
                0.125, 0.1875, 0.25, 0.125,
            ])
        read = try job(warmUp + "\ninitial_learning_rate = 0")
        #expect(read.optimizer.learningRate == 0.25 && rates(read, [0, 1, 4]) == [0, 0.0625, 0.25])

        let decay =
            "name = 'exponential_decay'\ninitial_learning_rate = 0.5\ndecay_steps = 10\ndecay_rate = 0.5\nstaircase = true"
        read = try job(decay)
        #expect(read.optimizer.learningRate == 0.5 && rates(read, [0, 9]) == [0.5, 0.5])
        read = try job("name = 'one_cycle'\nmax_lr = 0.5\ntotal_steps = 10")
        #expect(read.optimizer.learningRate == 0.5 && rates(read, [2]) == [0.5])
    }

    @Test(arguments: [
        ("boundaries = [5, 5]\nvalues = [1, 2, 3]", "3:1: 'boundaries' must rise"),
        ("boundaries = [5]\nvalues = [1]", "4:1: 'values' must have one number more than boundaries: 2, not 1"),
        ("boundaries = [5]", "1:1: 'values' must have one number more than boundaries: 2, not 0"),
        ("values = [-1]", "3:1: each of 'values' must be at least 0, not -1.0"),
        ("boundaries = [0.5]\nvalues = [1, 2]", "3:1: each of 'boundaries' must be a whole number, not 0.5"),
        ("values = [1, 'x']", "3:14: 'values' must be a list of numbers, but this item is a string"),
        ("values = 3", "3:1: 'values' must be a list of numbers, not a whole number"),
        (
            "values = [1]\nalpha = 1",
            "4:1: unknown key 'alpha' in [optimizer.schedule]; the known keys are name, boundaries, values"
        ),
    ])
    func whatIsWrongWithAScheduleIsSaidInPlace(_ lines: String, _ message: String) {
        let text = "[optimizer.schedule]\nname = 'piecewise_constant'\n\(lines)"
        let error = #expect(throws: JobFileError.self) { try Recipe.read(text, file: "a.toml") }
        #expect(error?.description == "a.toml:\(message)")
    }

    @Test func theReferenceJobsRead() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.golden.path)
        let jobs = names.map { Self.golden.appendingPathComponent("\($0)/job.toml").path }
            .filter { FileManager.default.fileExists(atPath: $0) }
        #expect(!jobs.isEmpty)
        for path in jobs {
            let recipe = try Recipe.read(path: path)
            #expect(recipe.job.sampling == .sequential && recipe.dashboard.pace == 0)
            #expect(recipe.data.targets == (path.contains("two-targets") ? ["y0", "y1"] : ["y"]))
            #expect(try Recipe.read(recipe.tomlText, file: "again.toml") == recipe)
        }
    }
}
