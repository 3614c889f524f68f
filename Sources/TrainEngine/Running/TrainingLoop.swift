internal import Dispatch
internal import TrainCore

/// The life of a run on its queue: takes steps, obeys the mailbox between them, tells the outbox.
///
/// A class because it is one thing with a life; everything in it is touched by the training queue alone.
final class TrainingLoop {
    private let trainer: Trainer
    private let validation: Dataset?
    private let options: TrainerEngine.Options
    private let mailbox: Mailbox
    private let outbox: Outbox

    private var state: RunState = .paused
    /// Steps left until a pause that was asked for; nil for none.
    private var stepsUntilPause: Int?
    private var pausesAfterEpoch = false

    private var pacer: Pacer
    private var stopwatch = Stopwatch()
    /// Steps taken at once at full speed, so many that a burst takes a fraction of a millisecond.
    private var burst = 16

    private let outcomes = UnsafeMutableBufferPointer<StepOutcome>.allocate(capacity: 4096)
    private var outcomeCount = 0
    private var events: [Event] = []

    init(
        trainer: Trainer, validation: Dataset?, options: TrainerEngine.Options, mailbox: Mailbox, outbox: Outbox
    ) {
        self.trainer = trainer
        self.validation = validation
        self.options = options
        self.mailbox = mailbox
        self.outbox = outbox
        pacer = Pacer(stepsPerSecond: options.pace)
    }

    deinit { outcomes.deallocate() }

    /// Runs until it is told to stop.
    func run() {
        enter(.training)
        while state != .stopped {
            for request in mailbox.take() where state != .stopped { obey(request) }
            switch state {
            case .training:
                takeSteps()
            case .paused, .done, .diverged:
                publish(mayDefer: false)
                mailbox.wait()
            case .evaluating, .racing, .stopped:
                break
            }
        }
        publish(mayDefer: false)
    }

    // MARK: Steps

    private func takeSteps() {
        let isPaced = pacer.stepsPerSecond > 0
        if isPaced, !pacer.isDue {
            mailbox.wait(until: pacer.next)
            return
        }
        var wanted = min(isPaced ? pacer.burst : burst, stepsUntilPause ?? .max, outcomes.count - outcomeCount)
        if options.onStep != nil { wanted = min(wanted, 1) }
        let start = DispatchTime.now().uptimeNanoseconds
        let (taken, divergence) = trainer.run(
            atMost: wanted, into: UnsafeMutableBufferPointer(rebasing: outcomes[outcomeCount...]))
        if taken == 1, let onStep = options.onStep { onStep(StepRecord(trainer, outcomes[outcomeCount])) }
        outcomeCount += taken
        stopwatch.tick(step: trainer.position.step)
        adaptBurst(taken: taken, nanoseconds: DispatchTime.now().uptimeNanoseconds - start)
        stepsUntilPause? -= taken

        if let divergence {
            enter(.diverged(step: divergence.step, reason: divergence.description))
        } else {
            if taken > 0, trainer.isEpochComplete { endEpoch() }
            if state == .training, stepsUntilPause == 0 { enter(.paused) }
        }
        if isPaced { pacer.spend(taken) }
        // Before a wait everything must be out: the next chance comes only after it.
        publish(mayDefer: !isPaced && state == .training && outcomeCount < outcomes.count)
    }

    /// Aims at bursts of 0.1 to 0.4 ms: long enough to cost nothing, short enough that a command takes effect at once.
    private func adaptBurst(taken: Int, nanoseconds: UInt64) {
        if nanoseconds < 100_000, taken == burst { burst = min(burst * 2, 1024) }
        if nanoseconds > 400_000 { burst = max(1, burst / 2) }
    }

    private func endEpoch() {
        let position = trainer.position
        events.append(
            .epochEnded(
                EpochReport(
                    epoch: position.epoch, step: position.step, meanLoss: trainer.meanLoss ?? .nan,
                    metrics: trainer.metricValues.map { $0 ?? .nan })))
        if validation != nil { evaluate() }
        if trainer.isComplete {
            if options.savesWhenDone { saveWeights() }
            enter(.done)
        } else if pausesAfterEpoch {
            enter(.paused)
        }
    }

    private func evaluate() {
        guard let validation else { return }
        let before = state
        enter(.evaluating)
        publish(mayDefer: false)
        let (loss, metrics) = trainer.evaluate(on: validation)
        events.append(.evaluated(Evaluation(step: trainer.position.step, loss: loss, metrics: metrics)))
        enter(before)
    }

    @discardableResult
    private func saveWeights() -> String? {
        guard let save = options.save else { return "no file to save to" }
        do {
            events.append(.saved(path: try save(trainer.weights)))
            return nil
        } catch {
            events.append(.notice("not saved: \(error)"))
            return "\(error)"
        }
    }

    // MARK: Commands

    private func obey(_ request: Mailbox.Request) {
        if let reason = refusal(of: request) {
            events.append(.refused(request.id, reason: reason))
        } else {
            events.append(.applied(request.id, at: trainer.position.step))
        }
    }

    /// Carries the request out, or says why not.
    private func refusal(of request: Mailbox.Request) -> String? {
        switch request.command {
        case .pause:
            if case .training = state { enter(.paused) }
        case .resume:
            guard state != .done else { return completeReason }
            go(steps: nil, throughEpoch: false)
        case .step(let count):
            guard count > 0 else { return "the number of steps must be at least 1" }
            guard state != .done else { return completeReason }
            go(steps: count, throughEpoch: false)
        case .runEpoch:
            guard state != .done else { return completeReason }
            go(steps: nil, throughEpoch: true)
        case .set(let name, let value):
            return set(name, to: value, for: request.id)
        case .evaluate:
            guard validation != nil else { return "there are no validation rows" }
            evaluate()
        case .save:
            return saveWeights()
        case .stop:
            enter(.stopped)
        case .ramp, .plan, .cancelPlan, .undo, .redo, .goToStep, .goToBest, .goToBranch, .showTwin, .hideTwin, .race,
            .adopt, .endRace, .testLearningRates, .onDivergence, .pauseWhen, .clearBreakpoints:
            return "this run cannot do that"
        }
        return nil
    }

    private var completeReason: String {
        "all \(trainer.settings.epochs) epochs are done; raise epochs to go on"
    }

    private func go(steps: Int?, throughEpoch: Bool) {
        stepsUntilPause = steps
        pausesAfterEpoch = throughEpoch
        enter(.training)
    }

    private func set(_ name: String, to value: Double, for id: RequestID) -> String? {
        let old: Double
        if name == Pace.name {
            if let objection = Pace.range.objection(to: value) { return "\(name) \(objection)" }
            old = pacer.stepsPerSecond
            pacer.stepsPerSecond = value
        } else {
            do throws(TrainingError) {
                old = try trainer.set(name, to: value)
            } catch {
                return error.description
            }
        }
        events.append(
            .changed(HyperparameterChange(request: id, name: name, old: old, new: value, step: trainer.position.step)))
        // More epochs are more to do.
        if state == .done, !trainer.isComplete { go(steps: nil, throughEpoch: false) }
        return nil
    }

    // MARK: Telling

    private func enter(_ new: RunState) {
        guard new != state else { return }
        // Evaluating is part of training where training goes on after it.
        if new == .training, state != .evaluating {
            stopwatch.start(step: trainer.position.step)
            pacer.restart()
        } else if state == .training, new != .evaluating {
            stopwatch.stop()
        }
        state = new
        events.append(.state(new))
    }

    private func publish(mayDefer: Bool) {
        let isPublished = outbox.publish(
            UnsafeBufferPointer(rebasing: outcomes[..<outcomeCount]), lastStep: trainer.position.step, events: events,
            progress: Progress(of: trainer, stopwatch), mayDefer: mayDefer)
        if isPublished {
            outcomeCount = 0
            events.removeAll(keepingCapacity: true)
        }
    }
}

extension Progress {
    /// Where a trainer stands.
    init(of trainer: Trainer, _ stopwatch: Stopwatch) {
        self.init(
            step: trainer.position.step, epoch: trainer.position.epoch, stepInEpoch: trainer.position.stepInEpoch,
            stepsPerEpoch: trainer.stepsPerEpoch, epochs: trainer.settings.epochs,
            batchSize: trainer.settings.batchSize, rows: trainer.training.rows, meanLoss: trainer.meanLoss,
            metrics: trainer.metricValues, learningRate: trainer.learningRate, trainingSeconds: stopwatch.seconds,
            stepsPerSecond: stopwatch.stepsPerSecond)
    }
}
