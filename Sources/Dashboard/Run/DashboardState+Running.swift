import Canvas
import TrainEngine

/// What keys and typed commands ask of the run; where it makes no sense they say why and send nothing.
extension DashboardState {
    /// Whether the run is about to stand still: what was asked for last counts before what is so now, so that two quick
    /// presses of a key are two requests.
    var willPause: Bool {
        let asked = requests.filter { [.pause, .resume].contains($0.value) }.max { $0.key < $1.key }
        if let asked { return asked.value == .pause }
        return runState == .paused || hasDiverged
    }

    /// Whether no step follows unless somebody raises the number of epochs or goes back.
    var isOver: Bool {
        switch runState {
        case .done, .stopped: true
        case .training, .paused, .evaluating, .racing, .diverged, nil: false
        }
    }

    /// Pauses or resumes.
    mutating func pauseOrResume() -> [Effect] {
        willPause ? advance(.resume) : advance(.pause)
    }

    /// Sends a command that only makes sense while steps can be taken.
    mutating func advance(_ command: Command) -> [Effect] {
        switch runState {
        case .done:
            say("the run is done   :epochs +5 goes on   u goes back   q quits")
        case .stopped:
            say("the run has stopped   q quits")
        case .training, .paused, .evaluating, .racing, .diverged, nil:
            return [send(command)]
        }
        return []
    }

    /// Asks for an evaluation, where there are rows for one.
    mutating func evaluate() -> [Effect] {
        guard run.validationRows > 0 else {
            say(validationNote)
            return []
        }
        return [send(.evaluate)]
    }

    /// Why there is no validation.
    var validationNote: String {
        run.validationNote.isEmpty ? "there are no validation rows" : run.validationNote
    }

    /// The name of what the run is doing: the only words in capitals on the screen.
    var stateWord: (word: String, role: Role) {
        switch runState {
        case nil: progress == nil ? ("STARTING", .dim) : ("TRAINING", .good)
        case .training: ("TRAINING", .good)
        case .paused: ("PAUSED", .warning)
        case .evaluating: ("EVALUATING", .validation)
        case .racing: ("RACING", .accent)
        case .done: ("DONE", .good)
        case .diverged: ("DIVERGED", .bad)
        case .stopped: ("STOPPED", .dim)
        }
    }

    /// Seconds until the run's last planned step at the present rate, pauses left out; nil where nobody can know.
    var secondsLeft: Double? {
        guard let progress else { return nil }
        let remaining = Double(progress.totalSteps - progress.step)
        guard remaining > 0 else { return 0 }
        let average = progress.trainingSeconds > 0 ? Double(progress.step) / progress.trainingSeconds : nil
        guard let rate = progress.stepsPerSecond ?? average, rate > 0 else { return nil }
        return remaining / rate
    }

    /// The steps that the charts show.
    var window: ClosedRange<Int> {
        chart.window(
            step: latestStep, totalSteps: progress?.totalSteps ?? 0, stepsPerEpoch: progress?.stepsPerEpoch ?? 0)
    }

    /// The branches that train beside the run: the twin, the entrants of a race.
    var branchesBeside: [BranchID] { (race?.entrants.map(\.branch) ?? []) + (twin.map { [$0.branch] } ?? []) }

    /// The last step that the run or a branch beside it has taken.
    var latestStep: Int { branchesBeside.compactMap { history.asides[$0]?.tip }.reduce(step, max) }

    /// Goes to the next theme.
    mutating func nextTheme() -> [Effect] {
        guard !themes.isEmpty else { return [] }
        let next = themes.firstIndex(of: theme).map { ($0 + 1) % themes.count } ?? 0
        return use(theme: themes[next])
    }

    /// Goes to a theme of that name.
    mutating func use(theme name: String) -> [Effect] {
        theme = name
        say("theme \(name)", role: .dim)
        return [.useTheme(name)]
    }
}
