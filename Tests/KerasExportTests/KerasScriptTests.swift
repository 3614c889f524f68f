import Foundation
import JobFile
import KerasExport
import Tabular
import Testing
import TrainCore
import TrainEngine

@Suite struct KerasScriptTests {
    /// A script of a job, from the journal of its run.
    private func script(_ recipe: Recipe, _ entries: [JournalEntry]? = nil) throws -> KerasScript {
        let data = try PreparedData.load(
            recipe.data, seed: recipe.job.seed, targetsAreClasses: type(of: recipe.job.loss).targetsAreClasses)
        let way = if let entries { try FinalWay(entries) } else { FinalWay() }
        var file = "storms.csv"
        if case .path = recipe.data.source { file = "flowers.csv" }
        return try KerasScript(
            recipe, data: data, title: "a \"title\"\nof two lines", way: way, tableFile: file, program: "traintui")
    }

    /// A job on a file that lasts as long as the script is made.
    private func script(ofFlowers text: String) throws -> KerasScript {
        let table = FileManager.default.temporaryDirectory.appending(path: "flowers-\(UUID().uuidString).csv")
        var rows = "kind;length;width;colour\n"
        for row in 0..<60 {
            let kind = ["rose", "tulip", "a \"\"lily\"\""][row % 3]
            rows += "\"\(kind)\";\(row * 7 % 13);\(row % 5 + 1);\(["red", "", "blue"][row * 5 % 7 % 3])\n"
        }
        try Data(rows.utf8).write(to: table)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: table) } }
        return try script(
            Recipe.read(text.replacing("FLOWERS", with: table.path(percentEncoded: false)), file: "flowers.toml"))
    }

    private static let flowers = """
        seed = 18446744073709551615
        [data]
        path = "FLOWERS"
        target = "kind"
        features = ["length", "colour", "ratio"]
        missing = "median"
        [data.derive]
        ratio = "length / width"
        [model]
        loss = "sparse_categorical_crossentropy"
        metrics = ["sparse_categorical_accuracy"]
        [[model.layers]]
        units = 8
        activation = "gelu"
        kernel_constraint = { max_norm = 2.0 }
        dropout = 0.25
        [[model.layers]]
        units = 3
        activation = "softmax"
        kernel_initializer = "lecun_normal"
        [optimizer]
        name = "sgd"
        clipnorm = 0.5
        [optimizer.schedule]
        name = "one_cycle"
        max_lr = 0.1
        total_steps = 12
        [training]
        epochs = 2
        batch_size = 5
        sampling = "shuffle"
        """.replacing("seed = 18446744073709551615", with: "seed = \"18446744073709551615\"")

    private func edit(
        _ number: Int, _ name: String, _ old: Double, _ new: Double, over: Int = 0, at step: Int,
        choice: String? = nil
    ) -> JournalEntry {
        .edited(
            HyperparameterChange(number: number, request: nil, name: name, old: old, new: new, over: over, step: step),
            choice: choice)
    }

    private func check(_ step: Int, epoch: Int) -> JournalEntry.Check {
        JournalEntry.Check(step: step, epoch: epoch, meanLoss: 0, weights: 0)
    }

    @Test("The built-in job is the book's loop, and nothing that it does without is in it")
    func builtin() throws {
        expectSnapshot(try script(.builtin).text, named: "builtin")
    }

    @Test("A job with a bit of everything")
    func flowers() throws {
        expectSnapshot(try script(ofFlowers: Self.flowers).text, named: "flowers")
    }

    @Test("Edits appear as they were made, and what was undone or abandoned does not")
    func edits() throws {
        let race = Race(
            name: "optimizer",
            entrants: [Race.Entrant(branch: BranchID(3), value: 0), Race.Entrant(branch: BranchID(4), value: 3)],
            step: 1000)
        let entries: [JournalEntry] = [
            .epochEnded(check(343, epoch: 1)),
            edit(1, "learning_rate", 0.01, 0.005, at: 500),
            edit(2, "layers.0.l2", 0.05, 0, at: 500),
            edit(3, "beta_1", 0.9, 0.8, at: 600),
            .branchedOff(branch: BranchID(2), at: .init(step: 600, edits: 2), after: 650, cause: .undo),
            edit(4, "batch_size", 32, 64, over: 100, at: 700),
            .raceBegan(race),
            .raceEnded(
                adopted: BranchID(3), after: 1000,
                tips: [3, 4].map { .init(branch: BranchID($0), position: .init(step: 1100, edits: 4)) }),
            edit(9, "momentum", 0, 0.9, at: 1100),
            edit(10, "learning_rate", 0.005, 0.001, over: 50, at: 1120),
            edit(11, "epochs", 5, 6, at: 1130),
            .ended(check(1200, epoch: 5)),
        ]
        expectSnapshot(try script(.builtin, entries).text, named: "edits")
    }

    @Test("A run that was ended early ends early, one that was not has its epochs")
    func ends() throws {
        func isShort(_ entries: [JournalEntry]) throws -> Bool {
            try script(.builtin, entries).text.contains("last_step")
        }
        #expect(try isShort([.ended(check(1714, epoch: 5))]))
        #expect(try !isShort([.ended(check(1715, epoch: 5))]))
        #expect(try isShort([edit(1, "epochs", 5, 6, at: 1715), .ended(check(1715, epoch: 5))]))
        // 10,989 rows: 343 steps of 32; then 600 of 32, of which 257 in the second epoch, and 43 of 64.
        let longer = edit(1, "batch_size", 32, 64, at: 600)
        #expect(try isShort([longer, .ended(check(600 + 43 + 3 * 171 - 1, epoch: 5))]))
        #expect(try !isShort([longer, .ended(check(600 + 43 + 3 * 171, epoch: 5))]))
    }

    @Test("A journal that cannot be is refused in one line")
    func refusals() throws {
        func refusal(_ entries: JournalEntry...) throws -> String? {
            do { _ = try script(.builtin, entries) } catch let error as KerasExportError { return "\(error)" }
            return nil
        }
        #expect(
            try refusal(edit(1, "warmth", 1, 2, at: 3)) == "step 3: nadam has no hyperparameter 'warmth' to change")
        #expect(try refusal(edit(1, "batch_size", 32, 1e300, at: 3)) == "step 3: batch_size must be at most 10989")
        #expect(
            try refusal(.returned(to: BranchID(7), after: 3, cause: .branch))
                == "the journal goes on with branch 7, which there is not")
        #expect(
            try refusal(.branchedOff(branch: BranchID(2), at: .init(step: 9, edits: 0), after: 3, cause: .step))
                == "the journal goes back to step 9, where the run never was")
        #expect(
            try refusal(.raceEnded(adopted: nil, after: 3, tips: []))
                == "the journal ends a race at step 3 that never began")
    }

    @Test("Everything in the catalogue has a name in Keras")
    func names() throws {
        var recipe = Recipe.builtin
        for loss in Catalogue.losses where !loss.targetsAreClasses {
            recipe.job.loss = loss.init()
            #expect(try !script(recipe).text.contains("keras.losses.()"), "\(loss.name)")
        }
        recipe.job.metrics = Catalogue.metrics.map { $0.init() }
        #expect(try !script(recipe).text.contains("keras.metrics.()"))
        for optimizer in Catalogue.optimizers {
            recipe.job.optimizer = optimizer.init()
            #expect(try !script(recipe).text.contains("keras.optimizers.("), "\(optimizer.name)")
        }
        for schedule in Catalogue.schedules {
            recipe.job.schedule = schedule.init()
            #expect(try !script(recipe).text.contains("keras.optimizers.schedules.("), "\(schedule.name)")
        }
    }

    @Test("Python can read every script that the tests keep", .enabled(if: python != nil, "there is no python3 here"))
    func syntax() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Snapshots")
        let scripts = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "txt" }
        #expect(!scripts.isEmpty)
        for script in scripts {
            let process = Process()
            process.executableURL = Self.python
            process.arguments = [
                "-c", "import ast, sys; ast.parse(open(sys.argv[1], encoding='utf-8').read())",
                script.path(percentEncoded: false),
            ]
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0, "\(script.lastPathComponent)")
        }
    }

    private static let python: URL? = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { URL(filePath: String($0)).appending(path: "python3") }
        .first { FileManager.default.isExecutableFile(atPath: $0.path(percentEncoded: false)) }
}
