/// A chart's axes: where they leave room for the data, and their ticks and labels.
struct PlotAxes {
    private let plot: Plot
    private let rect: Rect
    /// Where the data goes.
    let area: Rect
    private let yLabels: [(row: Int, label: SafeText)]

    init(plot: Plot, in rect: Rect) {
        self.plot = plot
        self.rect = rect
        var area = rect
        if rect.height >= 5, rect.width >= 8, plot.xTicks?.isEmpty != true { _ = area.removeBottom(2) }
        yLabels = Self.yLabels(plot, rows: area.height)
        // A gutter that does not change when a label grows from 0.5 to 10.0.
        let gutter = max(6, (yLabels.map(\.label.width).max() ?? 0) + 1)
        if rect.width >= gutter + 12, rect.height >= 3 { _ = area.removeLeft(gutter + 1) }
        self.area = area
    }

    private static func yLabels(_ plot: Plot, rows: Int) -> [(row: Int, label: SafeText)] {
        let axis = NiceAxis(range: plot.yRange, maximumTicks: max(2, min(9, (rows + 1) / 3)), scale: plot.scale)
        let scale = PlotScale(plot.yRange, scale: plot.scale)
        var labels: [(row: Int, label: SafeText)] = []
        for tick in axis.ticks.reversed() {
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
