package import Tabular
package import TrainCore
import Wording

/// A trained model as one Python file for Keras: it builds the network, takes the weights from the model's own file,
/// prepares the rows of a CSV file as the program does, and predicts.
///
/// It needs numpy and Keras 3 with any backend. What the model does without is not in it.
package struct KerasModelScript {
    private let space: FeatureSpace
    private let network: Sequential
    private let modelFile: String
    private let program: String

    /// - Parameters:
    ///   - space: how a row becomes the network's input, and its output predictions.
    ///   - network: the layers.
    ///   - modelFile: the path of the safetensors file that has the weights.
    ///   - program: the program and its version, as the author.
    /// - Throws: ``KerasExportError`` where the network has something that there is none of in Keras.
    package init(
        _ space: FeatureSpace, _ network: Sequential, modelFile: String, program: String
    ) throws(KerasExportError) {
        for layer in network.layers {
            try KerasNames.check(type(of: layer.activation).name, "activation", KerasNames.activations)
        }
        self.space = space
        self.network = network
        self.modelFile = modelFile
        self.program = program
    }

    /// The file's text.
    package var text: String {
        let sections =
            [header, imports] + preparation.functions
            + [KerasScript.weightsReader, preparation.features, model, predictions]
        return sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n\n") + "\n"
    }

    private var preparation: FeaturePreparation { FeaturePreparation(space: space) }

    private var header: [String] {
        let targets = space.targets.map { Python.comment($0.name) }.joined(separator: ", ")
        return [
            "\"\"\"\(targets): a trained model for Keras, written by \(program).",
            "",
            "It needs numpy, Keras 3 and the weights in \(Python.comment(modelFile)).",
            "",
            "    python SCRIPT TABLE.csv [PREDICTIONS.csv]",
            "",
            "predicts the rows of a table, and saves the network as model.keras. The network's input are the",
            "features that are made of a row here: model.keras alone knows nothing of columns.",
            "\"\"\"",
        ]
    }

    private var imports: [String] {
        (["csv", "json", "sys"] + preparation.modules).sorted().map { "import \($0)" } + [
            "", "import keras", "import numpy as np", "", "WEIGHTS = \(quoted(modelFile))",
        ]
    }

    // MARK: The network

    private var model: [String] {
        var lines = ["model = keras.Sequential([", "    keras.Input([\(space.featureCount)]),"]
        for layer in network.layers {
            let activation = type(of: layer.activation).name
            let argument = activation == "linear" ? "" : ", activation=\(quoted(activation))"
            lines.append("    keras.layers.Dense(\(layer.units)\(argument)),")
        }
        return lines + [
            "])",
            "weights = read_weights(WEIGHTS)",
            "for number, layer in enumerate(model.layers):",
            "    layer.kernel.assign(weights[f\"layers.{number}.kernel\"])",
            "    layer.bias.assign(weights[f\"layers.{number}.bias\"])",
            "model.save(\"model.keras\")",
        ]
    }

    // MARK: Predictions

    private var units: Int { network.layers.last?.units ?? 0 }

    private var predictions: [String] {
        var lines = [
            "if len(sys.argv) < 2:",
            "    sys.exit(__doc__)",
            "table = read_table(sys.argv[1])",
            "outputs = model.predict(features(table), batch_size=256, verbose=0)",
            "columns = {}",
        ]
        for (index, target) in space.targets.enumerated() {
            let name = quoted("predicted_\(target.name)")
            switch target.coding {
            case .value(let center, let scale, _):
                lines += [
                    "value = outputs[:, \(index)].astype(np.float64) * \(scale) + \(center)",
                    "columns[\(name)] = value.astype(np.float32)",
                ]
            case .twoClasses(let names):
                lines += [
                    "classes = \(Python.wrapped(names, indentation: 10))",
                    "columns[\(name)] = [classes[int(output > 0.5)] for output in outputs[:, \(index)]]",
                    "second = np.clip(outputs[:, \(index)], 0, 1)",
                ]
                lines += zip(names, ["1 - second", "second"]).map { name, value in
                    "columns[\(quoted("probability_\(name)"))] = \(value)"
                }
            case .classes(let names):
                lines += [
                    "classes = \(Python.wrapped(names, indentation: 10))",
                    "own = outputs[:, :\(names.count)]",
                    "columns[\(name)] = [classes[place] for place in own.argmax(axis=1)]",
                ]
                if !(network.layers.last?.activation is Softmax && units == names.count) { lines += Self.shares }
                lines += [
                    "for place, name in enumerate(classes):",
                    "    columns[f\"probability_{name}\"] = own[:, place]",
                ]
            }
        }
        return lines + [
            "with open(sys.argv[2], \"w\", newline=\"\") if len(sys.argv) > 2 else sys.stdout as file:",
            "    writer = csv.writer(file, lineterminator=\"\\n\")",
            "    writer.writerow(columns)",
            "    writer.writerows(zip(*columns.values()))",
        ]
    }

    private static let shares = [
        "# Outputs that are no probabilities are brought to a sum of 1.",
        "fine = (abs(own.sum(axis=1) - 1) < 1e-3) & (own >= 0).all(axis=1)",
        "cut = np.clip(own, 1e-7, 1 - 1e-7)",
        "own = np.where(fine[:, None], own, cut / cut.sum(axis=1, keepdims=True))",
    ]
}
