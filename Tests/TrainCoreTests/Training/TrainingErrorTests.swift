import Testing
import TrainCore

struct TrainingErrorTests {
    private let data = Dataset.noise(rows: 20, features: 3)

    private func message(_ data: Dataset? = nil, _ change: (inout TrainingJob) -> Void) -> String? {
        var job = TrainingJob(model: Sequential([Dense(4), Dense(1)]), batchSize: 5)
        change(&job)
        do {
            _ = try Trainer(job, training: data ?? self.data)
            return nil
        } catch {
            return error.description
        }
    }

    @Test("each job that cannot be trained is told why")
    func jobs() {
        #expect(message { _ in } == nil)
        #expect(message { $0.model.layers = [] } == "the model has no layers")
        #expect(message { $0.model.layers[0].units = 0 } == "layer 1 has 0 units; at least 1 is needed")
        #expect(
            message { $0.model.layers[1].dropout = 1 }
                == "layer 2 has dropout 1.0; it must be from 0 up to, not including, 1")
        #expect(message { $0.model.layers[1].dropout = .nan }?.hasPrefix("layer 2 has dropout nan") == true)
        #expect(message { $0.batchSize = 0 } == "the batch size is 0; at least 1 is needed")
        #expect(message { $0.batchSize = 21 } == "the batch size is 21, but there are only 20 rows to train on")
        #expect(message { $0.epochs = 0 } == "the number of epochs is 0; at least 1 is needed")
        #expect(message { $0.model.layers[1].units = 2 } == "the last layer has 2 units, but there is 1 target")
        #expect(
            message(.noise(rows: 20, features: 3, targets: 3)) { $0.model.layers[1].units = 2 }
                == "the last layer has 2 units, but there are 3 targets")
        #expect(
            message(.noise(rows: 20, features: 3, targets: 2)) { $0.loss = .sparseCategoricalCrossentropy }
                == "sparse_categorical_crossentropy needs one target, the class, not 2")
        #expect(
            message(Dataset(rows: 0, features: 3, targets: 1, x: [], y: [])) { _ in } == "there is nothing to train on")
    }

    @Test("targets that are not classes are told by row, and missing units by number")
    func classes() {
        func message(_ y: [Float]) -> String? {
            self.message(Dataset(rows: y.count, features: 1, targets: 1, x: y, y: y)) {
                $0.loss = .sparseCategoricalCrossentropy
                $0.model.layers[1] = Dense(3, activation: .softmax)
                $0.batchSize = 1
            }
        }
        #expect(message([0, 1, 2]) == nil)
        #expect(message([0, 1, 3]) == "the last layer has 3 units, but there are 4 classes")
        for bad in [-1, 0.5, .nan, .infinity, 1e30] as [Float] {
            #expect(
                message([0, bad]) == "the target of row 2 is \(bad), which is no class: whole numbers from 0 are needed"
            )
        }
    }

    @Test("weights that do not fit are refused by name, and nothing has changed")
    func weights() throws {
        let trainer = try Trainer(TrainingJob(model: Sequential([Dense(1)]), batchSize: 5), training: data)
        let before = trainer.weights
        let kernel = Weights(name: "layers.0.kernel", shape: [3, 1], values: [1, 2, 3])
        let bias = Weights(name: "layers.0.bias", shape: [1], values: [4])
        func refusal(_ weights: [Weights]) -> String? {
            do {
                try trainer.setWeights(weights)
                return nil
            } catch {
                return error.description
            }
        }
        #expect(refusal([kernel]) == "the tensor 'layers.0.bias' is missing")
        #expect(
            refusal([kernel, bias, Weights(name: "x", shape: [1], values: [0])])
                == "there is no tensor 'x' in this model")
        #expect(
            refusal([Weights(name: kernel.name, shape: [1, 3], values: [1, 2, 3]), bias])
                == "'layers.0.kernel' has shape [1, 3], but the model's is [3, 1]")
        #expect(
            refusal([kernel, Weights(name: bias.name, shape: [1], values: [.nan])])
                == "'layers.0.bias' holds a value that is not finite")
        #expect(trainer.weights == before)
        #expect(refusal([kernel, bias]) == nil)
        #expect(trainer.weights == [kernel, bias])
    }

    @Test("hyperparameters take only values in their range")
    func settings() throws {
        let trainer = try Trainer(TrainingJob(model: Sequential([Dense(1)]), batchSize: 5), training: data)
        #expect(throws: TrainingError("there is no hyperparameter 'x'")) { try trainer.set("x", to: 1) }
        #expect(throws: TrainingError("learning_rate must be a finite number")) {
            try trainer.set("learning_rate", to: .nan)
        }
        #expect(throws: TrainingError("learning_rate must be greater than 0")) {
            try trainer.set("learning_rate", to: -1)
        }
        #expect(throws: TrainingError("learning_rate must be at most 1000000")) {
            try trainer.set("learning_rate", to: 1e300)
        }
        #expect(throws: TrainingError("epsilon must be at least 1e-30")) { try trainer.set("epsilon", to: 1e-60) }
        #expect(throws: TrainingError("batch_size must be at most 20")) { try trainer.set("batch_size", to: 21) }
        #expect(throws: TrainingError("batch_size must be a whole number")) { try trainer.set("batch_size", to: 1.5) }
        #expect(throws: TrainingError("beta_1 must be less than 1")) { try trainer.set("beta_1", to: 1) }
    }
}
