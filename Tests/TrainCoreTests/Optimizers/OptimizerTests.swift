import Foundation
import Testing
import TrainCore

/// Each optimizer's published rule in double, beside the trainer's weights over thirty steps.
struct OptimizerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let optimizer: any Optimizer
        /// Updates one weight: (weight, gradient, what is remembered, step from 1).
        let rule: @Sendable (inout Double, Double, inout [Double], Int) -> Void
    }

    static let cases: [Case] = {
        var momentum = RMSprop.rmsprop(learningRate: 0.01)
        momentum.momentum = 0.8
        return [
            Case(testDescription: "sgd", optimizer: .sgd(learningRate: 0.1)) { w, g, _, _ in w -= 0.1 * g },
            Case(testDescription: "sgd, momentum", optimizer: .sgd(learningRate: 0.05, momentum: 0.9)) { w, g, s, _ in
                s[0] = 0.9 * s[0] - 0.05 * g
                w += s[0]
            },
            Case(
                testDescription: "sgd, nesterov", optimizer: .sgd(learningRate: 0.05, momentum: 0.9, nesterov: true)
            ) { w, g, s, _ in
                s[0] = 0.9 * s[0] - 0.05 * g
                w += 0.9 * s[0] - 0.05 * g
            },
            Case(testDescription: "rmsprop", optimizer: .rmsprop(learningRate: 0.01)) { w, g, s, _ in
                s[0] = 0.9 * s[0] + 0.1 * g * g
                w -= 0.01 * g / (s[0] + 1e-7).squareRoot()
            },
            Case(testDescription: "rmsprop, momentum", optimizer: momentum) { w, g, s, _ in
                s[0] = 0.9 * s[0] + 0.1 * g * g
                s[1] = 0.8 * s[1] + 0.01 * g / (s[0] + 1e-7).squareRoot()
                w -= s[1]
            },
            Case(testDescription: "adagrad", optimizer: .adagrad(learningRate: 0.1)) { w, g, s, t in
                s[0] = (t == 1 ? 0.1 : s[0]) + g * g
                w -= 0.1 * g / (s[0] + 1e-7).squareRoot()
            },
            Case(testDescription: "adam", optimizer: .adam(learningRate: 0.01)) { w, g, s, t in
                adam(&w, g, &s, t, rate: 0.01)
            },
            Case(testDescription: "adamw", optimizer: .adamw(learningRate: 0.01, weightDecay: 0.3)) { w, g, s, t in
                w -= 0.01 * 0.3 * w
                adam(&w, g, &s, t, rate: 0.01)
            },
            Case(testDescription: "nadam", optimizer: .nadam(learningRate: 0.01)) { w, g, s, t in
                func momentum(_ t: Int) -> Double { 0.9 * (1 - 0.5 * pow(0.96, Double(t))) }
                let product = (1...t).reduce(1) { $0 * momentum($1) }
                s[0] = 0.9 * s[0] + 0.1 * g
                s[1] = 0.999 * s[1] + 0.001 * g * g
                let ahead =
                    momentum(t + 1) * s[0] / (1 - product * momentum(t + 1)) + (1 - momentum(t)) * g / (1 - product)
                w -= 0.01 * ahead / ((s[1] / (1 - pow(0.999, Double(t)))).squareRoot() + 1e-7)
            },
        ]
    }()

    private static func adam(_ w: inout Double, _ g: Double, _ s: inout [Double], _ t: Int, rate: Double) {
        s[0] = 0.9 * s[0] + 0.1 * g
        s[1] = 0.999 * s[1] + 0.001 * g * g
        let (beta1, beta2) = (pow(0.9, Double(t)), pow(0.999, Double(t)))
        w -= rate * (1 - beta2).squareRoot() / (1 - beta1) * s[0] / (s[1].squareRoot() + 1e-7)
    }

    @Test("an optimizer follows its rule", arguments: cases)
    func rule(_ test: Case) throws {
        let data = Dataset.noise(rows: 4, features: 3)
        let job = TrainingJob(
            model: Sequential([Dense(1)]), metrics: [], optimizer: test.optimizer, batchSize: 4, sampling: .sequential)
        let trainer = try Trainer(job, training: data)
        var weights = trainer.weights.flatMap(\.values).map(Double.init)
        var memories = weights.map { _ in [0.0, 0.0] }
        for step in 1...30 {
            try trainer.step()
            // The mean squared error of a linear model, by hand; the bias is the weight of a feature of ones.
            var gradients = [0.0, 0.0, 0.0, 0.0]
            for row in 0..<4 {
                let x = data.x[row * 3..<row * 3 + 3].map(Double.init) + [1]
                let error = zip(x, weights).reduce(0) { $0 + $1.0 * $1.1 } - Double(data.y[row])
                for i in 0..<4 { gradients[i] += 2 * error * x[i] / 4 }
            }
            for i in 0..<4 { test.rule(&weights[i], gradients[i], &memories[i], step) }
            for (own, expected) in zip(trainer.weights.flatMap(\.values), weights) {
                try #require(abs(Double(own) - expected) < 5e-6, "step \(step)")
            }
        }
    }

    @Test("clipping cuts values, each tensor's norm, or the norm of all")
    func clipping() throws {
        let data = Dataset(rows: 1, features: 2, targets: 1, x: [3, 4], y: [1])
        /// The change of kernel and bias in one step at a rate of 1 from zeros; without clipping 6, 8 and 2.
        func change(_ clipping: GradientClipping) throws -> [Float] {
            let job = TrainingJob(
                model: Sequential([Dense(1, kernelInitializer: .zeros)]), optimizer: .sgd(learningRate: 1),
                clipping: clipping, batchSize: 1, sampling: .sequential)
            let trainer = try Trainer(job, training: data)
            try trainer.step()
            return trainer.weights.flatMap(\.values)
        }
        #expect(try change(.none) == [6, 8, 2])
        #expect(try change(.value(3)) == [3, 3, 2])
        #expect(try change(.norm(5)) == [3, 4, 2])
        #expect(try change(.norm(20)) == [6, 8, 2])
        let whole = try change(.globalNorm(1))
        for (own, expected) in zip(whole, [6, 8, 2]) {
            #expect(abs(own - Float(expected) / Float(104).squareRoot()) < 1e-6)
        }
    }
}
