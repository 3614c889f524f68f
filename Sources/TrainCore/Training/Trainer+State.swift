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

    /// The bytes of a state's parameters and slots.
    package var stateByteCount: Int { stateCount * MemoryLayout<Float>.stride }

    /// Floats of the parameters and of the present optimizer's slots.
    private var stateCount: Int { parameterCount * (1 + type(of: settings.optimizer).slots) }

    /// A number that two trainers have in common when their kernels and biases are the same, bit for bit: FNV-1a over
    /// the bits of ``weights``, four bytes at a time.
    package var weightsChecksum: UInt64 {
        var sum: UInt64 = 0xcbf2_9ce4_8422_2325
        func add(_ values: UnsafePointer<Float>, _ count: Int, stride: Int) {
            for index in 0..<count { sum = (sum ^ UInt64(values[index * stride].bitPattern)) &* 0x100_0000_01b3 }
        }
        // Where they lie: to copy them first would take longer than this.
        for layer in layers {
            let kernel = arena.base + layer.kernelOffset
            let stride = layer.units > 1 ? layer.kernelIndex(input: 0, unit: 1) : 1
            for input in 0..<layer.inputs {
                add(kernel + layer.kernelIndex(input: input, unit: 0), layer.units, stride: stride)
            }
            add(arena.base + layer.biasOffset, layer.units, stride: 1)
        }
        return sum
    }

    /// Keeps the present state in the place of another one, whose memory it takes where nobody else has it.
    ///
    /// - Parameter settings: those of the same optimizer that the state is to have; nil for the present ones.
    package func copyState(into kept: inout TrainingState?, with settings: TrainingSettings? = nil) {
        let settings = settings ?? self.settings
        guard kept?.arena.count == stateCount else {
            kept = state
            kept?.settings = settings
            return
        }
        kept?.arena.withUnsafeMutableBufferPointer { arena in
            arena.baseAddress?.update(from: self.arena.base, count: arena.count)
        }
        kept?.position = position
        kept?.settings = settings
        kept?.products = Array(products.prefix(type(of: settings.optimizer).products))
        kept?.sums = Array(sums)
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
