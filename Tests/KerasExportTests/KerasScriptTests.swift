import Foundation
import JobFile
import Tabular
import Testing
import TrainCore
import TrainProtocol

@testable import KerasExport

@Suite struct KerasScriptTests {
    /// A script of a job, from the journal of its run.
    private func script(
        _ recipe: Recipe, _ entries: [JournalEntry]? = nil, bestStep: Int? = nil
    ) throws -> KerasScript {
        let data = try PreparedData.load(
            recipe.data, seed: recipe.job.seed, targetsAreClasses: type(of: recipe.job.loss).targetsAreClasses)
        var file = "storms.csv"
        if case .path = recipe.data.source { file = "flowers.csv" }
        return try KerasScript(
            recipe, data: data, title: "a \"title\"\nof two lines", entries: entries, tableFile: file,
            bestStep: bestStep, program: "traintui")
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
        _ number: Int, _ name: String, _ old: SettingValue, _ new: SettingValue, over: Int = 0, at step: Int
    ) -> JournalEntry {
        .edited(Edit(number: number, name: name, old: old, new: new, over: over, step: step))
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

    @Test("A job whose columns are judged by what they hold has what was found out in it")
    func judged() throws {
        let judged = Self.flowers.replacing("missing = \"median\"", with: "missing = \"median\"\nroles = \"automatic\"")
        expectSnapshot(try script(ofFlowers: judged).text, named: "judged")
        let values = judged.replacing("target = \"kind\"", with: "target = \"length\"\ntarget_scaling = \"standard\"")
            .replacing("\"length\", \"colour\"", with: "\"width\", \"colour\"").replacing(
                "length / width", with: "width / width"
            )
            .replacing("sparse_categorical_crossentropy", with: "mean_squared_error")
            .replacing("\"sparse_categorical_accuracy\"", with: "").replacing("units = 3", with: "units = 1")
        let text = try script(ofFlowers: values).text
        #expect(text.contains("\nTargets are in deviations from their mean, and so are losses and errors here.\n"))
        #expect(text.contains("\ny_train[:, 0] = (y_train[:, 0].astype(np.float64) - "))
        #expect(text.contains("\nrows = rows[27:]\n") && !text.contains("class_numbers"))
        let error = #expect(throws: KerasExportError.self) {
            try script(ofFlowers: judged.replacing("\"median\"", with: "\"drop\""))
        }
        #expect(error?.description.contains("missing = \"drop\" cannot be exported") == true)
    }

    @Test("Edits appear as they were made, and what was undone or abandoned does not")
    func edits() throws {
        let race = Race(
            name: "optimizer", old: .choice("nadam"),
            entrants: [
                Race.Entrant(branch: BranchID(3), value: .choice("sgd"), edit: 5),
                Race.Entrant(branch: BranchID(4), value: .choice("adam"), edit: 6),
            ],
            step: 1000)
        let entries: [JournalEntry] = [
            .epochEnded(check(343, epoch: 1)),
            edit(1, "learning_rate", 0.01, 0.005, at: 500),
            edit(2, "layers.0.l2", 0.05, 0, at: 500),
            edit(3, "beta_1", 0.9, 0.8, at: 600),
            .branchedOff(BranchID(2), at: .init(step: 600, edits: 2), after: 650, cause: .undo),
            edit(4, "batch_size", 32, 64, over: 100, at: 700),
            .raceBegan(race),
            .raceEnded(
                adopted: BranchID(3), after: 1000,
                tips: [3, 4].map { .init(branch: BranchID($0), moment: .init(step: 1100, edits: 4)) }),
            edit(9, "momentum", 0, 0.9, at: 1100),
            edit(10, "learning_rate", 0.005, 0.001, over: 50, at: 1120),
            edit(11, "epochs", 5, 6, at: 1130),
            .ended(check(1200, epoch: 5)),
        ]
        expectSnapshot(try script(.builtin, entries).text, named: "edits")
    }

    @Test("A run whose best weights count ends with those, and else says nothing of them")
    func best() throws {
        let text = try script(.builtin, bestStep: 1029).text
        #expect(text.contains("Keras's EarlyStopping with restore_best_weights.\n"))
        #expect(
            text.hasSuffix(
                """
                epochs = 5
                batch_size = 32
                step = 0
                best_step = 1029  # the validation loss was lowest after it
                for epoch in range(1, epochs + 1):
                    for step_in_epoch in range(len(X_train) // batch_size):
                        batch = random_batch(epoch, step_in_epoch)
                        train_step(X_train[batch], y_train[batch])
                        step += 1
                        if step == best_step:
                            best_weights = model.get_weights()
                    print_epoch(epoch)
                model.set_weights(best_weights)

                """))
        #expect(try !script(.builtin).text.contains("best"))
        // Somebody may evaluate before the first step, and nothing better come of it.
        let atStart = try script(.builtin, bestStep: 0).text
        #expect(atStart.contains("best_weights = model.get_weights()\nfor epoch"))
        #expect(!atStart.contains("if step == best_step"))
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
                == "there is no branch 7 to return to")
        #expect(
            try refusal(.branchedOff(BranchID(2), at: .init(step: 9, edits: 0), after: 3, cause: .step))
                == "the run never was at step 9 with 0 edits")
        #expect(
            try refusal(.raceEnded(adopted: nil, after: 3, tips: []))
                == "there is no race")
        #expect(
            try refusal(edit(1, "optimizer", .choice("nadam"), .choice("adma"), at: 3))
                == "step 3: there is no optimizer 'adma'; did you mean 'adam'?")
        #expect(
            try refusal(edit(1, "batch_size", 32, .flag(true), at: 3)) == "step 3: batch_size must be a number")
        #expect(
            try refusal(edit(1, "learning_rate", 1, 2, over: .max, at: .max))
                == "step \(Int.max): an edit cannot take \(Int.max) steps")
        #expect(
            try refusal(edit(1, "learning_rate", 1, 2, over: -1, at: 3)) == "step 3: an edit cannot take -1 steps")
        #expect(
            try refusal(edit(1, "epochs", 5, 9, over: 3, at: 3)) == "step 3: epochs cannot be changed step by step")
        #expect(
            try refusal(.ended(check(1 << 53, epoch: 5)))
                == "all epochs are done, where the journal goes on to step 9007199254740992")
        #expect(
            try refusal(
                edit(1, "epochs", 5, 1e9, at: 1), edit(2, "batch_size", 32, 10_989, over: 1 << 53, at: 1),
                .ended(check(1 << 52, epoch: 5)))
                == "all epochs are done, where the journal goes on to step 4503599627370496")
        #expect(try refusal(.ended(check(5, epoch: 1)), .ended(check(6, epoch: 1))) != nil)
    }

    @Test("Entries in any order, repeated, negative and huge, are a script or one line", arguments: 1...20)
    func nonsense(seed: UInt64) throws {
        let random = Philox(seed: seed, stream: .batches)
        var drawn: UInt32 = 0
        func below(_ count: Int) -> Int {
            drawn += 1
            return Int(random.block(drawn, 0, 0, 0).0 % UInt32(count))
        }
        func number() -> Int {
            [0, 1, 2, 3, 343, 1715, -1, .min, .max, .max - 1, 1 << 53, below(2000)][below(12)]
        }
        func entry() -> JournalEntry {
            let (branch, moment) = (BranchID(number()), Moment(step: number(), edits: number()))
            let names = ["learning_rate", "batch_size", "epochs", "optimizer", "layers.0.l2", "nesterov", "x"]
            let values: [SettingValue] = [
                0, 1, 64, -1, .number(.nan), .number(.infinity), 1e300, .flag(true), .choice("adam"), .choice("x"),
            ]
            let (name, value) = (names[below(names.count)], values[below(values.count)])
            switch below(6) {
            case 0, 1: return edit(number(), name, value, value, over: number(), at: number())
            case 2: return .branchedOff(branch, at: moment, after: number(), cause: .undo)
            case 3: return .returned(to: branch, after: number(), cause: .redo)
            case 4:
                let entrants = (0..<below(4)).map { Race.Entrant(branch: BranchID(2 + $0), value: value, edit: nil) }
                return .raceBegan(Race(name: name, old: nil, entrants: entrants, step: number()))
            default:
                return .raceEnded(adopted: branch, after: number(), tips: [.init(branch: branch, moment: moment)])
            }
        }
        let data = try PreparedData.load(Recipe.builtin.data, seed: 42, targetsAreClasses: false)
        for _ in 0..<500 {
            let entries = (0..<1 + below(4)).map { _ in entry() }
            do throws(KerasExportError) {
                _ = try KerasScript(
                    .builtin, data: data, title: "", entries: entries + entries, tableFile: "", program: ""
                ).text
                _ = try KerasScript(
                    .builtin, data: data, title: "", entries: entries, tableFile: "", program: ""
                ).text
            } catch {
                #expect(!error.description.isEmpty && !error.description.contains("\n"))
            }
        }
    }

    @Test("What the catalogue has is written, or refused in one line", arguments: Catalogue.optimizers.indices)
    func catalogue(index: Int) throws {
        var recipe = Recipe.builtin
        recipe.job.optimizer = Catalogue.optimizers[index].init()
        let switched = edit(1, "optimizer", .choice("nadam"), .choice(Catalogue.optimizers[index].name), at: 3)
        for (recipe, entries) in [(recipe, nil), (.builtin, [switched])] {
            do {
                #expect(try !script(recipe, entries).text.contains("keras.optimizers.("))
            } catch let error as KerasExportError {
                #expect(error.description.contains("cannot be written for Keras; these can: adagrad, adam, "))
            }
        }
    }

    @Test("What Keras has not is refused in one line")
    func notInKeras() throws {
        struct Halving: LearningRateSchedule {
            static let name = "halving"
            static let settings: [Setting<Halving>] = []
            func rate(after step: Int, learningRate: Double) -> Double { learningRate / 2 }
        }
        var recipe = Recipe.builtin
        recipe.job.schedule = Halving()
        let error = #expect(throws: KerasExportError.self) { try script(recipe) }
        #expect(
            error?.description
                == "the schedule 'halving' cannot be written for Keras; these can: "
                + "constant, cosine_decay, exponential_decay, one_cycle, piecewise_constant")
        recipe = .builtin
        recipe.job.batchSize = 20_000
        let tooLarge = #expect(throws: KerasExportError.self) { try script(recipe) }
        #expect(tooLarge?.description == "the batch size is 20000, but there are only 10989 rows to train on")
    }

    @Test("Losses, metrics, optimizers and schedules have Keras's names")
    func names() throws {
        var recipe = Recipe.builtin
        for loss in Catalogue.losses where !loss.targetsAreClasses {
            guard let constructor = KerasNames.losses[loss.name] else { continue }
            recipe.job.loss = loss.init()
            #expect(try script(recipe).text.contains("keras.losses.\(constructor)()"), "\(loss.name)")
        }
        recipe.job.loss = Recipe.builtin.job.loss
        for (name, constructor) in KerasNames.optimizers {
            recipe.job.optimizer = try #require(Catalogue.optimizers.first { $0.name == name }).init()
            #expect(try script(recipe).text.contains("keras.optimizers.\(constructor)("), "\(name)")
        }
        for (name, constructor) in KerasNames.schedules where !constructor.isEmpty {
            recipe.job.schedule = try #require(Catalogue.schedules.first { $0.name == name }).init()
            #expect(try script(recipe).text.contains("keras.optimizers.schedules.\(constructor)("), "\(name)")
        }
        for (name, constructor) in KerasNames.metrics where name != "r2_score" {
            recipe.job.metrics = [try #require(Catalogue.metrics.first { $0.name == name }).init()]
            #expect(try script(recipe).text.contains("keras.metrics.\(constructor)()"), "\(name)")
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
