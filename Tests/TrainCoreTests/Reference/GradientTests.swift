import Foundation
import Testing
import TrainCore

/// Losses and gradients against central differences of the reference model, in double.
struct GradientTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var layers: [Dense]
        var loss: any Loss = .meanSquaredError
        var rows = 7
        var targets = 2
        var classes: Int?
        var features = 5
    }

    static let widths = [1, 7, 17, 33]

    static var cases: [Case] {
        var cases: [Case] = []
        for activation in Catalogue.activations {
            for width in widths {
                cases.append(
                    Case(
                        testDescription: "\(activation.name), \(width) hidden units",
                        layers: [Dense(width, activation: activation.init(), biasInitializer: .ones), Dense(2)]))
                cases.append(
                    Case(
                        testDescription: "\(activation.name), \(width) last units",
                        layers: [Dense(9, activation: .tanh), Dense(width, activation: activation.init())],
                        targets: width))
            }
        }
        for loss in Catalogue.losses where !loss.targetsAreClasses {
            for width in widths {
                for last: any Activation in [.sigmoid, .softmax] where width > 1 || last is Sigmoid {
                    cases.append(
                        Case(
                            testDescription: "\(loss.name) of \(width) behind \(type(of: last).name)",
                            layers: [Dense(12, activation: .elu), Dense(width, activation: last)], loss: loss.init(),
                            targets: width))
                }
            }
        }
        for last: any Activation in [.softmax, .sigmoid] {
            for width in [3, 7, 17, 33] {
                cases.append(
                    Case(
                        testDescription: "classes of \(width) behind \(type(of: last).name)",
                        layers: [Dense(12, activation: .elu), Dense(width, activation: last)],
                        loss: .sparseCategoricalCrossentropy, targets: 1, classes: width))
                cases.append(
                    Case(
                        testDescription: "smoothed classes of \(width) behind \(type(of: last).name)",
                        layers: [Dense(12, activation: .elu), Dense(width, activation: last)],
                        loss: .sparseCategoricalCrossentropy(labelSmoothing: 0.3), targets: 1, classes: width))
            }
        }
        let penalties: [Regularizer] = [.none, .l1(0.03), .l2(0.05), .l1l2(l1: 0.02, l2: 0.04), .l2(0.01)]
        for depth in 1...5 {
            for rows in [1, 7, 100] {
                let hidden = (1..<depth).map { index in
                    Dense(
                        widths[(index + rows) % 4], activation: index % 2 == 0 ? .gelu : .elu,
                        kernelRegularizer: penalties[index])
                }
                cases.append(
                    Case(
                        testDescription: "\(depth) layers, \(rows) rows",
                        layers: hidden + [Dense(2, kernelRegularizer: penalties[depth - 1])], rows: rows, features: 17))
            }
        }
        for width in widths {
            cases.append(
                Case(
                    testDescription: "dropout of \(width) units",
                    layers: [
                        Dense(width, activation: .softplus, dropout: 0.4),
                        Dense(width, activation: .tanh, dropout: 0.2),
                        Dense(2),
                    ], rows: 20))
        }
        return cases
    }

    @Test("the loss and its slope in any direction are the definition's", arguments: cases)
    func slopes(_ test: Case) throws {
        let isPositive = !(test.layers.last!.activation is Linear)
        let data = Dataset.noise(
            rows: test.rows, features: test.features, targets: test.targets, classes: test.classes,
            isPositive: isPositive)
        // Gradient descent at a rate of 1 shows the gradient as the change of the weights.
        let job = TrainingJob(
            model: Sequential(test.layers), loss: test.loss, metrics: [], optimizer: .sgd(learningRate: 1),
            batchSize: test.rows, sampling: .sequential)
        let trainer = try Trainer(job, training: data)
        let reference = Reference(trainer)
        let dropout = Philox(seed: job.seed, stream: .dropout)
        let before = trainer.weights
        let loss = Double(try trainer.step().loss)
        let expected = reference.totalLoss(data, dropout: dropout, step: 1)
        #expect(abs(loss - expected) <= 2e-6 * max(1, abs(expected)))

        var noise = Noise(seed: 5)
        for (tensor, (old, new)) in zip(before, trainer.weights).enumerated() {
            let gradient = zip(old.values, new.values).map { Double($0) - Double($1) }
            for _ in 0..<3 {
                let direction = gradient.map { _ in noise.next() }
                func moved(_ distance: Double) -> Double {
                    var model = reference
                    for i in direction.indices {
                        if tensor % 2 == 0 {
                            model.layers[tensor / 2].kernel[i] += distance * direction[i]
                        } else {
                            model.layers[tensor / 2].bias[i] += distance * direction[i]
                        }
                    }
                    return model.totalLoss(data, dropout: dropout, step: 1)
                }
                let slope = (moved(1e-6) - moved(-1e-6)) / 2e-6
                let own = zip(gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
                let size = zip(gradient, direction).reduce(0) { $0 + abs($1.0 * $1.1) }
                #expect(abs(own - slope) <= 2e-5 * size + 2e-7 * Double(gradient.count).squareRoot(), "\(old.name)")
            }
        }
    }
}
