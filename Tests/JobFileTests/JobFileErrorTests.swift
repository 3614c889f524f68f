import Foundation
import TOMLTree
import Testing
import TrainCore

@testable import JobFile

@Suite struct JobFileErrorTests {
    @Test(arguments: [
        (
            "[optimizer]\nlearningrate = 1",
            "2:1: unknown key 'learningrate' in [optimizer]; did you mean 'learning_rate'?"
        ),
        ("sed = 1", "1:1: unknown key 'sed'; did you mean 'seed'?"),
        ("[training]\nepochs = '5'", "2:1: 'epochs' must be a whole number, not a string"),
        ("[training]\nbatch_size = 0", "2:1: 'batch_size' must be at least 1, not 0"),
        ("[training]\nepochs = 99999999999", "2:1: 'epochs' must be at most 1000000000, not 99999999999"),
        ("seed = -1", "1:1: 'seed' must be at least 0, not -1"),
        ("seed = 'x'", "1:1: 'seed' must be a whole number of 0 or more"),
        (
            "[training]\nsampling = 'shufle'",
            "2:1: unknown sampling 'shufle'; did you mean 'shuffle'? known: random, shuffle, sequential"
        ),
        ("[optimizer]\nlearning_rate = -1", "2:1: 'learning_rate' must be greater than 0, not -1.0"),
        ("[optimizer]\nlearning_rate = nan", "2:1: 'learning_rate' must be a finite number, not nan"),
        ("[optimizer]\nclipnorm = 1\nclipvalue = 1", "2:1: 'clipnorm' and 'clipvalue' exclude each other"),
        ("[dashboard]\npace = -1", "2:1: 'pace' must be at least 0, not -1.0"),
        ("[[model.layers]]\nunits = 0", "2:1: 'units' must be at least 1, not 0"),
        (
            "[model]\nmetrics = []\n\n  [[model.layers]]\n  activation = 'elu'",
            "4:3: [model.layers] needs 'units', the layer's outputs"
        ),
        ("[[model.layers]]\nunits = 1\nkernel_regularizer = { l2 = -1 }", "3:24: 'l2' must be at least 0, not -1.0"),
        (
            "[[model.layers]]\nunits = 1\nkernel_constraint = { max = 1 }",
            "3:1: [model.layers.kernel_constraint] needs 'max_norm', a number"
        ),
        ("[[model.layers]]\nunits = 1\ndropout = 1", "3:1: 'dropout' must be less than 1, not 1.0"),
        ("[data]\ntarget = 'y'", "1:1: [data] needs 'path', a CSV file, or builtin = \"storms\""),
        ("[data]\npath = 'a.csv'", "1:1: [data] needs 'target', the column to predict"),
        ("[data]\npath = 'a'\nbuiltin = 'storms'", "2:1: [data] has both 'builtin' and 'path'; expected one of them"),
        ("[data]\npath = 'a'\ntarget = 'y'\ntest_fraction = 1", "4:1: 'test_fraction' must be less than 1, not 1.0"),
        (
            "[data]\npath = 'a'\ntarget = 'y'\nderive = { r = 'a' }",
            "4:12: 'r' must be a ratio of two columns, such as \"rooms / households\""
        ),
        (
            "[data]\npath = 'a'\ntarget = 'y'\nroles = 'auto'",
            "4:1: unknown role policy 'auto'; known: automatic"
        ),
        (
            "[data]\npath = 'a'\ntarget = 'y'\nroles = { zip = 'categori' }",
            "4:11: unknown role 'categori'; did you mean 'category'? known: number, category, date, yes_no, ignore"
        ),
        (
            "[data]\npath = 'a'\ntarget = 'y'\n[data.roles]\nzip = 1",
            "5:1: 'zip' must be a string, not a whole number"
        ),
        (
            "[data]\npath = 'a'\ntarget = 'y'\nscaling = 'robust'",
            "4:1: 'scaling' needs roles = \"automatic\" beside it"
        ),
        (
            "[data]\npath = 'a'\ntarget = 'y'\nroles = 'automatic'\ntask = 'clasification'",
            "5:1: unknown task 'clasification'; did you mean 'classification'? known: classification, regression"
        ),
        (
            "[data]\npath = 'a'\ntarget = 'y'\nroles = 'automatic'\ntarget_scaling = 'standard'\ntarget_scale = 1",
            "5:1: [data] has both 'target_scale' and 'target_scaling'; expected one of them"
        ),
        (
            "[data]\npath = 'a'\ntarget = 'y'\nroles = 'automatic'\nsplit = 'groups=a'",
            "5:1: 'split' must be \"group=COLUMN\" or \"time=COLUMN\", not 'groups=a'"
        ),
        ("data = 1", "1:1: 'data' must be a table, not a whole number"),
    ])
    func namesThePlaceAndWhatWasExpected(text: String, line: String) throws {
        let error = #expect(throws: JobFileError.self) { try Recipe.read(text, file: "train.toml") }
        #expect(error?.description == "train.toml:" + line)
        #expect(error?.kind == .badJob)
    }

    @Test func aThousandLayersAreTheMost() throws {
        let layer = "[[model.layers]]\nunits = 1\n"
        let recipe = try Recipe.read(String(repeating: layer, count: 1000), file: "t.toml")
        #expect(recipe.job.model.layers.count == 1000)
        // What such a job looks like with all that can be said of its layers fits in a file.
        #expect(recipe.tomlText.utf8.count < Recipe.greatestFile)
        let error = #expect(throws: JobFileError.self) {
            try Recipe.read(String(repeating: layer, count: 1001), file: "t.toml")
        }
        #expect(error?.description == "t.toml:2001:1: 'layers' must have at most 1000 layers, not 1001")
    }

    @Test func aFileThatNobodyWroteIsNotReadToItsEnd() throws {
        let path = FileManager.default.temporaryDirectory.path + "/\(UUID().uuidString).toml"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(repeating: UInt8(ascii: "#"), count: Recipe.greatestFile).write(to: URL(filePath: path))
        _ = try Recipe.read(path: path)
        try Data(repeating: UInt8(ascii: "#"), count: Recipe.greatestFile + 1).write(to: URL(filePath: path))
        for (path, reason, kind) in [
            ("/dev/zero", "is a device, not a job file; expected a regular file or a pipe", JobFileError.Kind.noInput),
            (path, "is too large; expected at most 1 MiB", .badJob),
        ] {
            let error = #expect(throws: JobFileError.self) { try Recipe.read(path: path) }
            #expect(error?.description == "\(path): \(reason)")
            #expect(error?.kind == kind)
        }
    }

    @Test func anUnknownNameIsAnsweredWithTheKnownOnes() throws {
        let text = "[[model.layers]]\nunits = 1\nactivation = 'elv'"
        let error = #expect(throws: JobFileError.self) { try Recipe.read(text, file: "t.toml") }
        let line = try #require(error).description
        #expect(line.hasPrefix("t.toml:3:1: unknown activation 'elv'; did you mean 'elu'? known: "))
        #expect(line.contains("linear"))
    }
}
