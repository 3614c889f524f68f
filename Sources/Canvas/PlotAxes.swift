/// A chart's axes: where they leave room for the data, and their ticks and labels.
struct PlotAxes {
    private let plot: Plot
    private let rect: Rect
    /// Where the data goes.
    let area: Rect
    /// What the vertical axis shows: a little more than was asked for, so that its ticks are evenly apart.
    let yRange: ClosedRange<Double>
    private let yLabels: [(row: Int, label: SafeText)]

    init(plot: Plot, in rect: Rect) {
        self.plot = plot
        self.rect = rect
        var area = rect
        if rect.height >= 5, rect.width >= 8, plot.xTicks?.isEmpty != true { _ = area.removeBottom(2) }
        let axis = Self.axis(plot, rows: area.height)
        let (range, ticks) = Self.even(plot.yRange, axis, rows: area.height)
        yRange = range
        yLabels = Self.yLabels(axis, ticks, PlotScale(range, scale: plot.scale), rows: area.height)
        // A gutter that does not change when a label grows from 0.5 to 10.0.
        let gutter = max(6, (yLabels.map(\.label.width).max() ?? 0) + 1)
        if rect.width >= gutter + 12, rect.height >= 3 { _ = area.removeLeft(gutter + 1) }
        self.area = area
    }

    private static func axis(_ plot: Plot, rows: Int) -> NiceAxis {
        NiceAxis(range: plot.yRange, maximumTicks: max(2, min(9, (rows + 1) / 3)), scale: plot.scale)
    }

    /// A range a little larger, in which every tick is in the middle of a row and two are a whole number of rows apart.
    private static func even(
        _ range: ClosedRange<Double>, _ axis: NiceAxis, rows: Int
    ) -> (range: ClosedRange<Double>, ticks: [Double]) {
        guard axis.scale == .linear, rows >= 5, axis.ticks.count >= 2, let first = axis.ticks.first else {
            return (range, axis.ticks)
        }
        let step = axis.ticks[1] - first
        let most = (Double(rows) * step / (range.upperBound - range.lowerBound)).rounded(.down)
        guard most >= 1, most.isFinite else { return (range, axis.ticks) }
        for rowsToAStep in stride(from: most, through: 1, by: -1) {
            let row = step / rowsToAStep
            let below = ((first - range.lowerBound) / row - 1e-6).rounded(.up)
            let low = first - (below + 0.5) * row
            let high = low + Double(rows) * row
            guard high >= range.upperBound + 0.25 * row, low.isFinite, high.isFinite else { continue }
            let count = Int(((high - first) / step).rounded(.down))
            let more = stride(from: axis.ticks.count, through: count, by: 1).map { first + Double($0) * step }
            return (low...high, axis.ticks + more)
        }
        return (range, axis.ticks)
    }

    private static func yLabels(
        _ axis: NiceAxis, _ ticks: [Double], _ scale: PlotScale, rows: Int
    ) -> [(row: Int, label: SafeText)] {
        var labels: [(row: Int, label: SafeText)] = []
        for tick in ticks.reversed() {
            let row = PlotScale.part(of: 1 - scale.place(tick), count: rows)
            guard row >= 0, row < rows, labels.last?.row != row else { continue }
            labels.append((row, axis.label(for: tick)))
        }
        return labels
    }

    func draw(on frame: inout Frame) {
        if area.x > rect.x { drawVertical(on: &frame) }
        if area.maxY < rect.maxY { drawHorizontal(on: &frame) }
    }

    private func drawVertical(on frame: inout Frame) {
        let x = area.x - 1
        for y in area.y..<area.maxY { frame[x, y] = Cell("│", role: .axis) }
        for (row, label) in yLabels {
            frame.write(label, x: x - label.width, y: area.y + row, role: .axis, in: rect)
            frame[x, area.y + row] = Cell("┤", role: .axis)
        }
        if area.maxY < rect.maxY { frame[x, area.maxY] = Cell("└", role: .axis) }
    }

    private func drawHorizontal(on frame: inout Frame) {
        let y = area.maxY
        let line = Cell("─", role: .axis)
        frame.fill(Rect(x: area.x, y: y, width: area.width, height: 1), with: line)
        for (column, start, label) in placedTicks() {
            frame[column, y] = Cell("┬", role: .axis)
            frame.write(label, x: start, y: y + 1, role: .axis, in: rect)
        }
        drawFlags(y, on: &frame)
    }

    /// The markers' flags on the line, the latest where several would be in one place.
    private func drawFlags(_ y: Int, on frame: inout Frame) {
        let scale = PlotScale(plot.xRange, scale: plot.xScale)
        var taken: Set<Int> = []
        for marker in plot.markers.reversed() where !marker.flag.isEmpty {
            let place = scale.place(marker.x)
            guard place >= 0, place <= 1 else { continue }
            let x = area.x + PlotScale.part(of: place, count: area.width)
            let columns = x..<x + marker.flag.width
            guard columns.upperBound <= rect.maxX, !columns.contains(where: taken.contains) else { continue }
            taken.formUnion(columns)
            frame.write(marker.flag, x: x, y: y, role: marker.role, in: rect)
        }
    }

    /// The ticks that there is room for: every one, every second, every third, ..., so that they stay even.
    private func placedTicks() -> [(column: Int, start: Int, label: SafeText)] {
        let scale = PlotScale(plot.xRange, scale: plot.xScale)
        let ticks = plot.xTicks ?? niceTicks()
        let all = ticks.compactMap { tick -> (column: Int, start: Int, label: SafeText)? in
            let place = scale.place(tick.x)
            guard place >= 0, place <= 1, tick.label.width <= rect.width else { return nil }
            let column = area.x + PlotScale.part(of: place, count: area.width)
            let start = min(max(column - tick.label.width / 2, rect.x), rect.maxX - tick.label.width)
            return (column, start, tick.label)
        }.sorted { $0.column < $1.column }
        guard !all.isEmpty else { return [] }
        var stride = 1
        while true {
            let chosen = Swift.stride(from: 0, to: all.count, by: stride).map { all[$0] }
            let isRoomy = zip(chosen, chosen.dropFirst()).allSatisfy { $0.start + $0.label.width + 2 <= $1.start }
            if isRoomy { return chosen }
            stride += 1
        }
    }

    private func niceTicks() -> [Plot.Tick] {
        let widest = NumberFormat.grouped(Int(min(max(plot.xRange.upperBound, 0), 1e15))).width
        let room = area.width / (widest + 5)
        let axis = NiceAxis(
            range: plot.xRange, maximumTicks: max(2, min(8, plot.xScale == .linear ? room : area.width / 8)),
            scale: plot.xScale, wholeNumbers: plot.xScale == .linear)
        return axis.ticks.map { Plot.Tick(x: $0, label: axis.label(for: $0)) }
    }
}
