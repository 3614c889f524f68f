import Testing
import TrainCore
import Wording

struct RampTests {
    static let data = Dataset.noise(rows: 130, features: 5, targets: 1)

    static func job(_ optimizer: any Optimizer, batchSize: Int = 8) -> TrainingJob {
        TrainingJob(
            model: Sequential([Dense(7, activation: .elu, kernelRegularizer: .l1l2(l1: 0.001, l2: 0.01)), Dense(1)]),
            optimizer: optimizer, epochs: 100, batchSize: batchSize)
    }

    /// What can be known of a trainer from outside.
    private struct Look: Equatable {
        let weights: UInt64
        let settings: [EditableSetting]
        let ramps: [Ramp]
        let position: TrainingPosition

        init(_ trainer: Trainer) {
            weights = trainer.weightsChecksum
            settings = trainer.editableSettings
            ramps = trainer.settings.ramps
            position = trainer.position
        }
    }

    private static let rampable = Catalogue.optimizers.flatMap { optimizer in
        ["batch_size", "layers.0.l1", "layers.0.l2", "layers.1.l2"].map { (optimizer.name, $0) }
            + optimizer.settingDescriptions.map { (optimizer.name, $0.name) }
    }

    @Test("a ramp is the same, bit for bit, as setting its number before each step", arguments: rampable)
    func equalToSetting(optimizer: String, name: String) throws {
        let type = try #require(Catalogue.optimizers.first { $0.name == optimizer })
        var noise = Noise(seed: 4)
        for over in [1, 2, 7, 8, 9, 30] {
            let (moved, set) = (
                try Trainer(Self.job(type.init()), training: Self.data),
                try Trainer(Self.job(type.init()), training: Self.data)
            )
            for trainer in [moved, set] { for _ in 0..<5 { try trainer.step() } }
            let setting = try #require(moved.setting(named: name))
            let share = (noise.next() + 1) / 2
            let value =
                switch name {
                case "batch_size": Double(1 + Int(share * 40))
                case "nesterov": 1 - setting.value
                case _ where over == 7: setting.range.contains(0) ? 0 : 1e-3
                default: 1e-6 + 0.3 * share
                }
            try moved.begin(Ramp(name, from: setting.value, to: value, after: 5, over: over))
            for step in 1...over + 3 {
                if step <= over {
                    let exact = Interpolation.value(
                        from: setting.value, to: value, at: Double(step) / Double(over))
                    try set.set(name, to: setting.range.isWhole ? exact.rounded() : exact)
                }
                #expect(try moved.step() == set.step())
                #expect(moved.editableSettings == set.editableSettings)
                #expect(moved.weightsChecksum == set.weightsChecksum)
                #expect(moved.settings.ramps.isEmpty == (step >= over))
            }
            #expect(moved.setting(named: name)?.value == value)
        }
    }

    @Test("many steps at once move as each by itself, and a state carries a ramp from any step on")
    func runsAndStates() throws {
        let (one, many) = (
            try Trainer(Self.job(.nadam()), training: Self.data), try Trainer(Self.job(.nadam()), training: Self.data)
        )
        for trainer in [one, many] {
            try trainer.begin(Ramp("learning_rate", from: 0.001, to: 0.1, after: 0, over: 29))
            try trainer.begin(Ramp("batch_size", from: 8, to: 20, after: 0, over: 11))
        }
        let buffer = StepBuffer(capacity: 3, for: many)
        while many.position.step < 40 {
            let step = many.position.step
            let other = try Trainer(Self.job(.nadam()), training: Self.data)
            other.state = many.state
            buffer.removeAll()
            let (steps, _) = many.run(atMost: 3, into: buffer)
            for index in 0..<steps {
                #expect(try one.step() == buffer.outcomes[index])
                #expect(one.batchMetricValues == Array(buffer.metrics(ofStep: index)))
            }
            for _ in 0..<steps { try other.step() }
            #expect(Look(other) == Look(many) && Look(one) == Look(many), "from step \(step)")
        }
        #expect(one.settings.optimizer.learningRate == 0.1 && one.settings.batchSize == 20)
        #expect(one.settings.ramps == [])
    }

    @Test("setting a number ends its ramp, and another ramp takes its place; others go on")
    func ends() throws {
        let trainer = try Trainer(Self.job(.adam()), training: Self.data)
        let ramps = [
            Ramp("learning_rate", from: 0.001, to: 0.1, after: 0, over: 20),
            Ramp("layers.0.l2", from: 0.01, to: 0, after: 0, over: 20),
            Ramp("beta_1", from: 0.9, to: 0.5, after: 0, over: 20),
        ]
        for ramp in ramps { try trainer.begin(ramp) }
        for _ in 0..<3 { try trainer.step() }
        try trainer.set("learning_rate", to: 0.02)
        #expect(trainer.settings.ramps == [ramps[1], ramps[2]])
        let other = Ramp("layers.0.l2", from: 0.3, to: 0.4, after: 3, over: 2)
        try trainer.begin(other)
        #expect(trainer.settings.ramps == [ramps[2], other])
        trainer.endRamp("beta_1")
        let beta = trainer.setting(named: "beta_1")?.value
        for _ in 0..<5 { try trainer.step() }
        #expect(trainer.setting(named: "learning_rate")?.value == 0.02)
        #expect(trainer.setting(named: "layers.0.l2")?.value == 0.4)
        #expect(trainer.setting(named: "beta_1")?.value == beta)
        #expect(trainer.settings.ramps == [])
        // One that is over when it is begun does no more than end another.
        try trainer.begin(Ramp("beta_1", from: 0.9, to: 0.5, after: 8, over: 20))
        try trainer.begin(Ramp("beta_1", from: 0.9, to: 0.1, after: 0, over: 8))
        #expect(trainer.settings.ramps == [] && trainer.setting(named: "beta_1")?.value == beta)
    }

    @Test("another optimizer goes on with the ramps of the numbers that it has")
    func optimizers() throws {
        let trainer = try Trainer(Self.job(.nadam()), training: Self.data)
        for name in ["learning_rate", "beta_1", "layers.0.l2"] {
            let value = try #require(trainer.setting(named: name)?.value)
            try trainer.begin(Ramp(name, from: value, to: value / 2, after: 0, over: 9))
        }
        for _ in 0..<4 { try trainer.step() }
        func number(of name: String) throws -> Double {
            Double(try #require(Catalogue.optimizers.firstIndex { $0.name == name }))
        }
        try trainer.set("optimizer", to: number(of: "adamw"))
        #expect(trainer.settings.ramps.map(\.name) == ["learning_rate", "beta_1", "layers.0.l2"])
        try trainer.step()
        #expect(
            trainer.setting(named: "beta_1")?.value == Interpolation.value(from: 0.9, to: 0.45, at: 5.0 / 9))
        try trainer.set("optimizer", to: number(of: "sgd"))
        #expect(trainer.settings.ramps.map(\.name) == ["learning_rate", "layers.0.l2"])
        for _ in 0..<4 { try trainer.step() }
        #expect(trainer.settings.optimizer.learningRate == 0.0005)
    }

    @Test("a step that diverges has moved nothing")
    func divergence() throws {
        var x = [Float](repeating: 1, count: 40)
        x[39] = 1e30
        let data = Dataset(rows: 40, features: 1, targets: 1, x: x, y: [Float](repeating: 0, count: 40))
        let job = TrainingJob(
            model: Sequential([Dense(1)]), optimizer: .sgd(learningRate: 0.01), batchSize: 1, sampling: .sequential)
        let trainer = try Trainer(job, training: data)
        try trainer.begin(Ramp("learning_rate", from: 0.01, to: 0.001, after: 0, over: 40))
        for _ in 0..<39 { try trainer.step() }
        try trainer.begin(Ramp("momentum", from: 0, to: 0.9, after: 39, over: 9))
        let before = Look(trainer)
        for _ in 0..<2 {
            #expect(throws: Divergence.self) { try trainer.step() }
            #expect(Look(trainer) == before)
        }
    }

    @Test("what cannot move is refused, and nothing has changed then")
    func refusals() throws {
        let trainer = try Trainer(Self.job(.sgd()), training: Self.data)
        let ramp = Ramp("momentum", from: 0, to: 0.5, after: 0, over: 5)
        try trainer.begin(ramp)
        func objection(_ name: String, to value: Double, over steps: Int = 3) throws -> String? {
            do throws(TrainingError) {
                try trainer.begin(Ramp(name, from: 1, to: value, after: 0, over: steps))
                return nil
            } catch {
                return error.description
            }
        }
        #expect(try objection("beta_1", to: 0.5) == "there is no hyperparameter 'beta_1'")
        #expect(try objection("layers.2.l2", to: 0.5) == "there is no hyperparameter 'layers.2.l2'")
        #expect(try objection("layers.1.l1", to: 0.5) == "there is no hyperparameter 'layers.1.l1'")
        #expect(try objection("epochs", to: 5) == "epochs cannot be changed step by step")
        #expect(try objection("optimizer", to: 1) == "optimizer cannot be changed step by step")
        #expect(try objection("learning_rate", to: 0) == "learning_rate must be greater than 0")
        #expect(try objection("momentum", to: 0.5) == "momentum must be less than 1")
        #expect(try objection("batch_size", to: 2.5) == "batch_size must be a whole number")
        #expect(try objection("learning_rate", to: 0.1, over: 0) == "the number of steps must be at least 1")
        #expect(trainer.settings.ramps == [ramp])
        #expect(try objection("learning_rate", to: 0.1, over: .max) == nil)
    }

    @Test("an optimizer whose numbers are not simply stored has ramps all the same")
    func computed() throws {
        let job = Self.job(PercentSGD())
        let (moved, set) = (try Trainer(job, training: Self.data), try Trainer(job, training: Self.data))
        try moved.begin(Ramp("decay", from: 0.5, to: 0.1, after: 0, over: 10))
        for step in 1...10 {
            try set.set("decay", to: Interpolation.value(from: 0.5, to: 0.1, at: Double(step) / 10))
            #expect(try moved.step() == set.step())
            #expect(moved.weightsChecksum == set.weightsChecksum)
        }
    }

    @Test("a setting found by its name is the one of the list", arguments: Catalogue.optimizers.map { $0.name })
    func settings(_ optimizer: String) throws {
        let type = try #require(Catalogue.optimizers.first { $0.name == optimizer })
        let trainer = try Trainer(Self.job(type.init()), training: Self.data)
        try trainer.step()
        let all = trainer.editableSettings
        #expect(all.map { trainer.setting(named: $0.name) } == all)
        #expect(Set(all.map(\.name)).count == all.count)
        for name in ["", "layers", "layers.0", "layers.0.l3", "layers.00.l2", "layers.2.l2", "layers.1.l1", "x"] {
            #expect(trainer.setting(named: name) == nil)
        }
    }
}

/// Gradient descent with weight decay, which it keeps in per cent.
private struct PercentSGD: Optimizer {
    static let name = "percent_sgd"
    static let slots = 0

    var learningRate = 0.01
    private var percent = 50.0

    private var decay: Double {
        get { percent / 100 }
        set { percent = newValue * 100 }
    }

    static let settings: [Setting<PercentSGD>] = [
        Setting("learning_rate", \.learningRate, .learningRate), Setting("decay", \.decay, .moderate),
    ]

    func update(_ step: OptimizerStep) {
        for i in 0..<step.count {
            step.parameters[i] -= Float(step.learningRate) * (step.gradient[i] + Float(decay) * step.parameters[i])
        }
    }
}
