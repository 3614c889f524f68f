import Canvas
public import TrainEngine

/// All that the dashboard knows: what ``update(_:_:)`` changes and ``render(_:size:face:)`` draws.
///
/// Bounded however long the run: the past is folded (``SeriesPyramid``), lists are thinned or cut.
public struct DashboardState: Sendable, Equatable {
    /// What is being trained.
    public let run: RunDescription
    /// The themes that can be chosen.
    public let themes: [String]
    /// The theme in use.
    public internal(set) var theme: String

    /// Where the run stands, nil before the first bulletin.
    var progress: Progress?
    /// What the run is doing, nil before it said so.
    var runState: RunState?
    /// The hyperparameters with their present and pending values, in the order of the run's description.
    var knobs: [Knob]
    /// All steps so far, and the marks on them.
    var history: History
    /// The last steps one by one.
    var recent = RecentLosses()
    /// Edits, epochs, and what else happened.
    var ledger = Ledger()
    /// Edits that wait for their step.
    var planned: [PlannedEdit] = []
    /// The number that the next edit will have, or one that is not above it.
    var nextEdit = 1
    /// Every hyperparameter that the run ever had, for the names of edits of those that a change of optimizer removed.
    var titles: [String: Hyperparameter]
    /// What is known of the learning rate's schedule.
    var schedule = ScheduleTrace()
    /// The branch without an edit that runs beside the run.
    var twin: Twin?
    /// Whether the person wants a twin, of this edit or of those to come.
    var wantsTwin = false
    /// The branches that train side by side.
    var race: Race?
    /// The entrant that Enter adopts, nil for the one that leads.
    var raceSelection: BranchID?
    /// Where branches beside the run stand.
    var others: [BranchID: BranchProgress] = [:]
    /// What makes the run pause or go back.
    var watch = Watch()
    /// Requests without an answer.
    var requests: [RequestID: Command] = [:]
    /// The number of the next request.
    var nextRequest = 1

    /// Seconds, as of the last tick.
    var now = 0.0
    /// One line that stands in the hint bar's place for a moment.
    var notice: Notice?
    /// The hyperparameter that keys change.
    var selection = 0
    /// The pane that arrow keys and Enter belong to.
    var focus = PaneName.hyperparameters
    /// Whether the focused pane has the whole body of the screen.
    var isZoomed = false
    /// The entry of the ledger that is selected while the edits have the focus, counted from the run's first; nil for
    /// the newest, whichever it is.
    var selectedEntry: Int?
    /// How the charts are drawn.
    var chart = ChartView()
    /// What lies over the panes and takes the keys.
    var overlay: Overlay?
    /// What was typed in the command line, oldest first.
    var typedCommands: [String] = []
    /// Where the weights were written last.
    var savedPath: String?
    /// The request to save that the program waits for before it closes.
    var saveBeforeQuitting: RequestID?

    /// A dashboard before the first news.
    ///
    /// - Parameters:
    ///   - run: what is being trained.
    ///   - themes: the names that `t` goes through.
    ///   - theme: the one in use.
    ///   - warnings: what went wrong on the way here, one line each; they open the log.
    public init(run: RunDescription, themes: [String], theme: String, warnings: [String] = []) {
        self.run = run
        self.themes = themes
        self.theme = theme
        knobs = run.hyperparameters.map(Knob.init)
        titles = Dictionary(run.hyperparameters.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
        history = History(metricsRiseWhenBetter: run.higherIsBetter)
        selection = knobs.firstIndex { $0.name == "learning_rate" } ?? 0
        for warning in warnings { ledger.record(.note(warning, .warning), step: 0) }
        if let last = warnings.last { notice = Notice(text: last, role: .warning, fadesAt: Notice.duration) }
    }

    /// When time alone changes the picture next, in the seconds of ticks; nil while only news or a key can.
    ///
    /// A loop that sleeps until then, for ever where it is nil, uses no processor while nothing happens.
    public var wakesAt: Double? { notice?.fadesAt }

    /// Whether the run stands at a step that it could not take.
    public var hasDiverged: Bool { if case .diverged? = runState { true } else { false } }

    /// Steps taken so far.
    var step: Int { progress?.step ?? 0 }

    /// The effect of sending a command under the next number.
    mutating func send(_ command: Command) -> Effect {
        let id = RequestID(nextRequest)
        nextRequest += 1
        requests[id] = command
        return .send(command, id)
    }

    /// Says something in the hint bar's place for a moment.
    mutating func say(_ text: String, role: Role = .warning) {
        notice = Notice(text: text, role: role, fadesAt: now + Notice.duration)
    }
}

/// One line for the person, for a moment.
struct Notice: Sendable, Equatable {
    /// What it says.
    var text: String
    /// How it looks.
    var role: Role
    /// When it goes, in the seconds of ticks.
    var fadesAt: Double

    /// Seconds that a notice stays: long enough to read a sentence twice.
    static let duration = 6.0
}
