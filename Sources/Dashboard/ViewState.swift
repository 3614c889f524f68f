import Canvas
import RunModel
import TrainProtocol

/// What the person looks at, and with what: nothing in it is the run's or the training's business.
package struct ViewState: Sendable, Equatable {
    /// The theme in use.
    package internal(set) var theme: String
    /// The theme asked for last, from which `t` goes on; another one is in use where that one was refused.
    var themeAskedFor: String
    /// One line that stands in the hint bar's place for a moment.
    var notice: Notice?
    /// The hyperparameter that keys change.
    var selection = 0
    /// The entrant of a race that Enter adopts, nil for the one that leads.
    var raceSelection: BranchID?
    /// The pane that arrow keys and Enter belong to.
    var focus = PaneName.hyperparameters
    /// Whether the focused pane has the whole body of the screen.
    var isZoomed = false
    /// The entry of the log that is selected while the story has the focus, counted from the run's first; nil for
    /// the newest, whichever it is.
    var selectedEntry: Int?
    /// What is looked at inside of the training.
    var inside = InsideView()
    /// How the charts are drawn.
    var chart = ChartView()
    /// Other runs that are drawn under this one.
    var overlaid: [OverlaidRun] = []
    /// What lies over the panes and takes the keys.
    var overlay: Overlay?

    init(theme: String) {
        self.theme = theme
        themeAskedFor = theme
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
    /// Whether it says why something is not done.
    var isRefusal = false

    /// Seconds that a notice stays: long enough to read a sentence twice.
    static let duration = 6.0
}
