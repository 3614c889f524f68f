import Canvas
import RunModel
import TrainProtocol

/// Where each pane lies on a screen.
///
///     wide, from 96 x 26                                    compact, from 40 x 20
///     +--------------------------------------------+        +------------------------------+
///     | header                                     |        | header                       |
///     | loss (and from 160    | progress           |        | loss                         |
///     | columns on the first  +--------------------+        |                              |
///     | metric beside it)     | metrics            |        +------------------------------+
///     |                       +--------------------+        | live                         |
///     |                       | hyperparameters    |        +------------------------------+
///     +-----------------------+--------------------+        | progress, one line           |
///     | live                  | edits              |        | metrics, one line            |
///     |                       |                    |        | hyperparameters, one line    |
///     +-----------------------+--------------------+        | the newest edit, one line    |
///     | hints                                      |        | hints                        |
///     +--------------------------------------------+        +------------------------------+
///
/// Below the loss lies the difference, while there is one between branches that train side by side: as a strip, or on a low
/// screen as a line. During a race its leader board has the place of the edits, and on a compact screen also of the lines
/// above them.
/// Lower screens, from 40 x 10, leave the chart out, the lowest also the edits. A zoomed pane has all between header and hints.
struct Layout: Sendable, Equatable {
    /// All between header and hints.
    let body: Rect
    /// Each pane's rectangle.
    private var rects: [Place: Rect] = [:]

    /// A pane's place on the screen.
    enum Place: Hashable, Sendable {
        case header, loss, difference, metricChart, live, progress, metrics, hyperparameters, edits, race, processes,
            output, hints
    }

    /// The least size that anything is drawn at.
    static let leastSize = Size(width: 40, height: 10)

    /// The layout of a screen, nil where it is too small for any.
    init?(_ size: Size, state: DashboardState) {
        guard size.width >= Self.leastSize.width, size.height >= Self.leastSize.height else { return nil }
        var rest = Rect(size)
        rects[.header] = rest.removeTop(1)
        rects[.hints] = rest.removeBottom(1)
        body = rest
        if state.view.isZoomed {
            rects[state.view.focus.place] = rest
        } else if size.width >= 96, size.height >= 26 {
            arrangeWide(state)
        } else if size.height >= 20 {
            arrangeCompact(state)
        } else {
            arrangeLow(state)
        }
    }

    /// The rectangle of a place, nil where it is not shown.
    subscript(place: Place) -> Rect? { rects[place] }

    private mutating func arrangeWide(_ state: DashboardState) {
        var left = body
        let isVeryWide = body.width >= 160
        var right = left.removeRight(isVeryWide ? max(52, body.width * 3 / 10) : body.width >= 110 ? 44 : 40)
        if state.output != nil, body.height >= 34 {
            rects[.output] = left.removeBottom(min(10, max(5, body.height / 6)))
        }
        rects[.live] = left.removeBottom(min(9, max(5, body.height / 5)))
        if isVeryWide, !state.description.metrics.isEmpty { rects[.metricChart] = left.removeRight(left.width / 2) }
        if state.isComparing { rects[.difference] = left.removeBottom(min(9, max(6, body.height / 5))) }
        rects[.loss] = left

        rects[.progress] = right.removeTop(5)
        rects[.metrics] = right.removeTop(min(body.height / 3, 2 + MetricsPane.rows(state)))
        let processes = state.progress?.processes.count ?? 0
        if processes > 1, body.height >= 30 {
            rects[.processes] = right.removeBottom(min(processes + 2, max(4, body.height / 5)))
        }
        // A leader board has a row for each, a head and a border.
        let leastEdits = max(8, state.race.map { min($0.entrants.count + 3, right.height - 4) } ?? 0)
        rects[.hyperparameters] = right.removeTop(
            min(2 + state.run.hyperparameters.count, max(4, right.height - leastEdits)))
        rects[state.race == nil ? .edits : .race] = right
    }

    private mutating func arrangeCompact(_ state: DashboardState) {
        var rest = body
        if let race = state.race {
            rects[.race] = rest.removeBottom(min(race.entrants.count + 3, max(6, body.height / 3)))
        } else {
            rects[.edits] = rest.removeBottom(1)
            rects[.hyperparameters] = rest.removeBottom(1)
            rects[.metrics] = rest.removeBottom(1)
        }
        rects[.progress] = rest.removeBottom(rest.width < 72 ? 2 : 1)
        rects[.live] = rest.removeBottom(state.isComparing ? 3 : max(4, min(6, rest.height / 3)))
        if state.isComparing { rects[.difference] = rest.removeBottom(max(4, min(7, rest.height / 3))) }
        rects[.loss] = rest
    }

    private mutating func arrangeLow(_ state: DashboardState) {
        var rest = body
        if state.race != nil {
            rects[.progress] = rest.removeBottom(rest.width < 72 ? 2 : 1)
            rects[.difference] = rest.removeBottom(1)
            rects[.race] = rest
            return
        }
        if state.isComparing {
            rects[.difference] = rest.removeBottom(1)
        } else if rest.height >= 12 {
            rects[.edits] = rest.removeBottom(1)
        }
        rects[.hyperparameters] = rest.removeBottom(1)
        rects[.progress] = rest.removeBottom(rest.width < 72 ? 2 : 1)
        rects[.metrics] = rest.removeBottom(1)
        rects[.live] = rest
    }
}

extension PaneName {
    /// Where the pane lies.
    var place: Layout.Place {
        switch self {
        case .loss: .loss
        case .live: .live
        case .metrics: .metrics
        case .hyperparameters: .hyperparameters
        case .edits: .edits
        case .output: .output
        }
    }
}
