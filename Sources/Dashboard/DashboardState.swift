import Canvas
package import RunModel
package import TrainProtocol

/// All that the dashboard knows: what ``update(_:_:)`` changes and ``render(_:size:glyphs:)`` draws.
///
/// It is in three parts: what an engine told (``run``), what the person asked for (``requests``, ``taps``), and what they
/// look at (``view``). Bounded however long the run.
package struct DashboardState: Sendable, Equatable {
    /// What was told of the run.
    package internal(set) var run: RunModel
    /// What was asked for.
    var requests = Requests()
    /// Which edits were made in one go.
    var taps = Taps()
    /// What the person looks at.
    package internal(set) var view: ViewState

    /// Whether the training goes on when the dashboard closes.
    let leavesRunning: Bool
    /// What the run is to whoever looks at it.
    let opening: Opening
    /// Where the keys are.
    let keys: KeyMap
    /// The themes that can be chosen.
    package let themes: [String]
    /// Seconds, as of the last tick.
    var now = 0.0

    /// A dashboard before the first news.
    ///
    /// - Parameters:
    ///   - run: what is being trained.
    ///   - themes: the names that `t` goes through.
    ///   - theme: the one in use.
    ///   - warnings: what went wrong on the way here, one line each; they open the log.
    ///   - opening: what the run is to whoever looks at it.
    ///   - keys: where the keys are that are not where the table has them.
    ///   - leavesRunning: whether the training goes on when the dashboard closes.
    package init(
        run: RunDescription, themes: [String], theme: String, warnings: [String] = [], opening: Opening = .run,
        keys: KeyMap = KeyMap(), leavesRunning: Bool = false
    ) {
        self.keys = keys
        self.leavesRunning = leavesRunning
        self.opening = opening
        self.run = RunModel(run)
        self.themes = themes
        view = ViewState(theme: theme)
        if opening == .table, run.table != nil { view.overlay = .table(TableOverlay()) }
        for warning in warnings { self.run.note(warning, .warning) }
        if let last = warnings.last { view.notice = Notice(text: last, role: .warning, fadesAt: Notice.duration) }
    }

    /// When time alone changes the picture next, in the seconds of ticks; nil while only news or a key can.
    ///
    /// A loop that sleeps until then, for ever where it is nil, uses no processor while nothing happens.
    package var wakesAt: Double? { [view.notice?.fadesAt, requests.nextRemark(after: now)].compactMap { $0 }.min() }

    /// Whether the engine has still to answer something that the person asked for.
    package var awaitsAnswer: Bool { !requests.open.isEmpty }

    /// Whether the run stands at a step that it could not take.
    package var hasDiverged: Bool { if case .diverged? = runState { true } else { false } }

    /// Says something in the hint bar's place for a moment.
    mutating func say(_ text: String, role: Role = .warning) {
        view.notice = Notice(text: text, role: role, fadesAt: now + Notice.duration)
    }

    /// Says why what a key or a command asks for is not done; nothing else happens.
    mutating func refuse(_ reason: String, role: Role = .warning) -> [Effect] {
        view.notice = Notice(text: reason, role: role, fadesAt: now + Notice.duration, isRefusal: true)
        return []
    }
}

/// What was told, by short names.
extension DashboardState {
    var description: RunDescription { run.description }
    var runState: RunState? { run.state }
    var progress: Progress? { run.progress }
    var history: History { run.history }
    var log: EventLog { run.log }
    var recent: RecentLosses { run.recent }
    var output: [String]? { run.output }
    var planned: [PlannedEdit] { run.planned }
    var twin: Twin? { run.twin }
    var race: Race? { run.race }
    var others: [BranchID: BranchProgress] { run.others }
    var watch: Watch { run.watch }
    var optimizer: String { run.optimizer }
    /// Steps taken so far.
    var step: Int { run.step }
    /// The last step that the run or a branch beside it has taken.
    var latestStep: Int { run.latestStep }
    /// The branches that train beside the run.
    var branchesBeside: [BranchID] { run.branchesBeside }
}
