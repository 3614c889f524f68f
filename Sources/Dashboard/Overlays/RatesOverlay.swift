import Canvas
import RunModel
import TrainProtocol

/// What training at each learning rate comes to, and which rate to use.
struct RatesOverlay: OverlayContent, Equatable {
    /// The outcome of the test.
    let test: LearningRateTest

    func press(_ key: Key, in state: inout DashboardState) -> [Effect] {
        guard key == .enter else { return [] }
        state.view.overlay = nil
        guard let suggestion = test.suggestion,
            let index = state.run.hyperparameters.firstIndex(where: { $0.role == .learningRate })
        else { return [] }
        // Four digits are more than the test can tell, and a value that a person can read.
        return state.set(index, to: .number(suggestion.tidied()))
    }

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        let size = Size(width: min(100, rect.width - 2), height: min(26, rect.height))
        let facts = "from step \(NumberFormat.grouped(test.step))"
        let title = rect.width < 60 ? "learning rates" : "what each learning rate comes to"
        var area = frame.dialog(size, title: title, facts: facts, in: rect)
        for line in lines(width: area.width, frame.glyphs).reversed() {
            frame.put(line, in: area.removeBottom(1))
        }
        if area.height > 8 { _ = area.removeBottom(1) }
        plot.draw(in: area, on: &frame)
    }

    func hints(_ state: DashboardState) -> [(keys: String, word: String)] {
        let adopt = test.suggestion.map { [("enter", "use \(Self.text($0))")] } ?? []
        return adopt + [("esc", "leave it as it is")]
    }

    /// The answer in a few words: "use 0.01, all from 0.01 to 0.063 will do".
    static func verdict(_ test: LearningRateTest) -> String {
        guard let range = test.range, let suggestion = test.suggestion else { return "flat here" }
        let all = range.lowerBound < range.upperBound
        return "use \(text(suggestion))"
            + (all ? ", all from \(text(range.lowerBound)) to \(text(range.upperBound)) will do" : "")
    }

    /// The answer, and what it rests on; each in the most words that fit.
    private func lines(width: Int, _ glyphs: GlyphSet) -> [[StyledText]] {
        let steps = NumberFormat.grouped(test.horizon)
        let trials = "\(steps) steps of each on \(test.streams) streams of batches"
        func fitting(_ choices: [[StyledText]]) -> [StyledText] {
            choices.first { glyphs.width(of: $0) <= width } ?? choices.last ?? []
        }
        let grounds = fitting(
            ["\(trials), against none; the run is untouched", trials, "the run is untouched"].map {
                [StyledText($0, .dim)]
            })
        guard let range = test.range, let suggestion = test.suggestion else {
            return [
                fitting([
                    [StyledText("flat here: ", .warning), StyledText("no rate gains a hundredth of the loss")],
                    [StyledText("flat here", .warning)],
                ]), grounds,
            ]
        }
        let use = StyledText("use \(Self.text(suggestion))", .good)
        let (low, high) = (Self.text(range.lowerBound), Self.text(range.upperBound))
        return [
            fitting([
                [
                    use,
                    StyledText("  all from \(low) to \(high) gain nearly the same; the least leaves the least noise"),
                ],
                [use, StyledText("  all from \(low) to \(high) gain nearly the same")],
                [use, StyledText("  \(low) to \(high) will do")], [use],
            ]), grounds,
        ]
    }

    /// The change against the rate; the range as a haze, what ran away left out.
    private var plot: Plot {
        let points = zip(test.rates, test.changes).filter { $0.0 > 0 && $0.0.isFinite && $0.1.isFinite }
            .map { Plot.Point(x: $0.0, y: $0.1) }
        let least = points.map(\.y).min() ?? 0
        // Of a flat loss the wiggles stay small; of one that rises beyond, only the beginning is in the frame.
        let depth = max(-least, 0.02 * (test.loss.isFinite ? test.loss.magnitude : 1), 1e-9)
        let yRange = NiceAxis.steadyRange(containing: -1.1 * depth...0.4 * depth, previous: nil)
        let rates = test.rates.filter { $0 > 0 && $0.isFinite }
        let (first, last) = (rates.first ?? 1e-6, rates.last ?? 10)
        var plot = Plot(
            xRange: first...max(first * 10, last), yRange: yRange, xScale: .logarithmic,
            placeholder: "every rate ran away")
        guard !points.isEmpty else { return plot }
        if let range = test.range, range.lowerBound > 0, range.upperBound.isFinite {
            let haze = Plot.Span(
                x0: range.lowerBound, x1: range.upperBound, min: yRange.lowerBound, max: yRange.upperBound)
            plot.layers.append(.band([haze]))
        }
        if let suggestion = test.suggestion {
            plot.markers.append(Plot.Marker(x: suggestion, label: "use \(Self.text(suggestion))", role: .good))
        }
        let still = [first, plot.xRange.upperBound].map { Plot.Point(x: $0, y: 0) }
        plot.layers.append(.line(still, role: .axis, stroke: Plot.Stroke(rhythm: [1, 3], plain: "-")))
        plot.layers.append(.line(points))
        if let end = zip(test.rates, test.changes).first(where: { $0.1 == .infinity })?.0 {
            plot.markers.append(Plot.Marker(x: end, label: "ran away", role: .bad))
        }
        return plot
    }

    private static func text(_ rate: Double) -> String { NumberFormat.shortest(rate.tidied(digits: 3)).description }
}
