import Canvas
import RunModel
import Synchronization
import TrainProtocol
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
    /// Each metric's value for a loss of 1.
    private var metricRatios = [0.64]

    static let description = RunDescription(
        title: "storms", model: "8 → 30 elu → 1", weights: 301, optimizer: "nadam", seed: 42,
        loss: "mean_squared_error", metrics: [.init(name: "mean_absolute_error", higherIsBetter: false)],
        validation: .rows(3663))

    /// The same with three metrics, and with the first two of them.
    static let threeMetrics = describing([
        ("mean_absolute_error", false), ("root_mean_squared_error", false), ("r2_score", true),
    ])
    static let twoMetrics = describing([("mean_absolute_error", false), ("root_mean_squared_error", false)])

    private static func describing(_ metrics: [(name: String, rises: Bool)]) -> RunDescription {
        var run = description
        run.metrics = metrics.map { RunDescription.Metric(name: $0.name, higherIsBetter: $0.rises) }
        return run
    }

    static let hyperparameters: [Hyperparameter] = [
        number("learning_rate", "learning rate", 0.01, .positive, .learningRate),
        number("batch_size", "batch size", 32, .whole(from: 1, to: 10_989), .batchSize),
        number("layers.0.l2", "l2 · layer 1", 0.05, .notNegative),
        number("layers.1.l2", "l2 · layer 2", 0.05, .notNegative),
        number("beta_1", "beta 1", 0.9, .belowOne),
        Hyperparameter(name: "nesterov", title: "nesterov", kind: .flag, value: .flag(true)),
        number("momentum", "momentum", 0, .belowOne), number("epochs", "epochs", 5, .whole(from: 1), .epochs),
    ]

    private static func number(
        _ name: String, _ title: String, _ value: Double, _ range: NumberRange, _ role: Hyperparameter.Role? = nil
    ) -> Hyperparameter {
        Hyperparameter(name: name, title: title, role: role, kind: .number(range), value: .number(value))
    }

    /// How the run came to where it stands.
    private(set) var lineage = Lineage()
    /// How branches that it left came to their ends.
    private var left: [BranchID: Lineage] = [:]

    /// The news of an edit: an engine tells what is in force before what changed it.
    mutating func edit(_ edit: Edit) -> [Event] {
        lineage.append(edit)
        return [.lineage(lineage, redo: nil), .edited(edit)]
    }

    /// A dashboard before the first step.
    static func state(
        _ run: RunDescription = description, warnings: [String] = [], opening: Opening = .run
    ) -> DashboardState {
        var state = DashboardState(
            run: run, themes: ["midnight", "paper", "mono"], theme: "midnight", warnings: warnings, opening: opening)
        state.receive(FakeRun().news(events: [.hyperparameters(hyperparameters)]))
        return state
    }

    /// A dashboard that watched so many steps, with every epoch's end told.
    static func state(
        after steps: Int, edit: (step: Int, value: Double)? = nil, _ description: RunDescription = description,
        opening: Opening = .run
    ) -> DashboardState {
        let watched = Watched(
            steps: steps, editStep: edit?.step, editValue: edit?.value, description: description, opening: opening)
        if let known = known.withLock({ $0.first { $0.watched == watched }?.state }) { return known }
        let state = watch(steps, edit, description, opening)
        known.withLock { $0.append((watched, state)) }
        return state
    }

    /// What a dashboard has watched.
    private struct Watched: Equatable {
        let steps: Int
        let editStep: Int?
        let editValue: Double?
        let description: RunDescription
        let opening: Opening
    }

    /// Those that were asked for: most tests begin with one of a few, and a thousand steps take a while to watch.
    private static let known = Mutex<[(watched: Watched, state: DashboardState)]>([])

    private static func watch(
        _ steps: Int, _ edit: (step: Int, value: Double)?, _ description: RunDescription, _ opening: Opening
    ) -> DashboardState {
        var run = FakeRun()
        run.metricRatios = Array([0.64, 0.81, 0.36].prefix(description.metrics.count))
        var state = state(description, opening: opening)
        while run.step < steps {
            if let edit, run.step == edit.step {
                state.view.selection = 0
                let effects = state.set(0, to: .number(edit.value))
                guard case .send(_, let id)? = effects.first else { break }
                let change = Edit(
                    number: 1, name: "learning_rate", old: .number(run.learningRate), new: .number(edit.value),
                    step: run.step)
                run.learningRate = edit.value
                let events = run.edit(change)
                state.receive(run.news(events: events + [.applied(id, at: run.step)]))
            }
            let next = min(steps, (run.step / 7 + 1) * 7, (run.step / stepsPerEpoch + 1) * stepsPerEpoch)
            state.receive(run.advance(to: min(next, edit.map { $0.step > run.step ? $0.step : next } ?? next)))
        }
        state.receive(run.news(events: [.state(.training)]))
        return state
    }

    /// Takes steps one by one and tells of them.
    mutating func advance(to target: Int) -> EngineUpdate {
        var samples: [Sample] = []
        var events: [Event] = []
        while step < target {
            step += 1
            let loss = nextLoss()
            losses.append(loss)
            samples.append(
                Sample(
                    branch: branch, firstStep: step, loss: Fold(loss),
                    metrics: MetricFolds(metricRatios.map { Fold(loss * Float($0)) }), learningRate: Float(learningRate)
                ))
            if step % Self.stepsPerEpoch == 0 {
                let epoch = step / Self.stepsPerEpoch
                let mean = Double(epochLosses.reduce(0, +)) / Double(epochLosses.count)
                events.append(
                    .epochEnded(
                        EpochReport(
                            branch: branch, epoch: epoch, step: step, meanLoss: mean,
                            metrics: metricRatios.map { mean * $0 })))
                events.append(
                    .evaluated(
                        Evaluation(
                            branch: branch, step: step, loss: mean * 1.01,
                            metrics: metricRatios.map { mean * ($0 + 0.01) })))
            }
        }
        return news(events: events, samples: samples)
    }

    /// Goes on from another place.
    ///
    /// - Returns: the news of it.
    mutating func move(_ cause: Move.Cause, to branch: Int, at target: Int, isNew: Bool = true) -> EngineUpdate {
        let left = self.branch
        let leftStep = step
        self.branch = BranchID(branch)
        if target < losses.count { losses.removeLast(losses.count - target) }
        step = target
        self.left[left] = lineage
        if isNew {
            let made = { if case .undo(let edit) = cause { edit } else { nil } }() as Edit?
            let edits = made.flatMap { edit in lineage.edits.firstIndex(of: edit) } ?? lineage.edits(before: target)
            lineage = lineage.forked(as: self.branch, at: Moment(step: target, edits: edits))
        } else {
            lineage = self.left[self.branch] ?? lineage
        }
        let move = Move(cause, left: left, leftStep: leftStep, branch: self.branch, step: target)
        return news(events: [.lineage(lineage, redo: nil), .moved(move)])
    }

    /// News of where the run stands.
    func news(events: [Event] = [], samples: [Sample] = []) -> EngineUpdate {
        EngineUpdate(
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
            epochs: epochs, batchSize: 32, rows: 10_989, meanLoss: mean,
            metrics: metricRatios.map { ratio in mean.map { $0 * ratio } }, learningRate: learningRate, pace: 200,
            trainingSeconds: Double(step) / 200, stepsPerSecond: step > 0 ? 200 : nil, expectedStepsPerSecond: 200)
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
    /// Takes news, of which nothing is to follow.
    mutating func receive(_ news: EngineUpdate) { _ = update(&self, .update(news)) }

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
