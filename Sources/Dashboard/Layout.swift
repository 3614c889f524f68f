import Canvas
import TrainEngine

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
/// Lower screens, from 40 x 10, leave the chart out, the lowest also the edits. A zoomed pane has all between header and hints.
struct Layout: Sendable, Equatable {
    /// All between header and hints.
    let body: Rect
    /// Each pane's rectangle.
    private var rects: [Place: Rect] = [:]

    /// A pane's place on the screen.
    enum Place: Hashable, Sendable {
        case header, loss, metricChart, live, progress, metrics, hyperparameters, edits, hints
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
        if state.isZoomed {
            rects[state.focus.place] = rest
        } else if size.width >= 96, size.height >= 26 {
            arrangeWide(state)
        } else if size.height >= 20 {
            arrangeCompact()
        } else {
            arrangeLow()
        }
    }

    /// The rectangle of a place, nil where it is not shown.
    subscript(place: Place) -> Rect? { rects[place] }

    private mutating func arrangeWide(_ state: DashboardState) {
        var left = body
        let isVeryWide = body.width >= 160
        var right = left.removeRight(isVeryWide ? max(52, body.width * 3 / 10) : body.width >= 110 ? 44 : 40)
        rects[.live] = left.removeBottom(min(9, max(5, body.height / 5)))
        if isVeryWide, !state.run.metrics.isEmpty { rects[.metricChart] = left.removeRight(left.width / 2) }
        rects[.loss] = left

        rects[.progress] = right.removeTop(5)
        rects[.metrics] = right.removeTop(min(body.height / 3, 2 + MetricsPane.rows(state)))
        let leastEdits = 8
        rects[.hyperparameters] = right.removeTop(min(2 + state.knobs.count, max(4, right.height - leastEdits)))
        rects[.edits] = right
    }

    private mutating func arrangeCompact() {
        var rest = body
        rects[.edits] = rest.removeBottom(1)
        rects[.hyperparameters] = rest.removeBottom(1)
        rects[.metrics] = rest.removeBottom(1)
        rects[.progress] = rest.removeBottom(rest.width < 72 ? 2 : 1)
        rects[.live] = rest.removeBottom(max(4, min(6, rest.height / 3)))
        rects[.loss] = rest
    }

    private mutating func arrangeLow() {
        var rest = body
        if rest.height >= 12 { rects[.edits] = rest.removeBottom(1) }
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
        }
    }
}
