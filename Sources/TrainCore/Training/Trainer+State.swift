extension Trainer {
    /// The training at this moment. Setting it goes there: the same job and data are needed, the trainer may be another.
    package var state: TrainingState {
        get {
            TrainingState(
                position: position, settings: settings,
                arena: Array(UnsafeBufferPointer(start: arena.base, count: stateCount)),
                products: Array(products.prefix(type(of: settings.optimizer).products)),
                sums: Array(sums))
        }
        set {
            settings = newValue.settings
            precondition(newValue.arena.count == stateCount, "a state of another model")
            newValue.arena.withUnsafeBufferPointer { arena.base.update(from: $0.baseAddress!, count: stateCount) }
            _ = products.update(fromContentsOf: newValue.products)
            _ = sums.update(fromContentsOf: newValue.sums)
            position = newValue.position
            followRamps()
        }
    }

    /// Floats of the parameters and of the present optimizer's slots.
    private var stateCount: Int { parameterCount * (1 + type(of: settings.optimizer).slots) }

    /// A number that two trainers have in common when their kernels and biases are the same, bit for bit: FNV-1a over
    /// the bits of ``weights``, four bytes at a time.
    package var weightsChecksum: UInt64 {
        var sum: UInt64 = 0xcbf2_9ce4_8422_2325
        for tensor in weights {
            for value in tensor.values { sum = (sum ^ UInt64(value.bitPattern)) &* 0x100_0000_01b3 }
        }
        return sum
    }

    /// Sees to it that a batch fits in the workspace, and the greatest one of a ramp, too.
    func makeRoom() {
        let settings = settings
        var rows = settings.batchSize
        for ramp in settings.ramps where ramp.name == "batch_size" { rows = max(rows, Int(max(ramp.from, ramp.to))) }
        if rows > live.pointee.workspace.capacity {
            live.pointee.workspace = Workspace(
                capacity: rows, features: training.features, targets: training.targets, layers: Array(layers))
        }
    }
}
