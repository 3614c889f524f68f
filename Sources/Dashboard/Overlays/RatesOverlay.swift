import Canvas
import RunModel
import TrainProtocol

/// How the loss behaves at every learning rate, and which rate to use.
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
        var area = frame.dialog(size, title: "loss against learning rate", facts: facts, in: rect)
        for line in lines(width: area.width).reversed() {
            frame.put(line, in: area.removeBottom(1))
        }
        if area.height > 8 { _ = area.removeBottom(1) }
        plot.draw(in: area, on: &frame)
    }

    func hints(_ state: DashboardState) -> [(keys: String, word: String)] {
        let adopt = test.suggestion.map { [("enter", "use \(Self.text($0))")] } ?? []
        return adopt + [("esc", "leave it as it is")]
    }

    /// What comes of it, and by which rule.
    private func lines(width: Int) -> [[StyledText]] {
        let end = test.divergedAt.map { "ran away at \(Self.text($0)) · " } ?? ""
        guard let suggestion = test.suggestion else {
            return [
                [StyledText("no suggestion: ", .warning), StyledText("the smoothed loss falls at no rate")],
                [StyledText("\(end)\(width < 44 ? "run" : "the run is") untouched", .dim)],
            ]
        }
        let rule =
            width < 44
            ? "it falls fastest there"
            : width < 74 ? "where the loss falls fastest" : "the rule: where the smoothed loss falls fastest"
        return [
            [StyledText("use \(Self.text(suggestion))", .good), StyledText("  \(rule)", .text)],
            [StyledText("\(end)\(width < 44 ? "run" : "the run is") untouched", .dim)],
        ]
    }

    private var plot: Plot {
        let points = zip(test.rates, test.losses).filter { $0.0 > 0 && $0.0.isFinite }
            .map { Plot.Point(x: $0.0, y: $0.1) }
        let finite = points.filter(\.y.isFinite)
        let least = finite.min { $0.y < $1.y }
        // What comes before the least loss is in the frame, what runs away after it is not.
        let start = finite.prefix { $0 != least }.map(\.y).max() ?? least?.y ?? 1
        let low = least?.y ?? 0
        let first = points.first?.x ?? 1e-6
        var plot = Plot(
            xRange: first...max(first * 10, points.last?.x ?? 0, test.divergedAt ?? 0),
            yRange: NiceAxis.steadyRange(containing: low...max(low, start + 0.3 * (start - low)), previous: nil),
            xScale: .logarithmic, layers: points.isEmpty ? [] : [.line(points)],
            placeholder: "no loss was finite")
        var markers: [Plot.Marker] = []
        if let steepest = test.steepest, steepest != test.suggestion {
            markers.append(Plot.Marker(x: steepest, label: "steepest \(Self.text(steepest))", role: .edit))
        }
        if let suggestion = test.suggestion {
            let label = suggestion == test.steepest ? "steepest, use" : "use"
            markers.append(Plot.Marker(x: suggestion, label: "\(label) \(Self.text(suggestion))", role: .good))
            let near = finite.min { (left, right) in
                (left.x / suggestion - 1).magnitude < (right.x / suggestion - 1).magnitude
            }
            if let near { plot.layers.append(.points([near], role: .good)) }
        }
        if let end = test.divergedAt {
            markers.append(Plot.Marker(x: end, label: "ran away", role: .bad))
        }
        plot.markers = markers
        return plot
    }

    private static func text(_ rate: Double) -> String { NumberFormat.shortest(rate.tidied(digits: 3)).description }
}
