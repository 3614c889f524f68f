import Canvas
import RunModel
import TrainProtocol

/// How what the model predicts differs from what is true: for values a picture of both with the diagonal on which they would
/// be the same, for classes which one is taken for which.
struct ErrorsLook: InsideLook {
    func title(_ state: DashboardState) -> String { "errors" }

    func facts(_ findings: Findings) -> [String] {
        guard case .errors(let found) = findings.content else { return [] }
        let rows = "\(NumberFormat.grouped(found.rows)) \(found.use == .training ? "training" : "validation") rows"
        return [rows, "@\(findings.step)"]
    }

    func draw(_ findings: Findings, in rect: Rect, on frame: inout Frame, state: DashboardState) {
        guard case .errors(let found) = findings.content, !found.targets.isEmpty else { return }
        var area = rect
        let selected = min(max(0, state.view.inside.selection), found.targets.count - 1)
        let target = found.targets[selected]
        if found.targets.count > 1 {
            let which = "\(selected + 1) of \(found.targets.count)"
            frame.put([StyledText(target.name, .strong), StyledText("  \(which)", .dim)], in: area.removeTop(1))
        }
        switch target.errors {
        case .values(let errors): ValueErrorsPicture(errors: errors, name: target.name).draw(in: area, on: &frame)
        case .classes(let errors): ClassErrorsPicture(errors: errors).draw(in: area, on: &frame)
        }
    }
}

/// Predicted against true, with the diagonal; beside it the scores and how often each difference occurs.
struct ValueErrorsPicture {
    let errors: ValueErrors
    let name: String

    /// Columns of the scores.
    private static let side = 30

    func draw(in rect: Rect, on frame: inout Frame) {
        var area = rect
        if rect.width >= 64 {
            var side = area.removeRight(Self.side)
            _ = area.removeRight(2)
            for (name, value) in scores {
                let row = side.removeTop(1)
                frame.put(name, role: .dim, in: row)
                let text = NumberFormat.metric(value)
                frame.write(text, x: row.maxX - text.width, y: row.y, role: .strong, in: row)
            }
            if side.height >= 4 {
                _ = side.removeTop(1)
                frame.put("predicted − true", role: .dim, in: side.removeTop(1))
                HistogramPicture(histogram: errors.residuals).draw(in: side.prefix(rows: 8), on: &frame)
            }
        } else {
            let line = area.removeBottom(1)
            frame.put(
                groups: scores.map { [StyledText("\($0) ", .dim), StyledText(NumberFormat.metric($1), .strong)] },
                in: line)
        }
        frame.put("predicted", role: .dim, in: area.removeTop(1))
        let label = "true \(name)"
        let foot = area.removeBottom(1)
        frame.put(label, x: max(foot.x, foot.maxX - frame.glyphs.width(of: label)), role: .dim, in: foot)
        plot.draw(in: area, on: &frame)
    }

    private var scores: [(String, Double)] {
        [
            ("R²", errors.r2), ("root mean square", errors.rootMeanSquare), ("mean absolute", errors.meanAbsolute),
            ("bias", errors.bias),
        ]
    }

    private var plot: Plot {
        let points = errors.points.filter { $0.truth.isFinite && $0.predicted.isFinite }
        let truths = points.map(\.truth)
        let (low, high) = (truths.min() ?? 0, truths.max() ?? 1)
        let range = low...max(high, low + max(1e-9, abs(low) * 1e-6))
        // What was predicted far beyond all that is true must not press the rest together: it is noted at the edge.
        let margin = (range.upperBound - range.lowerBound) / 4
        let predicted = points.map(\.predicted)
        let bottom = max(predicted.min() ?? low, range.lowerBound - margin)
        let top = min(predicted.max() ?? high, range.upperBound + margin)
        let heights = min(bottom, range.lowerBound)...max(top, range.upperBound)
        let wide = NiceAxis.steadyRange(containing: heights, previous: nil)
        return Plot(
            xRange: range, yRange: wide,
            layers: [
                .line(
                    [
                        Plot.Point(x: range.lowerBound, y: range.lowerBound),
                        Plot.Point(x: range.upperBound, y: range.upperBound),
                    ], role: .ghost),
                .dots(points.map { Plot.Point(x: $0.truth, y: $0.predicted) }, role: .curve),
            ], placeholder: "no prediction is a number")
    }
}

/// A histogram as columns that stand side by side, with its ends below.
struct HistogramPicture {
    let histogram: Histogram
    var role = Role.metric

    func draw(in rect: Rect, on frame: inout Frame) {
        guard rect.height >= 2, rect.width > 0 else { return }
        var area = rect
        let foot = area.removeBottom(1)
        let counts = Self.merged(histogram.counts, into: area.width)
        let bars = Rect(x: area.x, y: area.y, width: counts.count, height: area.height)
        frame.sparkline(counts.map(Float.init), in: bars, range: 0...Double(max(1, counts.max() ?? 1)), role: role)
        let (low, high) = (Self.end(histogram.lower), Self.end(histogram.upper))
        frame.write(low, x: foot.x, y: foot.y, role: .axis, in: foot)
        frame.write(
            high, x: max(foot.x + low.width + 1, foot.x + counts.count - high.width), y: foot.y, role: .axis, in: foot)
    }

    /// Three digits; of a small number those behind its noughts.
    private static func end(_ value: Double) -> SafeText {
        value.magnitude < 1 ? NumberFormat.metric(value) : NumberFormat.significant(value, digits: 3)
    }

    /// Bins joined until there are no more than columns.
    static func merged(_ counts: [Int], into columns: Int) -> [Int] {
        guard columns > 0 else { return [] }
        let size = (counts.count + columns - 1) / columns
        guard size > 1 else { return counts }
        return stride(from: 0, to: counts.count, by: size).map {
            counts[$0..<min($0 + size, counts.count)].reduce(0, +)
        }
    }
}

extension Rect {
    /// The first rows, at most so many.
    func prefix(rows: Int) -> Rect { Rect(x: x, y: y, width: width, height: min(height, rows)) }
}
