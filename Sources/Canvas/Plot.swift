/// A chart: layers of data over axes, with markers at moments and notes of what lies outside of the frame.
///
/// ```
///  2.0┤⢸   △ to 28.4   ┊lr 0.01→0.005
///     │⢸⡇              ┊
///  1.0┤⠘⣿⣦⣄⣀⡀          ┊
///     │  ⠙⠻⠿⠿⠷⠶⠦⠤⠤◆⠤⠤⠤⠤⠤⠤⠤
///     └────────┬─────────┬
///             343       686
/// ```
package struct Plot: Equatable, Sendable {
    /// What the horizontal axis shows.
    package var xRange: ClosedRange<Double>
    /// What the vertical axis shows; ``NiceAxis/steadyRange(containing:previous:scale:)`` makes good ones.
    package var yRange: ClosedRange<Double>
    /// How values become heights.
    package var scale: NiceAxis.Scale
    /// How places become columns.
    package var xScale: NiceAxis.Scale
    /// The data, the first one undermost.
    package var layers: [Layer]
    /// Moments to mark, in the order in which they happened.
    package var markers: [Marker]
    /// Ticks of the horizontal axis; nil for nice whole numbers. Where there are none the axis is left out.
    package var xTicks: [Tick]?
    /// A place that a person points at.
    package var cursor: Cursor?
    /// What is said in the middle while no layer has any data.
    package var placeholder: SafeText

    /// One set of data and what it means.
    package enum Layer: Equatable, Sendable {
        /// Between which values most lie: a quiet haze of a dot in each cell.
        case band([Span], role: Role = .band)
        /// A single dot at every point, as quiet as a band: every spike survives.
        case dots([Point], role: Role = .band)
        /// A curve through points that are in order of x; a point that is not a number leaves a gap.
        case line([Point], role: Role = .curve, stroke: Stroke = .solid)
        /// A mark at every point.
        case points([Point], mark: Character = "◆", role: Role = .validation)
    }

    /// Two values over a stretch of x, and what lies between them. Stretches that share an end are drawn joined.
    package struct Span: Hashable, Sendable {
        /// Where the stretch begins.
        package var x0: Double
        /// Where it ends, not before `x0`.
        package var x1: Double
        /// The lower value.
        package var min: Double
        /// The upper value.
        package var max: Double

        /// A stretch.
        package init(x0: Double, x1: Double, min: Double, max: Double) {
            (self.x0, self.x1, self.min, self.max) = (x0, x1, min, max)
        }
    }

    /// A value at a place.
    package struct Point: Hashable, Sendable {
        /// Where.
        package var x: Double
        /// What.
        package var y: Double

        /// A point.
        package init(x: Double, y: Double) {
            (self.x, self.y) = (x, y)
        }
    }

    /// A moment: a dotted vertical with a label at the top, a flag on the axis, or both.
    package struct Marker: Hashable, Sendable {
        /// Where.
        package var x: Double
        /// What happened, in a word or two.
        package var label: SafeText
        /// Its sign on the axis.
        package var flag: SafeText
        /// What it means.
        package var role: Role

        /// A moment.
        package init(x: Double, label: SafeText = "", flag: SafeText = "", role: Role = .edit) {
            (self.x, self.label, self.flag, self.role) = (x, label, flag, role)
        }
    }

    /// A labelled place on the horizontal axis.
    package struct Tick: Hashable, Sendable {
        /// Where.
        package var x: Double
        /// Its label.
        package var label: SafeText

        /// A tick.
        package init(x: Double, label: SafeText) {
            (self.x, self.label) = (x, label)
        }
    }

    /// A vertical line and, where a value is known, a dot on it.
    package struct Cursor: Hashable, Sendable {
        /// Where.
        package var x: Double
        /// The value there.
        package var y: Double?

        /// A cursor.
        package init(x: Double, y: Double? = nil) {
            (self.x, self.y) = (x, y)
        }
    }

    /// A chart.
    package init(
        xRange: ClosedRange<Double>, yRange: ClosedRange<Double>, scale: NiceAxis.Scale = .linear,
        xScale: NiceAxis.Scale = .linear,
        layers: [Layer] = [], markers: [Marker] = [], xTicks: [Tick]? = nil, cursor: Cursor? = nil,
        placeholder: SafeText = "no data yet"
    ) {
        self.xRange = xRange
        self.yRange = yRange
        self.scale = scale
        self.xScale = xScale
        self.layers = layers
        self.markers = markers
        self.xTicks = xTicks
        self.cursor = cursor
        self.placeholder = placeholder
    }

    /// Whether no layer has anything to draw.
    package var isEmpty: Bool {
        layers.allSatisfy { layer in
            switch layer {
            case .band(let spans, _): spans.isEmpty
            case .dots(let points, _), .line(let points, _, _), .points(let points, _, _): points.isEmpty
            }
        }
    }

    /// Where in `rect` the data goes.
    package func area(in rect: Rect) -> Rect { PlotAxes(plot: self, in: rect).area }

    /// Draws the chart into `rect`. Where there is little room the axes go first.
    package func draw(in rect: Rect, on frame: inout Frame) {
        guard !rect.isEmpty else { return }
        let axes = PlotAxes(plot: self, in: rect)
        axes.draw(on: &frame)
        var plot = self
        plot.yRange = axes.yRange
        guard !isEmpty else {
            let text = placeholder.truncated(to: axes.area.width)
            let spot = axes.area.centered(Size(width: text.width, height: 1))
            frame.write(text, x: spot.x, y: spot.y, role: .dim, in: axes.area)
            return
        }
        let area = PlotArea(plot: plot, area: axes.area)
        area.drawMarkerLines(on: &frame)
        area.drawLayers(on: &frame)
        area.drawCursor(on: &frame)
        area.drawNotes(on: &frame)
    }
}
