import CKernels

/// What a training takes of memory at the least: for its weights, their gradients, what an optimizer keeps of each, and
/// a batch on its way through the layers. Copies that somebody makes of its state come on top.
///
/// In `Double`, in which no number of layers and units overflows.
struct TrainingMemory {
    /// The model's weights.
    let weights: Double
    /// Bytes.
    let bytes: Double

    /// What ``Trainer`` takes, counted as it counts.
    init(_ job: TrainingJob, features: Int, targets: Int, batchSize: Int) {
        func padded(_ count: Double) -> Double { (count / Double(lanes)).rounded(.up) * Double(lanes) }
        var weights = 0.0
        var parameters = 0.0
        var row = padded(Double(features)) + Double(targets)
        var inputs = Double(features)
        for layer in job.model.layers {
            let units = Double(layer.units)
            let isNarrow = layer.units < DenseKernels.narrowLimit
            let kernel = isNarrow ? units * padded(inputs) : inputs * padded(units)
            weights += (inputs + 1) * units
            parameters += kernel + padded(units)
            row += 4 * padded(units)
            inputs = units
        }
        // There is room for every optimizer, because a run can change to it.
        let slots = Trainer.optimizers(for: job).map { $0.slots }.max() ?? 0
        let floats = parameters * Double(2 + slots) + row * Double(batchSize)
        self.weights = weights
        bytes = floats * Double(MemoryLayout<Float>.stride)
    }

    /// Why a training cannot have it, as a sentence; nil if it fits in so many bytes.
    func objection(available: Double) -> String? {
        guard bytes > available else { return nil }
        return
            "the model has \(Self.grouped(weights)) weights, which take \(Self.size(bytes)) of memory to train with a "
            + "batch of that size; this machine has \(Self.size(available))"
    }

    /// What this process may use: what the machine has, or what it or its container is limited to.
    static var available: Double { Double(ck_available_memory()) }

    /// "12.3 GB", in powers of a thousand.
    private static func size(_ bytes: Double) -> String {
        var number = bytes / 1e6
        var unit = "MB"
        for larger in ["GB", "TB", "PB", "EB"] where number >= 999.95 {
            number /= 1000
            unit = larger
        }
        return "\((number * 10).rounded() / 10) \(unit)"
    }

    /// "1,002,001", or "1e+30" where nobody counts any more.
    private static func grouped(_ number: Double) -> String {
        guard number < 1e15 else { return "\(number)" }
        var digits = String(Int(number))
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return ([digits] + groups).joined(separator: ",")
    }
}

extension Trainer {
    /// Throws where a batch of that many rows would take more memory than there is.
    func checkRoom(rows: Double) throws(TrainingError) {
        guard rows > Double(live.pointee.workspace.capacity) else { return }
        let memory = TrainingMemory(
            job, features: training.features, targets: training.targets, batchSize: Int(rows))
        if let objection = memory.objection(available: TrainingMemory.available) { throw TrainingError(objection) }
    }
}
