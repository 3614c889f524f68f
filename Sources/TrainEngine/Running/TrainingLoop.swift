import Dispatch
import TrainCore
import TrainProtocol

/// The life of a run on its queue: takes steps, obeys the mailbox between them, tells the outbox.
///
/// What happens to the run goes through ``perform(_:reason:)``, whether somebody asked for it, a plan was due or a
/// journal tells it. What the run does next is the ``RunMachine``'s to say.
///
/// A class because it is one thing with a life; everything in it is touched by the training queue alone.
final class TrainingLoop {
    let navigator: Navigator
    let validation: Dataset?
    let options: LocalEngine.Options
    let outbox: Outbox
    let mailbox: Mailbox

    private var machine = RunMachine()
    var pacer: Pacer
    var stopwatch = Stopwatch()
    /// Steps taken in all, on whatever branch: what the stopwatch counts.
    private var stepsTaken = 0
    /// Steps taken at once at full speed, so many that a burst takes about a millisecond.
    private var burst = 16
    /// When the next state is to be kept.
    private var nextCheckpoint = DispatchTime.now()

    /// The steps that were taken and not yet published.
    let steps: StepBuffer
    private var events: [Event] = []

    var breakpoints = Breakpoints()
    var lossGuard = LossGuard()
    var earlyStopping: EarlyStopping.Wait?
    /// What came of training again on all rows; nil where that was not done for the run as it stands.
    var refitted: KeptWeights?
    /// The validation before now, and the one with the lowest loss.
    var (lastValidation, bestValidation): (Evaluation?, Evaluation?)
    /// Whether the last validation took so long that people see it; of the first one that is not known.
    var evaluationIsSlow = true
    /// How the weights that count do on the test rows; nil where that was not tried for the run as it stands.
    var test: Evaluation?
    /// The steps and branches at which the test rows were asked, in this process and before it.
    var tests: [Evaluation] = []
    /// How often the run went back by itself because of a divergence since somebody last did something about it.
    var recoveries = 0
    /// Whether a twin is wanted, and without which edit; without a number, of the last edit.
    var twinWanted: (isOn: Bool, edit: Int?) = (false, nil)
    var twin: TwinRunner?
    var trials: LearningRateTrials?
    /// What somebody looks at inside of the run; nil where nobody ever did.
    var inspecting: Inspecting?
    /// The journal that the run follows.
    let replay: Replay?
    /// Where checkpoints go, and when; nil where none are wanted.
    var saving: CheckpointSaving?
    /// What is still to be done before a run stands where another process left it; nil for other runs, and after that.
    var comingBack: ComingBack?
    let capabilities: Capabilities

    init(
        navigator: Navigator, validation: Dataset?, options: LocalEngine.Options, mailbox: Mailbox, outbox: Outbox
    ) {
        self.navigator = navigator
        self.validation = validation
        self.options = options
        self.mailbox = mailbox
        self.outbox = outbox
        steps = StepBuffer(capacity: 4096, for: navigator.trainer)
        pacer = Pacer(stepsPerSecond: options.pace)
        breakpoints.watch.policy = options.onDivergence
        breakpoints.watch.patience = navigator.earlyStopping?.patience
        earlyStopping = navigator.earlyStopping.map { EarlyStopping.Wait($0) }
        if let resumption = options.resumption {
            let followed = resumption.entries.dropFirst(resumption.checkpoint?.journalEntries ?? 0)
            replay = followed.isEmpty ? nil : Replay(of: Array(followed), by: navigator)
            comingBack = ComingBack(resumption)
        } else {
            replay = options.following.map { Replay(of: $0, by: navigator) }
        }
        capabilities = Capabilities(of: options, isValidated: validation != nil)
    }

    /// What the run did last before it was told to stop.
    private(set) var standing = RunState.paused

    var trainer: Trainer { navigator.trainer }
    var state: RunState { machine.state }

    /// Runs until it is told to stop.
    func run() {
        restore()
        tell(.capabilities(isFollowing ? capabilities.restricted(by: .whileReplaying) : capabilities))
        navigator.tellHyperparameters()
        tell(.watching(breakpoints.watch))
        if let notice = navigator.checkpoints.notice(stateBytes: trainer.stateByteCount) { tell(.notice(notice)) }
        if isFollowing {
            navigator.isRecording = false
            handle(.following(true))
        }
        if comingBack != nil {
            comeBack()
        } else if options.startsPaused {
            tell(.state(.paused))
        } else {
            handle(.resume)
        }
        while state != .stopped {
            let requests = mailbox.take()
            for request in requests where state != .stopped { obey(request) }
            // The answers are out before the next step, which of a large model takes long.
            if !requests.isEmpty { flush() }
            followJournal()
            lookInside()
            switch state {
            case .training, .replaying, .racing:
                if navigator.race == nil { takeSteps() } else { takeRaceTurn() }
            case .paused, .done, .diverged:
                publish(mayDefer: false)
                rest()
            case .evaluating, .stopped, .connecting, .lost:
                break
            }
        }
        twin?.stop()
        trials?.cancel()
        inspecting?.inspector.cancel()
        writeCheckpoint(isLast: true)
        if isEndTold { navigator.noteEnd() }
        publish(mayDefer: false)
    }

    /// Lets the machine know, and does what it says; what the machine refuses was somebody's to ask for.
    func ask(_ input: RunMachine.Input) throws(Timeline.Refusal) {
        for action in try machine.handle(input) {
            switch action {
            case .startClock:
                stopwatch.start(step: stepsTaken)
                pacer.restart()
            case .stopClock:
                stopwatch.stop()
            case .announce(let state):
                if state != .stopped { standing = state }
                if state == .done {
                    refit()
                    evaluateTest()
                    if options.savesWhenDone { saveWeights(keptWeights) }
                }
                tell(.state(state))
            }
        }
    }

    /// The same for what nobody asked for: it cannot be refused.
    func handle(_ input: RunMachine.Input) {
        do throws(Timeline.Refusal) { try ask(input) } catch { preconditionFailure("\(error) is no answer to a fact") }
    }

    // MARK: What happens

    /// Makes what an entry tells happen, with all that follows from it.
    func perform(_ entry: JournalEntry, reason: String? = nil) throws(Timeline.Refusal) {
        let wasComplete = trainer.isEpochComplete
        // What was done before is out before the run goes elsewhere.
        flush()
        let racing = navigator.timeline.race
        try navigator.apply(entry, reason: reason)
        (refitted, test) = (nil, nil)
        switch entry {
        case .edited(let edit):
            comingBack?.isStopDue = false
            followEdit(edit)
            earlyStopping?.beginAnew()
            // Fewer epochs, or a batch for which too few rows are left, may be the end of the epoch or of the run.
            if trainer.isEpochComplete, !wasComplete { endEpoch() }
            handle(.edited(isComplete: isComplete))
        case .branchedOff, .returned:
            handle(.moved(isComplete: isComplete))
            comeFromElsewhere()
        case .raceBegan:
            // Branches are known before their first steps.
            flush()
            endTwin()
            handle(.raceBegan)
        case .raceEnded:
            outbox.publish { news in for entrant in racing?.entrants ?? [] { news.forget(entrant.branch) } }
            handle(.raceEnded(isComplete: isComplete))
            comeFromElsewhere()
        case .epochEnded, .checked, .ended:
            break
        }
    }

    /// The run stands elsewhere: what followed it is led there.
    private func comeFromElsewhere() {
        breakpoints.forgetLosses()
        lossGuard.reset()
        restartEarlyStopping()
        if let twin, !navigator.lineage.holds(edit: twin.twin.edit) { endTwin() }
        twin?.stop()
        twin = nil
        showTwin()
    }

    /// Makes the edits whose steps are done.
    private func makePlannedEdits() {
        // The journal has those that were made; others were cancelled.
        if isFollowing, comingBack != nil {
            for plan in navigator.plans.takeDue(at: trainer.position.step) { tell(.unplanned(plan.number)) }
            return
        }
        for plan in navigator.plans.takeDue(at: trainer.position.step) {
            tell(.unplanned(plan.number))
            do throws(Timeline.Refusal) {
                let number = navigator.timeline.editNumber
                try perform(try navigator.edit(as: plan))
                navigator.plans.note(plan, becameEdit: number)
            } catch {
                tell(.notice("the edit planned for step \(plan.step) was not made: \(error)"))
            }
        }
    }

    // MARK: Steps

    /// Whether steps are spread over time. Those that a run takes again to stand where it was are not: nobody watches them.
    private var isPaced: Bool { pacer.stepsPerSecond > 0 && comingBack == nil }

    private func takeSteps() {
        makePlannedEdits()
        guard state.takesSteps else { return }
        let isPaced = isPaced
        if isPaced, !pacer.isDue {
            mailbox.wait(until: pacer.next)
            return
        }
        let step = trainer.position.step
        var wanted = min(isPaced ? pacer.burst : burst, machine.stepsUntilPause ?? .max, steps.room)
        if options.onStep != nil || breakpoints.watchesLosses { wanted = min(wanted, 1) }
        if let stop = breakpoints.nextStep(after: step) { wanted = min(wanted, stop - step) }
        if let entry = nextEntry { wanted = min(wanted, entry.step - step) }
        let start = DispatchTime.now().uptimeNanoseconds
        let (taken, divergence) = navigator.run(atMost: wanted, into: steps)
        if let explosion = explosion(among: taken, from: step) {
            let kept = explosion.step - 1 - step
            steps.removeLast(taken - kept)
            report(kept, isPaced: isPaced, since: start)
            diverge(at: explosion.step, because: explosion.reason)
            return
        }
        if taken == 1, let onStep = options.onStep { onStep(StepRecord(trainer, steps.outcomes[steps.count - 1])) }
        let lastLoss = taken > 0 ? steps.outcomes[steps.count - 1].loss : nil
        report(taken, isPaced: isPaced, since: start)
        if taken > 0, trainer.isEpochComplete { endEpoch() }
        if let divergence {
            diverge(at: divergence.step, because: divergence.description)
        } else if let lastLoss, state.takesSteps,
            let breakpoint = breakpoints.hit(step: trainer.position.step, loss: lastLoss)
        {
            pause(at: breakpoint)
        }
        keepCheckpoint()
        // Before a wait everything must be out: the next chance comes only after it. At full speed a burst's worth at
        // once costs less than epoch by epoch, where those are short.
        let mayDefer = !isPaced && state.takesSteps && steps.room > 0
        if !mayDefer || steps.count >= burst { publish(mayDefer: mayDefer) }
    }

    /// Counts steps that were taken.
    private func report(_ taken: Int, isPaced: Bool, since start: UInt64) {
        navigator.confirm()
        stepsTaken += taken
        if isFollowing { replay?.count(steps: taken) }
        let now = DispatchTime.now().uptimeNanoseconds
        stopwatch.tick(step: stepsTaken, now: now)
        adaptBurst(taken: taken, nanoseconds: now - start)
        handle(.took(taken))
        twin?.follow(to: trainer.position.step)
        if isPaced { pacer.spend(taken) }
    }

    /// Aims at bursts of 0.4 to 1.6 ms: long enough to cost nothing, short enough that a command takes effect at once.
    private func adaptBurst(taken: Int, nanoseconds: UInt64) {
        if nanoseconds < 400_000, taken == burst { burst = min(burst * 2, 2048) }
        if nanoseconds > 1_600_000 { burst = max(1, burst / 2) }
    }

    /// Keeps a state for going back, no more often than costs half a hundredth of the time, and than helps: steps of a
    /// hundredth of a second are taken again faster than anyone sees.
    private func keepCheckpoint() {
        let start = DispatchTime.now()
        writeCheckpoint(at: start)
        guard start >= nextCheckpoint else { return }
        navigator.keepCheckpoint()
        let cost = DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds
        nextCheckpoint = DispatchTime(uptimeNanoseconds: start.uptimeNanoseconds + max(10_000_000, 200 * cost))
    }

    private func endEpoch() {
        let report = EpochReport(of: trainer, on: navigator.lineage.branch)
        tell(.epochEnded(report))
        options.onEpochEnd?(report.epoch, trainer.weights)
        navigator.noteEpoch()
        let evaluation = evaluate()
        if let breakpoint = breakpoints.hit(epoch: trainer.position.epoch) { pause(at: breakpoint) }
        if let evaluation { stopEarly(after: evaluation) }
        handle(.epochEnded(isComplete: isComplete))
    }

    func pause(at breakpoint: Breakpoint) {
        // It was paused there before.
        guard comingBack == nil else { return }
        tell(.hit(breakpoint, at: trainer.position.step))
        tell(.watching(breakpoints.watch))
        handle(.breakpoint)
    }

    // MARK: Races

    /// Takes a turn: some steps of each branch.
    private func takeRaceTurn() {
        guard let race = navigator.race else { preconditionFailure("only a race has turns") }
        // That it began, and what was asked meanwhile: a slow race does not keep anyone waiting for its end.
        publish(mayDefer: false)
        let isPaced = isPaced
        if isPaced, !pacer.isDue {
            mailbox.wait(until: pacer.next)
            return
        }
        let wanted = min(isPaced ? pacer.burst : burst, machine.stepsUntilPause ?? .max, stepsOfRaceToFollow ?? .max)
        let start = DispatchTime.now().uptimeNanoseconds
        let taken = race.run(atMost: wanted) { [validation] _ in validation }
        adaptBurst(taken: taken, nanoseconds: DispatchTime.now().uptimeNanoseconds - start)
        stepsTaken += taken
        stopwatch.tick(step: stepsTaken)
        if isPaced { pacer.spend(taken) }
        let rate = stopwatch.stepsPerSecond
        outbox.publish { news in
            for entrant in race.entrants {
                news.add(entrant.turn, of: entrant.branch, lastStep: entrant.branchTrainer.moment.step)
                news.add(entrant.events, other: entrant.progress(stepsPerSecond: rate))
            }
        }
        handle(.took(taken))
        if race.isOver { handle(.raceIsOver) }
    }

    // MARK: Telling

    func setPace(_ stepsPerSecond: Double) {
        pacer.stepsPerSecond = stepsPerSecond
        stopwatch.forgetRate(step: stepsTaken)
    }

    func tell(_ event: Event) {
        events += navigator.takeEvents()
        events.append(event)
    }

    /// Makes sure that the steps taken are out before the run moves to another branch.
    func flush() { publish(mayDefer: false) }

    private func publish(mayDefer: Bool) {
        events += navigator.takeEvents()
        let (branch, step) = (navigator.lineage.branch, trainer.position.step)
        let progress = Progress(of: trainer, stopwatch, pace: pacer.stepsPerSecond)
        let isPublished = outbox.publish(mayDefer: mayDefer) { news in
            // The steps come after whatever moves there were: before each of them all steps were told.
            news.add(events, progress: progress)
            news.addOfRun(steps, of: branch, lastStep: step)
        }
        if isPublished {
            steps.removeAll()
            events.removeAll(keepingCapacity: true)
        }
    }
}
