import TrainCore

/// A training whose steps are watched.
struct StepCase {
    let name: String
    let job: TrainingJob
    let data: Dataset

    /// Of everything that can be chosen by name, and of the other choices, each one in a training of its own.
    static let all =
        Catalogue.optimizers.map { choice in StepCase(choice.name) { $0.optimizer = choice.init() } }
        + Catalogue.schedules.map { choice in StepCase(choice.name) { $0.schedule = choice.init() } }
        + Catalogue.activations.map { choice in
            StepCase(choice.name) { $0.model.layers[0].activation = choice.init() }
        }
        + Catalogue.losses.map { choice in StepCase(choice.name) { $0.loss = choice.init() } }
        + Catalogue.metrics.map { choice in StepCase(choice.name) { $0.metrics = [choice.init()] } }
        + [StepCase("three metrics") { $0.metrics = [.meanAbsoluteError, .rootMeanSquaredError, .r2Score] }]
        + Sampling.allCases.map { choice in StepCase("sampling \(choice)") { $0.sampling = choice } }
        + ([.value(0.1), .norm(0.1), .globalNorm(0.1)] as [GradientClipping]).map { choice in
            StepCase("clipping \(choice)") { $0.clipping = choice }
        }
        + ([.maxNorm(0.5), .nonNegative, .unitNorm] as [Constraint]).map { choice in
            StepCase("constraint \(choice)") { $0.model.layers[0].kernelConstraint = choice }
        }
        + [
            // The book's two layers, as the built-in job has them.
            StepCase("book", features: 8) {
                $0.model = Sequential([
                    Dense(30, activation: .elu, kernelInitializer: .heNormal, kernelRegularizer: .l2(0.05)),
                    Dense(1, kernelRegularizer: .l2(0.05)),
                ])
            },
            // Large enough to be shared among threads.
            StepCase("wide", features: 256) {
                $0.model = Sequential([Dense(256, activation: .relu), Dense(128, activation: .relu), Dense(1)])
                $0.batchSize = 128
            },
        ]

    /// A small training with dropout and penalties, changed in one thing.
    private init(_ name: String, features: Int = 5, _ change: (inout TrainingJob) -> Void) {
        var job = TrainingJob(
            model: Sequential([
                Dense(19, activation: .gelu, kernelRegularizer: .l1l2(l1: 0.001, l2: 0.01), dropout: 0.25),
                Dense(1),
            ]))
        change(&job)
        if job.loss is SparseCategoricalCrossentropy || job.metrics.contains(where: { $0 is SparseCategoricalAccuracy })
        {
            job.loss = .sparseCategoricalCrossentropy
            job.model.layers[job.model.layers.count - 1] = Dense(3, activation: .softmax)
        }
        if job.loss is BinaryCrossentropy || job.metrics.contains(where: { $0 is BinaryAccuracy }) {
            job.loss = .binaryCrossentropy
            job.model.layers[job.model.layers.count - 1] = Dense(1, activation: .sigmoid)
        }
        if var schedule = job.schedule as? PiecewiseConstant {
            (schedule.boundaries, schedule.values) = ([3, 8], [0.01, 0.005, 0.001])
            job.schedule = schedule
        }
        (self.name, self.job) = (name, job)
        // Numbers from -1 to 1, and classes 0 and 1.
        let rows = 3 * job.batchSize + 1
        data = Dataset(
            rows: rows, features: features, targets: 1,
            x: (0..<rows * features).map { Float(($0 &* 7919) % 2003) / 1001 - 1 },
            y: (0..<rows).map { Float($0 % 2) })
    }

    /// The calls in four epochs, half of them step by step and half in one go. The epoch before them is not counted:
    /// threads start when they are needed first.
    func heapCalls() throws -> Int {
        let trainer = try Trainer(job, training: data)
        let steps = StepBuffer(capacity: 100, for: trainer)
        func epoch() throws { repeat { _ = try trainer.step() } while !trainer.isEpochComplete }
        func epochAtOnce() throws {
            steps.removeAll()
            if let divergence = trainer.run(atMost: steps.capacity, into: steps).divergence { throw divergence }
        }
        try epoch()
        try epochAtOnce()
        return try calls(of: {
            for _ in 0..<2 {
                try epoch()
                try epochAtOnce()
            }
        })
    }
}
