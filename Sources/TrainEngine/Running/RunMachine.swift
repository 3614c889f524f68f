import TrainProtocol

/// What a run does next: a value without clock, queue or file. Whoever owns it tells it what happened and does what it
/// says.
///
/// It keeps what was asked for, *going* or *waiting*, apart from what is so: whether all epochs are complete, whether
/// there is a race. The state that everybody sees follows from both, in one place.
struct RunMachine: Hashable {
    /// What happened.
    enum Input: Hashable {
        case pause, resume, stop
        case step(Int)
        case runEpoch
        /// So many steps were taken.
        case took(Int)
        /// An epoch is complete, and with it all of them, or not.
        case epochEnded(isComplete: Bool)
        /// Evaluating begins or ends.
        case evaluating(Bool)
        /// A hyperparameter was edited; all epochs are complete now, or not.
        case edited(isComplete: Bool)
        /// The run stands elsewhere.
        case moved(isComplete: Bool)
        case raceBegan
        /// No branch of the race can take another step.
        case raceIsOver
        case raceEnded(isComplete: Bool)
        /// The run follows a journal, or does so no more.
        case following(Bool)
        case breakpoint
        case diverged(RunState.Divergence)
    }

    /// What is to be done.
    enum Action: Hashable {
        /// Tell everybody.
        case announce(RunState)
        /// Time counts as time spent training from here on.
        case startClock
        /// It does not any more.
        case stopClock
    }

    /// What everybody sees.
    private(set) var state = RunState.paused

    /// What was asked for.
    private enum Intent: Hashable {
        case wait
        case go
        /// This many steps, then wait.
        case goSteps(Int)
        /// To the end of the epoch, then wait.
        case goThroughEpoch
    }

    private var intent = Intent.wait
    private var isComplete = false
    private var isRacing = false
    private var isFollowing = false
    private var isEvaluating = false
    private var isStopped = false
    private var divergence: RunState.Divergence?
    private var isClockRunning = false

    /// Steps until a pause that was asked for; nil for none.
    var stepsUntilPause: Int? { if case .goSteps(let count) = intent { count } else { nil } }

    /// Takes in what happened.
    ///
    /// - Returns: what is to be done, in order.
    /// - Throws: why something that was asked for cannot be; nothing has changed then.
    mutating func handle(_ input: Input) throws(Timeline.Refusal) -> [Action] {
        switch input {
        case .pause, .breakpoint:
            if state.takesSteps { intent = .wait }
        case .resume: try go(.go)
        case .step(let count):
            guard count > 0 else { throw Timeline.Refusal("the number of steps must be at least 1") }
            try go(.goSteps(count))
        case .runEpoch: try go(.goThroughEpoch)
        case .stop: isStopped = true
        case .took(let steps):
            if case .goSteps(let count) = intent { intent = count > steps ? .goSteps(count - steps) : .wait }
        case .epochEnded(let isComplete):
            self.isComplete = isComplete
            // Where more epochs are asked for later, there is more to do.
            if isComplete { intent = .go } else if intent == .goThroughEpoch { intent = .wait }
        case .evaluating(let isEvaluating): self.isEvaluating = isEvaluating
        case .edited(let isComplete):
            self.isComplete = isComplete
            // Somebody did something about it.
            divergence = nil
        case .moved(let isComplete):
            // Nobody goes on by itself from where the run had come to its end, unless a journal says so.
            if !isFollowing, state == .done || divergence != nil { intent = .wait }
            divergence = nil
            self.isComplete = isComplete
        case .raceBegan:
            isRacing = true
            divergence = nil
            intent = .go
        case .raceIsOver:
            if !isFollowing { intent = .wait }
        case .raceEnded(let isComplete):
            isRacing = false
            if isComplete { intent = .go }
            self.isComplete = isComplete
        case .following(let isFollowing):
            if self.isFollowing, !isFollowing, !isComplete { intent = .wait }
            self.isFollowing = isFollowing
        case .diverged(let divergence):
            self.divergence = divergence
            intent = .wait
        }
        return settle()
    }

    private mutating func go(_ wanted: Intent) throws(Timeline.Refusal) {
        if state == .done { throw Timeline.Refusal("all epochs are done; raise epochs to go on") }
        divergence = nil
        intent = wanted
    }

    /// The one place where the state comes from.
    private var derived: RunState {
        if isStopped { return .stopped }
        if isEvaluating { return .evaluating }
        if let divergence { return .diverged(divergence) }
        if isComplete, !isRacing { return .done }
        if intent == .wait { return .paused }
        return isFollowing ? .replaying : isRacing ? .racing : .training
    }

    private mutating func settle() -> [Action] {
        let new = derived
        guard new != state else { return [] }
        state = new
        // Evaluating is part of training where training goes on after it.
        let counts = new.takesSteps || (new == .evaluating && isClockRunning)
        defer { isClockRunning = counts }
        let clock: [Action] = counts == isClockRunning ? [] : [counts ? .startClock : .stopClock]
        return clock + [.announce(new)]
    }
}
