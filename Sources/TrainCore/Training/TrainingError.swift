/// Why a job cannot be trained: one line for the person who wrote it.
public struct TrainingError: Error, Equatable, CustomStringConvertible {
    /// What is wrong, and what was expected.
    public let description: String

    /// An error.
    public init(_ description: String) { self.description = description }
}

/// A loss that is not finite or a gradient beyond 1e18, found before the update, which was not made.
public struct Divergence: Error, Equatable, CustomStringConvertible {
    /// The step that could not be taken, counted from 1 since the start.
    public let step: Int
    /// Its epoch.
    public let epoch: Int
    /// The loss, which may itself be finite.
    public let loss: Float

    /// "the loss is nan at step 12", "the gradient overflows at step 12".
    public var description: String {
        loss.isFinite ? "the gradient overflows at step \(step)" : "the loss is \(loss) at step \(step)"
    }
}

extension TrainingJob {
    /// Checks that the job can be trained on that data.
    func validate(against data: Dataset) throws(TrainingError) {
        guard let last = model.layers.last else { throw TrainingError("the model has no layers") }
        if model.layers.count > Sequential.greatestLayerCount {
            throw TrainingError(
                "the model has \(model.layers.count) layers; at most \(Sequential.greatestLayerCount) are possible")
        }
        for (index, layer) in model.layers.enumerated() {
            if layer.units < 1 {
                throw TrainingError("layer \(index + 1) has \(layer.units) units; at least 1 is needed")
            }
            if !(0..<1).contains(layer.dropout) {
                throw TrainingError(
                    "layer \(index + 1) has dropout \(layer.dropout); it must be from 0 up to, not including, 1")
            }
        }
        if data.rows < 1 || data.features < 1 { throw TrainingError("there is nothing to train on") }
        if batchSize < 1 { throw TrainingError("the batch size is \(batchSize); at least 1 is needed") }
        if batchSize > data.rows {
            throw TrainingError("the batch size is \(batchSize), but there are only \(data.rows) rows to train on")
        }
        let memory = TrainingMemory(self, features: data.features, targets: data.targets, batchSize: batchSize)
        if let objection = memory.objection(available: TrainingMemory.available) { throw TrainingError(objection) }
        if data.rows > Int(Int32.max) { throw TrainingError("\(data.rows) rows are more than \(Int32.max)") }
        if epochs < 1 { throw TrainingError("the number of epochs is \(epochs); at least 1 is needed") }
        if let objection = optimizer.firstObjection ?? schedule.firstObjection { throw TrainingError(objection) }
        if type(of: loss).targetsAreClasses {
            guard data.targets == 1 else {
                throw TrainingError("\(type(of: loss).name) needs one target, the class, not \(data.targets)")
            }
            if let row = data.y.firstIndex(where: { !($0 >= 0 && $0 < 0x1p24 && $0 == $0.rounded()) }) {
                throw TrainingError(
                    "the target of row \(row + 1) is \(data.y[row]), which is no class: whole numbers from 0 are needed"
                )
            }
            let classes = Int(data.y.max() ?? 0) + 1
            if last.units < classes {
                throw TrainingError("the last layer has \(last.units) units, but there are \(classes) classes")
            }
        } else if last.units != data.targets {
            throw TrainingError(
                "the last layer has \(last.units) units, but there \(data.targets == 1 ? "is 1 target" : "are \(data.targets) targets")"
            )
        }
    }
}
