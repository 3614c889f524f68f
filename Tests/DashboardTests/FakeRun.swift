import Canvas
import TrainCore
import TrainEngine
import Wording

@testable import Dashboard

/// A run without a trainer: the built-in job's names and numbers, a decaying noisy loss from a small generator.
struct FakeRun {
    static let stepsPerEpoch = 343
    private(set) var step = 0
    /// The branch that the run is on.
    private(set) var branch = BranchID.first
    private var losses: [Float] = []
    private var random: UInt64 = 42
    var learningRate = 0.01
    var epochs = 5

    static let description = RunDescription(
        title: "storms", model: "8 → 30 elu → 1", weights: 301, optimizer: "nadam", seed: 42,
        loss: "mean_squared_error", metrics: ["mean_absolute_error"], higherIsBetter: [false], validationRows: 3663,
        validationNote: "",
        hyperparameters: [
            Hyperparameter(name: "learning_rate", title: "learning rate", value: 0.01, range: .positive),
            Hyperparameter(name: "batch_size", title: "batch size", value: 32, range: .whole(from: 1, to: 10_989)),
            Hyperparameter(name: "layers.0.l2", title: "l2 · layer 1", value: 0.05, range: .notNegative),
            Hyperparameter(name: "layers.1.l2", title: "l2 · layer 2", value: 0.05, range: .notNegative),
            Hyperparameter(name: "beta_1", title: "beta 1", value: 0.9, range: .belowOne),
            Hyperparameter(name: "nesterov", title: "nesterov", value: 1, range: .whole(from: 0, to: 1)),
            Hyperparameter(name: "momentum", title: "momentum", value: 0, range: .belowOne),
            Hyperparameter(name: "epochs", title: "epochs", value: 5, range: .whole(from: 1)),
            Hyperparameter(name: "pace", title: "pace", value: 200, range: .whole(from: 0), unit: "steps/s"),
        ])

    /// A dashboard before any news.
    static func state(
        _ run: RunDescription = description, warnings: [String] = []
    ) -> DashboardState {
        DashboardState(run: run, themes: ["midnight", "paper", "mono"], theme: "midnight", warnings: warnings)
    }

    /// A dashboard that watched so many steps, with every epoch's end told.
    static func state(after steps: Int, edit: (step: Int, value: Double)? = nil) -> DashboardState {
        var run = FakeRun()
        var state = state()
        while run.step < steps {
            if let edit, run.step == edit.step {
                state.selection = 0
                let effects = state.set(0, to: edit.value)
                guard case .send(_, let id)? = effects.first else { break }
                let change = HyperparameterChange(
                    number: 1, request: id, name: "learning_rate", old: run.learningRate, new: edit.value,
                    step: run.step)
                run.learningRate = edit.value
                state.receive(run.bulletin(events: [.changed(change), .applied(id, at: run.step)]))
            }
            let next = min(steps, (run.step / 7 + 1) * 7, (run.step / stepsPerEpoch + 1) * stepsPerEpoch)
            state.receive(run.advance(to: min(next, edit.map { $0.step > run.step ? $0.step : next } ?? next)))
        }
        state.receive(run.bulletin(events: [.state(.training)]))
        return state
    }

    /// Takes steps one by one and tells of them.
    mutating func advance(to target: Int) -> Bulletin {
        var samples: [Sample] = []
        var events: [Event] = []
        while step < target {
            step += 1
            let loss = nextLoss()
            losses.append(loss)
            samples.append(Sample(branch: branch, firstStep: step, loss: Fold(loss), metric: Fold(loss * 0.64)))
            if step % Self.stepsPerEpoch == 0 {
                let epoch = step / Self.stepsPerEpoch
                let mean = Double(epochLosses.reduce(0, +)) / Double(epochLosses.count)
                events.append(
                    .epochEnded(
                        EpochReport(branch: branch, epoch: epoch, step: step, meanLoss: mean, metrics: [mean * 0.64])))
                events.append(
                    .evaluated(Evaluation(branch: branch, step: step, loss: mean * 1.01, metrics: [mean * 0.65])))
            }
        }
        return bulletin(events: events, samples: samples)
    }

    /// Goes on from another place.
    ///
    /// - Returns: the news of it.
    mutating func move(_ cause: Move.Cause, to branch: Int, at target: Int, isNew: Bool = true) -> Bulletin {
        let left = self.branch
        let leftStep = step
        self.branch = BranchID(branch)
        if target < losses.count { losses.removeLast(losses.count - target) }
        step = target
        let move = Move(
            cause, request: nil, left: left, leftStep: leftStep, branch: self.branch, step: target)
        let begin = Event.branched(Branch(id: self.branch, parent: left, forkStep: target))
        return bulletin(events: (isNew ? [begin] : []) + [.moved(move)])
    }

    /// A bulletin about where the run stands.
    func bulletin(events: [Event] = [], samples: [Sample] = []) -> Bulletin {
        Bulletin(
            events: events, samples: samples,
            recent: losses.isEmpty ? nil : RecentLosses(lastStep: step, losses: losses.suffix(RecentLosses.capacity)),
            progress: progress)
    }

    private var epoch: Int { max(1, (step + Self.stepsPerEpoch - 1) / Self.stepsPerEpoch) }
    private var epochLosses: ArraySlice<Float> { losses.suffix(step - (epoch - 1) * Self.stepsPerEpoch) }

    private var progress: Progress {
        let mean = epochLosses.isEmpty ? nil : Double(epochLosses.reduce(0, +)) / Double(epochLosses.count)
        return Progress(
            step: step, epoch: epoch, stepInEpoch: epochLosses.count, stepsPerEpoch: Self.stepsPerEpoch,
            epochs: epochs, batchSize: 32, rows: 10_989, meanLoss: mean, metrics: [mean.map { $0 * 0.64 }],
            learningRate: learningRate, trainingSeconds: Double(step) / 200, stepsPerSecond: step > 0 ? 200 : nil)
    }

    /// Starts near 28, settles around 1, with noise that is skewed upwards and grows with the learning rate.
    private mutating func nextLoss() -> Float {
        // Knuth's MMIX generator: repeatable, and plenty for a picture.
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let noise = Float(random >> 40) / Float(1 << 24)
        let time = Float(step)
        let trend = 0.85 + 27 / (1 + time * time / 60) + 0.5 / (1 + time / 120)
        return trend + (noise * noise * noise * 0.9 + noise * 0.4 - 0.3) * Float(learningRate / 0.01).squareRoot()
    }
}

extension DashboardState {
    /// Takes a bulletin, of which nothing is to follow.
    mutating func receive(_ bulletin: Bulletin) { _ = update(&self, .bulletin(bulletin)) }

    /// Presses keys one after the other.
    ///
    /// - Returns: all that is to be done.
    @discardableResult
    mutating func press(_ keys: Key...) -> [Effect] {
        keys.flatMap { update(&self, .key($0)) }
    }

    /// Types a text, then presses Enter.
    @discardableResult
    mutating func type(_ text: String, thenEnter: Bool = true) -> [Effect] {
        text.flatMap { press(.character($0)) } + (thenEnter ? press(.enter) : [])
    }
}
