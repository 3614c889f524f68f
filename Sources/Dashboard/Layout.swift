import Canvas
import RunModel
import TrainProtocol

/// Where each pane lies on a screen.
///
///     wide, from 96 x 26                                    compact, from 40 x 20
///     +--------------------------------------------+        +------------------------------+
///     | header                                     |        | header                       |
///     | loss, and as far as   | progress           |        | loss                         |
///     | there is room the     +--------------------+        |                              |
///     | metrics beside, below | metrics            |        +------------------------------+
///     |                       +--------------------+        | live                         |
///     |                       | hyperparameters    |        +------------------------------+
///     +-----------------------+--------------------+        | progress, one line           |
///     | live                  | story              |        | metrics, one line            |
///     |                       |                    |        | hyperparameters, one line    |
///     +-----------------------+--------------------+        | the story, its newest line   |
///     | hints                                      |        | hints                        |
///     +--------------------------------------------+        +------------------------------+
///
/// Below the loss lies the difference, while there is one between branches that train side by side: as a strip, or on a low
/// screen as a line. During a race its leader board has the place of the story, and on a compact screen also of the lines
/// above them. What is looked at inside of the training has the place of the live losses and the lower half of the loss.
/// Lower screens, from 40 x 10, leave the chart out, the lowest also the story. A zoomed pane has all between header and hints.
struct Layout: Sendable, Equatable {
    /// All between header and hints.
    let body: Rect
    /// Each pane's rectangle.
    private var rects: [Place: Rect] = [:]

    /// A pane's place on the screen.
    enum Place: Hashable, Sendable {
        case header, loss, difference, secondChart, thirdChart, fourthChart, live, inside, progress, metrics
        case hyperparameters, story, race, processes, output, hints

        /// The charts, the first one first.
        static let charts: [Place] = [.loss, .secondChart, .thirdChart, .fourthChart]
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
        if state.view.inside.pane != nil {
            rects[.inside] = left.removeBottom(left.height / 2)
        } else {
            rects[.live] = left.removeBottom(min(9, max(5, body.height / 5)))
        }
        arrangeCharts(&left, state, strip: min(9, max(6, body.height / 5)))

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
        rects[state.race == nil ? .story : .race] = right
    }

    private mutating func arrangeCompact(_ state: DashboardState) {
        var rest = body
        if let race = state.race {
            rects[.race] = rest.removeBottom(min(race.entrants.count + 3, max(6, body.height / 3)))
        } else {
            rects[.story] = rest.removeBottom(1)
            rects[.hyperparameters] = rest.removeBottom(1)
            rects[.metrics] = rest.removeBottom(1)
        }
        rects[.progress] = rest.removeBottom(rest.width < 72 ? 2 : 1)
        if state.view.inside.pane != nil {
            rects[.inside] = rest.removeBottom(rest.height / 2 + 1)
            if state.isComparing { rects[.difference] = rest.removeBottom(1) }
            rects[.loss] = rest
        } else {
            rects[.live] = rest.removeBottom(state.isComparing ? 3 : max(4, min(6, rest.height / 3)))
            arrangeCharts(&rest, state, strip: max(4, min(7, rest.height / 3)))
        }
    }

    /// The charts, two columns of them where there is room, in each one or two, and the difference below the first.
    private mutating func arrangeCharts(_ area: inout Rect, _ state: DashboardState, strip: Int) {
        let count = state.chartSources.count
        // Of one above the other each must be high enough to be read.
        let isHigh = area.height >= 32
        if area.width >= 100, count > 1 {
            var right = area.removeRight(area.width / 2)
            if isHigh, count > 2 {
                let below = right.removeBottom(right.height / 2)
                let isSquare = count > 3 && !state.isComparing
                rects[isSquare ? .fourthChart : .thirdChart] = below
                if isSquare { rects[.thirdChart] = area.removeBottom(area.height / 2) }
            }
            rects[.secondChart] = right
        } else if isHigh, count > 1 {
            rects[.secondChart] = area.removeBottom(area.height * 2 / 5)
        }
        if state.isComparing { rects[.difference] = area.removeBottom(strip) }
        rects[.loss] = area
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
            rects[.story] = rest.removeBottom(1)
        }
        rects[.hyperparameters] = rest.removeBottom(1)
        rects[.progress] = rest.removeBottom(rest.width < 72 ? 2 : 1)
        rects[.metrics] = rest.removeBottom(1)
        rects[state.view.inside.pane == nil ? .live : .inside] = rest
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
        case .story: .story
        case .batch, .layers, .errors: .inside
        case .output: .output
        }
    }
}
