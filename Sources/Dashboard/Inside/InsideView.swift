import Canvas
import RunModel
import TrainProtocol

/// What the person looks at inside of the training.
struct InsideView: Sendable, Equatable {
    /// The pane that is open, nil for none.
    var pane: PaneName?
    /// Whether the rows are those that the model gets most wrong, of all, rather than those of a step.
    var showsWorst = false
    /// The row that is selected in a list.
    var selection = 0
}

extension PaneName {
    /// Whether it shows the inside of the training. Such panes share a place, and one at most is open.
    var isInside: Bool { place == .inside }
}

extension DashboardState {
    /// Sees to it that what is on the screen is looked at, and nothing else.
    mutating func lookInside() -> [Effect] {
        guard objection(to: .inspect) == nil else {
            requests.inspection = nil
            return []
        }
        let wanted = inspectionWanted
        guard wanted != requests.inspection else { return [] }
        requests.inspection = wanted
        return [.send(.inspect(wanted), requests.add(.inspect(wanted), at: now))]
    }

    /// What has to be looked at for what is on the screen; nil for nothing.
    private var inspectionWanted: Inspection? {
        // What columns are worth is asked of a model that has learned something.
        if case .table? = view.overlay { return step > 0 ? .importance : nil }
        switch view.inside.pane {
        case .batch?: return view.inside.showsWorst ? .worstRows : .batch(stepsUnderCursor)
        case .layers?: return .layers
        case .errors?: return .errors
        case .loss?, .live?, .metrics?, .hyperparameters?, .story?, .output?, nil:
            return nil
        }
    }

    /// The steps that the sample under the chart's cursor stands for; nil without a cursor. What is kept of the distant past
    /// are several steps to a sample: then it is the one with the greatest loss that is meant.
    private var stepsUnderCursor: ClosedRange<Int>? {
        guard let cursor = view.chart.cursor else { return nil }
        // Samples are folded as the run goes on: what is looked at stays what it was.
        if case .batch(let steps?)? = requests.inspection, steps.contains(cursor) { return steps }
        let sample = history.series.samples(from: cursor, through: cursor).first
        return sample.map { $0.firstStep...max($0.firstStep, $0.lastStep) } ?? cursor...cursor
    }

    /// What was seen of that which is looked at now; nil before it was.
    var findings: Findings? { run.findings.flatMap { $0.inspection == requests.inspection ? $0 : nil } }

    /// Puts the chart's cursor on the step whose rows were found.
    mutating func hear(_ findings: Findings) {
        guard case .batch(let steps?) = findings.inspection, findings.inspection == requests.inspection,
            case .rows = findings.content, let cursor = view.chart.cursor, steps.contains(cursor)
        else { return }
        view.chart.cursor = findings.step + 1
    }

    /// Puts the chart's cursor on the highest step in sight.
    mutating func goToPeak() -> [Effect] {
        let window = window
        let samples = history.series.samples(from: window.lowerBound, through: window.upperBound)
        guard let peak = samples.filter({ $0.loss.max.isFinite }).max(by: { $0.loss.max < $1.loss.max }) else {
            return refuse("there is no step in sight")
        }
        view.chart.cursor = peak.firstStep
        return []
    }

    /// Shows the rows of a step, or those that the model gets most wrong.
    mutating func switchRows() -> [Effect] {
        if view.inside.pane == .batch { view.inside.showsWorst.toggle() } else { view.inside.showsWorst = true }
        view.inside.selection = 0
        open(.batch)
        return []
    }

    /// Opens a pane of the inside, with the focus on it.
    mutating func open(_ pane: PaneName) {
        if view.inside.pane != pane { view.inside.selection = 0 }
        view.inside.pane = pane
        view.focus = pane
    }

    /// Closes what is open of the inside.
    mutating func closeInside() {
        view.inside.pane = nil
        if view.focus.isInside { (view.focus, view.isZoomed) = (.hyperparameters, false) }
    }
}
