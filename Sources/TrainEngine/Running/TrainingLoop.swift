internal import Dispatch
internal import TrainCore

/// The life of a run on its queue: takes steps, obeys the mailbox between them, tells the outbox.
///
/// A class because it is one thing with a life; everything in it is touched by the training queue alone.
final class TrainingLoop {
    let course: Course
    let validation: Dataset?
    let options: TrainerEngine.Options
    let outbox: Outbox
    private let mailbox: Mailbox

    var state: RunState = .paused
    /// Steps left until a pause that was asked for; nil for none.
    private var stepsUntilPause: Int?
    private var pausesAfterEpoch = false

    var pacer: Pacer
    private var stopwatch = Stopwatch()
    /// Steps taken in all, on whatever branch: what the stopwatch counts.
    private var stepsTaken = 0
    /// Steps taken at once at full speed, so many that a burst takes a fraction of a millisecond.
    private var burst = 16
    /// When the next state is to be kept.
    private var nextKeep = DispatchTime.now()

    private let outcomes = UnsafeMutableBufferPointer<StepOutcome>.allocate(capacity: 4096)
    private var outcomeCount = 0
    private var events: [Event] = []

    var lookout = Lookout()
    /// Whether a twin is wanted, and without which edit; without a number, of the last edit.
    var twinWanted: (isOn: Bool, edit: Int?) = (false, nil)
    var twin: TwinRunner?
    var sweep: LearningRateSweep?
    /// The journal that the run follows.
    let replay: Replay?

    init(course: Course, validation: Dataset?, options: TrainerEngine.Options, mailbox: Mailbox, outbox: Outbox) {
        self.course = course
        self.validation = validation
        self.options = options
        self.mailbox = mailbox
        self.outbox = outbox
        pacer = Pacer(stepsPerSecond: options.pace)
        lookout.watch.policy = options.onDivergence
        replay = options.following.map { Replay(of: $0, on: course) }
    }

    deinit { outcomes.deallocate() }

    var trainer: Trainer { course.trainer }

    /// Runs until it is told to stop.
    func run() {
        enter(.training)
        while state != .stopped {
            for request in mailbox.take() where state != .stopped { obey(request) }
            followJournal()
            switch state {
            case .training:
                takeSteps()
            case .racing:
                race()
            case .paused, .done, .diverged:
                publish(mayDefer: false)
                mailbox.wait()
            case .evaluating, .stopped:
                break
            }
        }
        twin?.stop()
        sweep?.cancel()
        course.noteEnd()
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
        if options.onStep != nil || lookout.watchesLosses { wanted = min(wanted, 1) }
        if let step = lookout.nextStep(after: trainer.position.step) {
            wanted = min(wanted, step - trainer.position.step)
        }
        if let entry = nextEntry { wanted = min(wanted, entry.step - trainer.position.step) }
        let start = DispatchTime.now().uptimeNanoseconds
        let (taken, divergence) = course.run(
            atMost: wanted, into: UnsafeMutableBufferPointer(rebasing: outcomes[outcomeCount...]))
        if taken == 1, let onStep = options.onStep { onStep(StepRecord(trainer, outcomes[outcomeCount])) }
        outcomeCount += taken
        stepsTaken += taken
        if nextEntry != nil { replay?.count(steps: taken) }
        let lastLoss = taken > 0 ? outcomes[outcomeCount - 1].loss : nil
        stopwatch.tick(step: stepsTaken)
        adaptBurst(taken: taken, nanoseconds: DispatchTime.now().uptimeNanoseconds - start)
        stepsUntilPause? -= taken
        twin?.follow(to: trainer.position.step)

        if taken > 0, trainer.isEpochComplete { endEpoch() }
        if let divergence {
            diverge(divergence)
        } else if let lastLoss, state == .training {
            if let breakpoint = lookout.hit(step: trainer.position.step, loss: lastLoss) { pause(at: breakpoint) }
        }
        if state == .training, stepsUntilPause == 0 { enter(.paused) }
        keepState()
        if isPaced { pacer.spend(taken) }
        // Before a wait everything must be out: the next chance comes only after it.
        publish(mayDefer: !isPaced && state == .training && outcomeCount < outcomes.count)
    }

    /// Aims at bursts of 0.1 to 0.4 ms: long enough to cost nothing, short enough that a command takes effect at once.
    private func adaptBurst(taken: Int, nanoseconds: UInt64) {
        if nanoseconds < 100_000, taken == burst { burst = min(burst * 2, 1024) }
        if nanoseconds > 400_000 { burst = max(1, burst / 2) }
    }

    /// Keeps a state for going back, no more often than costs half a hundredth of the time.
    private func keepState() {
        let start = DispatchTime.now()
        guard start >= nextKeep else { return }
        course.keepState()
        let cost = DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds
        nextKeep = DispatchTime(uptimeNanoseconds: start.uptimeNanoseconds + 200 * cost)
    }

    func endEpoch() {
        tell(.epochEnded(EpochReport(of: trainer, on: course.branch)))
        course.noteEpoch()
        if validation != nil { evaluate() }
        if let breakpoint = lookout.hit(epoch: trainer.position.epoch) { pause(at: breakpoint) }
        if trainer.isComplete {
            if options.savesWhenDone { saveWeights() }
            enter(.done)
        } else if pausesAfterEpoch {
            enter(.paused)
        }
    }

    func evaluate() {
        guard let validation else { return }
        let before = state
        enter(.evaluating)
        publish(mayDefer: false)
        let evaluation = Evaluation(of: trainer, on: course.branch, with: validation)
        course.noteValidation(loss: evaluation.loss)
        tell(.evaluated(evaluation))
        enter(before)
        if let breakpoint = lookout.hit(validationLoss: evaluation.loss) { pause(at: breakpoint) }
    }

    private func pause(at breakpoint: Breakpoint) {
        tell(.hit(breakpoint, at: trainer.position.step))
        tell(.watching(lookout.watch))
        if state == .training { enter(.paused) }
    }

    private func diverge(_ divergence: Divergence) {
        if nextEntry != nil { endReplay(with: Replay.difference(divergence)) }
        switch lookout.watch.policy {
        case .rewind where lookout.rewinds < Lookout.mostRewinds:
            do throws(Course.Refusal) {
                // The chart shows how it came to this before the run goes back.
                flush()
                try course.rewind(by: Lookout.rewoundSteps, after: divergence)
                lookout.rewinds += 1
                comeFromElsewhere()
                return
            } catch {
                tell(.notice("not gone back: \(error.reason)"))
            }
        case .rewind, .pause, .stop:
            break
        }
        enter(.diverged(step: divergence.step, reason: divergence.description))
        guard lookout.watch.policy == .stop else { return }
        if options.savesWhenDone { saveWeights() }
        enter(.stopped)
    }

    @discardableResult
    func saveWeights() -> String? {
        guard let save = options.save else { return "no file to save to" }
        do {
            tell(.saved(path: try save(trainer.weights)))
            return nil
        } catch {
            tell(.notice("not saved: \(error)"))
            return "\(error)"
        }
    }

    // MARK: Races

    /// Takes a turn: some steps of each branch.
    private func race() {
        guard let track = course.track else {
            preconditionFailure("racing is a state that only a race brings")
        }
        // That it began, and what was asked meanwhile: a slow race does not keep anyone waiting for its end.
        publish(mayDefer: false)
        let isPaced = pacer.stepsPerSecond > 0
        if isPaced, !pacer.isDue {
            mailbox.wait(until: pacer.next)
            return
        }
        let wanted = min(isPaced ? pacer.burst : burst, stepsUntilPause ?? .max, stepsOfRaceToFollow ?? .max)
        let start = DispatchTime.now().uptimeNanoseconds
        track.run(steps: wanted, validation: validation)
        adaptBurst(taken: wanted, nanoseconds: DispatchTime.now().uptimeNanoseconds - start)
        stepsTaken += wanted
        stopwatch.tick(step: stepsTaken)
        stepsUntilPause? -= wanted
        if isPaced { pacer.spend(wanted) }
        let rate = stopwatch.stepsPerSecond
        outbox.publish { news in
            for entrant in track.entrants {
                entrant.outcomes.withUnsafeBufferPointer {
                    news.add($0, of: entrant.branch, lastStep: entrant.walker.trainer.position.step)
                }
                news.add(entrant.events, other: entrant.progress(stepsPerSecond: rate))
            }
        }
        if stepsUntilPause == 0 || track.isOver && nextEntry == nil { enter(.paused) }
    }

    // MARK: Going on

    /// What steps are called while they are taken now: a race's or the run's own.
    var goingOn: RunState { course.track == nil ? .training : .racing }

    /// Goes on, until a pause where one is asked for.
    func go(steps: Int? = nil, throughEpoch: Bool = false) {
        stepsUntilPause = steps
        pausesAfterEpoch = throughEpoch
        enter(goingOn)
    }

    /// The run stands elsewhere: what followed it is led there, and what was over is not any more.
    func comeFromElsewhere() {
        lookout.forgetValidation()
        if let twin, !course.walker.trail.contains(where: { $0.number == twin.twin.edit }) { endTwin() }
        twin?.stop()
        twin = nil
        showTwin()
        switch state {
        case .evaluating, .stopped: break
        // Nobody goes on from where all epochs are done.
        case _ where trainer.isComplete: enter(.done)
        case .training, .paused: break
        case .done, .diverged, .racing: enter(.paused)
        }
    }

    func enter(_ new: RunState) {
        guard new != state else { return }
        let isMoving = new == .training || new == .racing
        // Evaluating is part of training where training goes on after it.
        if isMoving, state != .evaluating {
            stopwatch.start(step: stepsTaken)
            pacer.restart()
        } else if state == .training || state == .racing, new != .evaluating {
            stopwatch.stop()
        }
        state = new
        tell(.state(new))
    }

    // MARK: Telling

    func tell(_ event: Event) {
        collect()
        events.append(event)
    }

    /// Takes what the course has to tell.
    private func collect() {
        for event in course.takeEvents() {
            guard case .hyperparameters(let own) = event else {
                events.append(event)
                continue
            }
            events.append(.hyperparameters(own + [Pace.hyperparameter(pacer.stepsPerSecond)]))
        }
    }

    /// Makes sure that the steps taken are out before the run moves to another branch.
    func flush() { publish(mayDefer: false) }

    private func publish(mayDefer: Bool) {
        collect()
        let taken = UnsafeBufferPointer(rebasing: outcomes[..<outcomeCount])
        let (branch, step) = (course.branch, trainer.position.step)
        let progress = Progress(of: trainer, stopwatch)
        let isPublished = outbox.publish(mayDefer: mayDefer) { news in
            // The steps come after whatever moves there were: before each of them all steps were told.
            news.add(events, progress: progress)
            news.addOfRun(taken, of: branch, lastStep: step)
        }
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
