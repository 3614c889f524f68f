import Foundation
import Testing

extension Program {
    /// Saved models as files for other programs, which must predict what `predict` does.
    ///
    /// onnxruntime is fetched by pip into a folder beside the built tests. Where that cannot be, the test says so and
    /// compares nothing.
    @Suite(.serialized)
    struct ModelExport {
        private let folder: Folder

        init() throws { folder = try Folder() }

        /// A model to compare, by the arguments and the job that it is trained with.
        private struct Case {
            let name: String
            var arguments: [String] = []
            var job: String?
        }

        private func run(_ arguments: String...) throws -> Invocation { try Invocation(arguments, in: folder) }

        private static let activations = [
            "linear", "relu", "leaky_relu", "elu", "selu", "gelu", "silu", "mish", "softplus", "tanh", "sigmoid",
            "softmax",
        ]

        /// Automatic jobs for every kind of target, and one job for each activation.
        private static let cases: [Case] = {
            let targets = ["price", "sold", "grade"]
            var cases = targets.map { target in
                let others = targets.filter { $0 != target }.flatMap { ["--ignore", $0] }
                return Case(
                    name: "automatic \(target)",
                    arguments: ["--data", "rows.csv", "--target", target, "--role", "code=category", "--epochs", "3"]
                        + others)
            }
            for (number, activation) in activations.enumerated() {
                let layers = [(9, activation)] + (number.isMultiple(of: 2) ? [(5, activation)] : [])
                let (target, last, loss) = [
                    ("price", (1, "linear"), "huber"), ("sold", (1, "sigmoid"), "binary_crossentropy"),
                    ("grade", (3, "softmax"), "sparse_categorical_crossentropy"),
                    ("grade", (3, "sigmoid"), "sparse_categorical_crossentropy"),
                    ("grade", (5, "softmax"), "sparse_categorical_crossentropy"),
                ][number % 5]
                cases.append(
                    Case(
                        name: "\(activation) for \(target), \(last.1)", arguments: ["job.toml"],
                        job: MixedTable.job(
                            target: target, ignoring: targets.filter { $0 != target }, layers: layers + [last],
                            loss: loss)))
            }
            return cases + [
                Case(
                    name: "columns that are said, two targets", arguments: ["job.toml"],
                    job: """
                        [data]
                        path = "plain.csv"
                        target = ["y", "z"]
                        features = ["colour", "a", "b", "ratio"]
                        missing = "mean"
                        [data.derive]
                        ratio = "a / b"
                        [[model.layers]]
                        units = 7
                        activation = "tanh"
                        [[model.layers]]
                        units = 2
                        [training]
                        epochs = 2
                        batch_size = 8
                        """)
            ]
        }()

        /// Writes tables, trains a model as `m`, and lets it predict other rows: `other.csv`, as `p.csv`.
        private func prepare(_ model: Case, in folder: Folder) throws {
            try folder.write("rows.csv", MixedTable.text(rows: 400))
            try folder.write("other.csv", MixedTable.text(rows: 700, isOther: true))
            if model.arguments.contains("hostile.csv") {
                try folder.write("hostile.csv", HostileTable.text(hasOthers: false))
                try folder.write("other.csv", HostileTable.text(hasOthers: true))
            }
            if let job = model.job { try folder.write("job.toml", job) }
            if model.job?.contains("plain.csv") == true {
                let plain = (0..<90).map { row in
                    let colour = ["red", "", "Blue", "x\(row % 2)"][row * 7 % 13 % 4]
                    let a = row % 5 == 0 ? "" : "\(row * 37 % 23)"
                    return "\(a),\(row * 11 % 9 + 1),\(colour),\(row * row % 17),\(row % 4)\n"
                }
                try folder.write("plain.csv", "a,b,colour,y,z\n" + plain.joined())
                try folder.write("other.csv", folder.read("plain.csv"))
            }
            let trained = try Invocation(
                model.arguments + ["--headless", "--no-journal", "--save", "m"], in: folder)
            #expect(trained.code == 0, "\(model.name): \(trained.errors)")
            #expect(try Invocation(["predict", "m", "other.csv", "-o", "p.csv"], in: folder).code == 0)
        }

        @Test
        func onnxruntimePredictsWhatPredictDoes() throws {
            guard
                let python = try PythonEnvironment(
                    "onnx-reference", packages: ["onnxruntime", "numpy"], probe: "import onnxruntime, numpy")
            else {
                // Loudly, for a test that compares nothing must not look like one that does.
                print("SKIPPED: no comparison with onnxruntime, which pip could not fetch")
                return
            }
            for model in Self.cases {
                try prepare(model, in: folder)
                let export = try run("export", "m", "--onnx", "m.onnx")
                #expect(export.code == 0 && export.errors == "" && export.output == "", "\(model.name): \(export)")
                let compared = try python.run("onnx_predictions.py", ["m.onnx", "other.csv", "p.csv"], in: folder)
                try expectNoDifference(compared, model)
            }
        }

        /// With numpy and Keras on JAX, which is smaller than TensorFlow.
        @Test
        func theScriptForKerasPredictsWhatPredictDoes() throws {
            guard
                let python = try PythonEnvironment(
                    "keras-reference", packages: ["keras>=3", "jax", "numpy"],
                    probe: "import os; os.environ['KERAS_BACKEND'] = 'jax'; import keras, numpy")
            else {
                print("SKIPPED: no comparison with Keras, which pip could not fetch")
                return
            }
            let hostile = Case(
                name: "cells in many ways",
                arguments: ["--data", "hostile.csv", "--epochs", "3"] + HostileTable.options)
            var prepared: [(model: Case, folder: Folder)] = []
            for model in Self.cases + [hostile] {
                let own = try Folder()
                try prepare(model, in: own)
                let export = try Invocation(["export", "m", "--keras", "-o", "m.py"], in: own)
                #expect(export.code == 0 && export.errors == "" && export.output == "", "\(model.name): \(export)")
                prepared.append((model, own))
            }
            let ran = try python.run("keras_scripts.py", prepared.map(\.folder.path), in: folder)
            #expect(ran.code == 0, "\(ran.errors)")
            for (model, own) in prepared {
                #expect(own.has("model.keras"), "\(model.name)")
                let compared = try python.run("compare_predictions.py", ["p.csv", "q.csv"], in: own)
                try expectNoDifference(compared, model)
            }
        }

        private func expectNoDifference(_ compared: Invocation, _ model: Case) throws {
            #expect(compared.code == 0, "\(model.name): \(compared.errors)")
            let words = compared.output.split(whereSeparator: \.isWhitespace)
            let difference = try #require(words.first.flatMap { Double($0) }, "\(model.name): \(compared.errors)")
            #expect(difference <= 1e-5, "\(model.name)")
            #expect(words.last == "0", "\(model.name): \(words.last ?? "") classes differ")
        }

        @Test
        func whatCannotBeExportedIsSaidInALine() throws {
            let rows = (0..<40).map { "\($0 * 7 % 13),\($0 * 3 % 17)" }
            try folder.write("t.csv", (["x,y"] + rows).joined(separator: "\n") + "\n")
            #expect(
                try run("--data", "t.csv", "--target", "y", "--headless", "--epochs", "1", "--save", "m").code == 0)
            #expect(try run("show", "m").output.contains("\nexports   --onnx, --keras\n"))
            let data = try run("export", "m", "--keras", "--data", "t.csv")
            #expect(data.errors == "traintui: --data and --init are for a run's journal; m is a model\n")
            for arguments in [["m", "--onnx", "a", "--keras"], ["--onnx", "a"], ["m", "--onnx", "a", "-o", "b"]] {
                #expect(try Invocation(["export"] + arguments, in: folder).code == 64, "\(arguments)")
            }
            let itself = try run("export", "m", "--onnx", "m")
            #expect(itself.code == 64 && itself.errors == "traintui: the model and --onnx are the same file: m\n")
            let nowhere = try run("export", "m", "--onnx", "no/m.onnx")
            #expect(nowhere.errors == "traintui: no/m.onnx: cannot be written: No such file or directory\n")
            let table = try run("export", "t.csv", "--onnx", "m.onnx")
            #expect(table.code == 65 && table.errors.hasPrefix("traintui: t.csv ") && !folder.has("m.onnx"))
        }
    }
}
