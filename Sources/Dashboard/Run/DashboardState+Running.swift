import Canvas
import RunModel
import TrainProtocol

/// What keys and typed commands ask of the run; where it makes no sense they say why and send nothing.
extension DashboardState {
    /// Whether the run is about to stand still: what was asked for last counts before what is so now, so that two quick
    /// presses of a key are two requests.
    var willPause: Bool {
        let asked = requests.open.filter { [.pause, .resume, .recover].contains($0.value.command) }
            .max { $0.key < $1.key }
        if let asked { return asked.value.command == .pause }
        return runState == .paused || hasDiverged
    }

    /// Pauses or resumes; out of a divergence, by the way that the engine offers.
    mutating func pauseOrResume() -> [Effect] {
        guard willPause else { return ask(.pause) }
        return ask(wayOut == nil ? .resume : .recover)
    }

    /// Whether there is validation to show: the run can be asked for it, or has told of some.
    var isValidated: Bool { description.isValidated || !history.evaluations.elements.isEmpty }

    /// That there is no validation, and why.
    var noValidation: String {
        if case .none(let reason) = description.validation { "no validation: \(reason)" } else { "no validation" }
    }

    /// Whether nothing was told of the run yet.
    var isUnknown: Bool { progress == nil || runState == .connecting }

    /// The name of what the run is doing: the only words in capitals on the screen.
    var stateWord: (word: String, role: Role) {
        switch runState {
        case nil: progress == nil ? ("STARTING", .dim) : ("TRAINING", .good)
        case .connecting: ("CONNECTING", .dim)
        case .training: ("TRAINING", .good)
        case .replaying: ("REPLAYING", .accent)
        case .paused: isRaceOver ? ("RACE OVER", .accent) : ("PAUSED", .warning)
        case .evaluating: ("EVALUATING", .validation)
        case .racing: ("RACING", .accent)
        case .done: ("DONE", .good)
        case .diverged: ("DIVERGED", .bad)
        case .lost: ("LOST", .bad)
        case .stopped: ("STOPPED", .dim)
        }
    }

    /// The steps that the charts show.
    var window: ClosedRange<Int> { window(view.chart) }

    /// The steps that they show where nobody looks more closely.
    var wholeWindow: ClosedRange<Int> {
        var chart = view.chart
        chart.zoom = nil
        return window(chart)
    }

    private func window(_ chart: ChartView) -> ClosedRange<Int> {
        chart.window(
            step: latestStep, totalSteps: progress?.totalSteps ?? 0, stepsPerEpoch: progress?.stepsPerEpoch ?? 0)
    }

    /// Goes to the next theme.
    mutating func nextTheme() -> [Effect] {
        guard !themes.isEmpty else { return [] }
        let next = themes.firstIndex(of: view.themeAskedFor).map { ($0 + 1) % themes.count } ?? 0
        return use(theme: themes[next])
    }

    /// Goes to a theme of that name.
    mutating func use(theme name: String) -> [Effect] {
        view.theme = name
        view.themeAskedFor = name
        say("theme \(name)", role: .dim)
        return [.useTheme(name)]
    }
}
