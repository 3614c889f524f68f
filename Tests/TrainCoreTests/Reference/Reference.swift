import Foundation
import TrainCore

/// A model in double, written from the definitions alone: what the trainer's losses and gradients are checked against.
struct Reference {
    struct Layer {
        var inputs: Int
        var units: Int
        /// Inputs x units.
        var kernel: [Double]
        var bias: [Double]
        var activation: String
        var regularizer: Regularizer
        var dropout: Double
    }

    var layers: [Layer]
    let loss: String
    let labelSmoothing: Double

    /// The trainer's model with its weights.
    init(_ trainer: Trainer) {
        let weights = trainer.weights
        loss = type(of: trainer.job.loss).name
        labelSmoothing = trainer.job.loss.value(of: "label_smoothing") ?? 0
        layers = trainer.job.model.layers.enumerated().map { index, layer in
            Layer(
                inputs: weights[2 * index].shape[0], units: layer.units,
                kernel: weights[2 * index].values.map(Double.init),
                bias: weights[2 * index + 1].values.map(Double.init),
                activation: type(of: layer.activation).name, regularizer: layer.kernelRegularizer,
                dropout: layer.dropout)
        }
    }

    /// The mean loss over all rows, penalties added. `dropout` and `step` name the units that are dropped.
    func totalLoss(_ data: Dataset, dropout: Philox, step: UInt32) -> Double {
        let rows = outputs(data, dropout: dropout, step: step)
        var sum = 0.0
        for row in rows.indices {
            sum += lossOfRow(rows[row], (0..<data.targets).map { Double(data.y[row * data.targets + $0]) })
        }
        let penalties = layers.map { layer in
            layer.kernel.reduce(0) { $0 + layer.regularizer.l1 * abs($1) + layer.regularizer.l2 * $1 * $1 }
        }
        return sum / Double(data.rows) + penalties.reduce(0, +)
    }

    /// What the last layer gives for each row.
    func outputs(_ data: Dataset, dropout: Philox, step: UInt32) -> [[Double]] {
        var rows = (0..<data.rows).map { row in (0..<data.features).map { Double(data.x[row * data.features + $0]) } }
        for (number, layer) in layers.enumerated() {
            for row in rows.indices {
                let z = (0..<layer.units).map { unit in
                    var sum = layer.bias[unit]
                    for input in 0..<layer.inputs { sum += rows[row][input] * layer.kernel[input * layer.units + unit] }
                    return sum
                }
                rows[row] = Self.activate(layer.activation, z)
                guard layer.dropout > 0 else { continue }
                for unit in 0..<layer.units {
                    let place = row * layer.units + unit
                    let words = dropout.block(UInt32(place / 4), step, 0, UInt32(number))
                    let word = [words.0, words.1, words.2, words.3][place % 4]
                    rows[row][unit] *= Double(word) >= layer.dropout * 0x1p32 - 1 ? 1 / (1 - layer.dropout) : 0
                }
            }
        }
        return rows
    }

    private func lossOfRow(_ p: [Double], _ t: [Double]) -> Double {
        if loss == "sparse_categorical_crossentropy" {
            let logs = p.map { log($0 / p.reduce(0, +)) }
            return -(1 - labelSmoothing) * logs[Int(t[0])] - labelSmoothing * logs.reduce(0, +) / Double(p.count)
        }
        return zip(p, t).reduce(0) { sum, pair in
            let (p, t) = pair
            let e = p - t
            switch loss {
            case "mean_squared_error": return sum + e * e
            case "mean_absolute_error": return sum + abs(e)
            case "huber": return sum + (abs(e) <= 1 ? e * e / 2 : abs(e) - 0.5)
            case "log_cosh": return sum + log(cosh(e))
            case "binary_crossentropy": return sum - t * log(p) - (1 - t) * log(1 - p)
            default: preconditionFailure("no loss '\(loss)'")
            }
        } / Double(p.count)
    }

    private static func activate(_ name: String, _ z: [Double]) -> [Double] {
        switch name {
        case "linear": return z
        case "relu": return z.map { max($0, 0) }
        case "leaky_relu": return z.map { $0 > 0 ? $0 : 0.2 * $0 }
        case "elu": return z.map { $0 > 0 ? $0 : expm1($0) }
        case "selu": return z.map { 1.0507009873554805 * ($0 > 0 ? $0 : 1.6732632423543772 * expm1($0)) }
        case "gelu": return z.map { 0.5 * $0 * (1 + erf($0 / 2.0.squareRoot())) }
        case "silu": return z.map { $0 / (1 + exp(-$0)) }
        case "mish": return z.map { $0 * tanh(log1p(exp($0))) }
        case "softplus": return z.map { log1p(exp($0)) }
        case "tanh": return z.map { tanh($0) }
        case "sigmoid": return z.map { 1 / (1 + exp(-$0)) }
        case "softmax":
            let exponentials = z.map { exp($0) }
            return exponentials.map { $0 / exponentials.reduce(0, +) }
        default: preconditionFailure("no activation '\(name)'")
        }
    }
}
