extension Trainer {
    /// The training at this moment. Setting it goes there: the same job and data are needed, the trainer may be another.
    public var state: TrainingState {
        get {
            TrainingState(
                position: position, settings: settings,
                arena: Array(UnsafeBufferPointer(start: arena.base, count: arena.count)), products: Array(products),
                sums: Array(sums))
        }
        set {
            precondition(newValue.arena.count == arena.count, "a state of another model")
            newValue.arena.withUnsafeBufferPointer { arena.base.update(from: $0.baseAddress!, count: arena.count) }
            _ = products.update(fromContentsOf: newValue.products)
            _ = sums.update(fromContentsOf: newValue.sums)
            position = newValue.position
            settings = newValue.settings
            makeRoom()
        }
    }

    /// Sees to it that a batch fits in the workspace.
    func makeRoom() {
        if settings.batchSize > live.pointee.workspace.capacity {
            live.pointee.workspace = Workspace(
                capacity: settings.batchSize, features: training.features, targets: training.targets,
                layers: Array(layers))
        }
    }
}
