import Foundation
import JobFile
import Tabular
import Testing
import TrainCore

@Suite struct RecipeTests {
    @Test func theTemplateIsTheBuiltInJob() throws {
        let recipe = try Recipe.read(Recipe.template, file: "train.toml")
        #expect(recipe.data == TableRecipe(source: .builtin("storms"), targets: ["wind"], targetScale: 10))
        #expect(recipe.dashboard == DashboardSettings(theme: "midnight", pace: 200))
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

    @Test func aScheduleMayHaveLists() throws {
        let text = """
            [optimizer.schedule]
            name = "piecewise_constant"
            boundaries = [100, 200.0]
            values = [1, 0.5, 0.1]
            """
        let recipe = try Recipe.read(text, file: "a.toml")
        #expect(recipe.job.schedule.list(of: "boundaries") == [100, 200])
        #expect(recipe.job.schedule.list(of: "values") == [1, 0.5, 0.1])
        #expect(try Recipe.read(recipe.tomlText, file: "again.toml") == recipe)
        for (bad, line) in [
            ("values = [1, 0.5, 0.1]", "values = [1, 0.5]"), ("[100, 200.0]", "[200, 100]"),
            ("[100, 200.0]", "[-1, 2]"),
            ("[1, 0.5, 0.1]", "[1, 'x', 2]"), ("[1, 0.5, 0.1]", "3"),
        ] {
            #expect(throws: JobFileError.self) {
                try Recipe.read(text.replacingOccurrences(of: bad, with: line), file: "a.toml")
            }
        }
    }

    @Test func theReferenceJobsRead() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.golden.path)
        let jobs = names.map { Self.golden.appendingPathComponent("\($0)/job.toml").path }
            .filter { FileManager.default.fileExists(atPath: $0) }
        #expect(!jobs.isEmpty)
        for path in jobs {
            let recipe = try Recipe.read(path: path)
            #expect(recipe.job.sampling == .sequential && recipe.data.targets == ["y"] && recipe.dashboard.pace == 0)
            #expect(try Recipe.read(recipe.tomlText, file: "again.toml") == recipe)
        }
    }
}
