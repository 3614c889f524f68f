import Canvas
import RunModel
import TrainProtocol

/// How far the epoch and the run are, and how long it takes.
struct ProgressPane: Pane {
    let place = Layout.Place.progress

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        if rect.height >= 5 {
            let percent =
                Self.fraction(state.shownProgress?.step, state.shownProgress?.totalSteps).map { "\(Int($0 * 100))%" }
                ?? ""
            let number = state.history.lineage.branch.number
            let branch = number == 1 ? "" : "branch \(number)"
            let wanted = state.shownProgress?.pace ?? 0
            let pace = wanted > 0 ? "pace \(NumberFormat.compact(wanted))" : ""
            let inside = box(rect, title: "progress", facts: [branch, pace, percent], on: &frame, state: state)
            drawRows(in: inside, on: &frame, state: state)
        } else if rect.height >= 2 {
            drawRows(in: rect.inset(horizontally: 1, vertically: 0), on: &frame, state: state)
        } else {
            drawLine(in: rect.inset(horizontally: 1, vertically: 0), on: &frame, state: state)
        }
    }

    private func drawRows(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        var rows = rect
        let bars = Bars(state)
        bars.draw(bars.epoch, bars.epochFraction, in: rows.removeTop(1), on: &frame)
        bars.draw(bars.run, bars.runFraction, in: rows.removeTop(1), on: &frame)
        guard rows.height > 0 else { return }
        let times = times(state)
        let end = rows.removeRight(frame.glyphs.width(of: times.right))
        // A rate of six letters has no space before it.
        if times.right.first?.text.hasPrefix(" ") == false { _ = rows.removeRight(1) }
        // What is left of the time says more than what has gone.
        let areBothShown = frame.glyphs.width(of: times.left) <= rows.width || times.right.isEmpty
        frame.put(areBothShown ? times.left : Array(times.left.suffix(2)), in: rows)
        frame.put(times.right, in: end)
    }

    /// Both bars and the times in one row. Where it is too narrow for all, first the times go, and then the epoch:
    /// every count that is shown is whole.
    private func drawLine(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        let (gap, leastBar) = (3, 3)
        let bars = Bars(state)
        let epoch = (label: bars.epoch.label, count: bars.epoch.count.trimmed.leftPadded(to: bars.epochWidth))
        let run = (label: "run ", count: bars.run.count)
        let epochTexts = epoch.label.count + epoch.count.count
        let runTexts = run.label.count + run.count.count
        let isEpochShown = epochTexts + gap + runTexts + 2 * leastBar <= rect.width
        let needed = (isEpochShown ? epochTexts + gap + leastBar : 0) + runTexts + leastBar
        var left = rect
        for words in shorterAndShorter(times(state)) {
            let width = frame.glyphs.width(of: words)
            guard needed + gap + width <= rect.width else { continue }
            frame.put(words, in: left.removeRight(width))
            _ = left.removeRight(gap)
            break
        }
        if isEpochShown {
            // Two bars of one length: what the labels and counts leave.
            let room = left.width - gap - epochTexts - runTexts
            bars.draw(epoch, bars.epochFraction, in: left.removeLeft(epochTexts + room / 2), on: &frame)
            _ = left.removeLeft(gap)
        }
        bars.draw(run, bars.runFraction, in: left, on: &frame)
    }

    /// What is said at the end of the row, the longest first: of how the run ended what can be done goes first, of times
    /// what is left.
    private func shorterAndShorter(_ times: (left: [StyledText], right: [StyledText])) -> [[StyledText]] {
        guard !times.right.isEmpty else { return [times.left, Array(times.left.prefix(1))] }
        return [Array(times.left.suffix(2)) + [StyledText("  ")] + times.right, times.right]
    }

    /// Time and rate; or, when the run is over, how it ended and what can be done.
    private func times(_ state: DashboardState) -> (left: [StyledText], right: [StyledText]) {
        let elapsed = NumberFormat.duration(seconds: state.shownProgress?.trainingSeconds)
        switch state.runState {
        case .done:
            let ways = state.waysOn.prefix(1).map { StyledText("   \($0)", .dim) }
            return ([StyledText("done in \(elapsed)", .good)] + ways, [])
        case .diverged(let divergence):
            // What space does is told once, by the hint bar.
            let way =
                state.wayOut != nil
                ? "" : state.objection(to: .undo) == nil ? "   u goes back" : "   edit, then space"
            let step = NumberFormat.grouped(divergence.step)
            return ([StyledText("at step \(step)", .bad), StyledText(way, .dim)], [])
        case .connecting, .lost:
            return ([StyledText(elapsed), StyledText(" elapsed", .dim)], [])
        default:
            break
        }
        let remaining = NumberFormat.duration(seconds: state.shownProgress?.secondsLeft, width: 8)
        return (
            [StyledText(elapsed), StyledText(" elapsed ", .dim), StyledText(remaining), StyledText(" left", .dim)],
            rate(state)
        )
    }

    /// The rate.
    private func rate(_ state: DashboardState) -> [StyledText] {
        [StyledText(NumberFormat.compact(state.shownProgress?.stepsPerSecond, width: 6)), StyledText("/s", .dim)]
    }

    /// A part of a whole, 0 where the whole is nothing; nil where nobody knows it.
    static func fraction(_ part: Int?, _ whole: Int?) -> Double? {
        guard let part, let whole else { return nil }
        return whole > 0 ? min(1, max(0, Double(part) / Double(whole))) : 0
    }

    /// The two bars: labels, counts and fractions, aligned with each other.
    private struct Bars {
        let epoch: (label: String, count: String)
        let run: (label: String, count: String)
        /// Columns that the epoch's count takes at most.
        let epochWidth: Int
        let epochFraction: Double?
        let runFraction: Double?

        init(_ state: DashboardState) {
            guard let progress = state.shownProgress else {
                epoch = ("epoch ", "—")
                run = ("run   ", "—")
                (epochWidth, epochFraction, runFraction) = (1, nil, nil)
                return
            }
            func count(_ part: Int?, of whole: Int?) -> String {
                "\(part.map(String.init) ?? "—")/\(whole.map(String.init) ?? "—")"
            }
            let total = progress.totalSteps.map(String.init) ?? "—"
            epochWidth = 2 * (progress.stepsPerEpoch.map(String.init) ?? "—").count + 1
            // A count never changes its width: the largest that it can be is known.
            let width = max(2 * total.count + 1, progress.totalSteps == nil ? 12 : 0)
            let label = "epoch \(count(progress.epoch, of: progress.epochs)) "
            epoch = (label, count(progress.stepInEpoch, of: progress.stepsPerEpoch).leftPadded(to: width))
            let steps = progress.totalSteps == nil ? String(progress.step) : "\(progress.step)/\(total)"
            run = ("run".rightPadded(to: label.count), steps.leftPadded(to: width))
            epochFraction = ProgressPane.fraction(progress.stepInEpoch, progress.stepsPerEpoch)
            runFraction = ProgressPane.fraction(progress.step, progress.totalSteps)
        }

        /// Where there is no room for a bar, label and count are not padded to the other row's.
        func draw(_ text: (label: String, count: String), _ fraction: Double?, in rect: Rect, on frame: inout Frame) {
            let isTight = text.label.count + 1 + text.count.count > rect.width
            let x = frame.put(isTight ? text.label.trimmed + " " : text.label, role: .dim, in: rect)
            let count = frame.glyphs.text(isTight ? text.count.trimmed : text.count)
            let end = max(x, rect.maxX - count.width)
            frame.bar(fraction, in: Rect(x: x, y: rect.y, width: end - 1 - x, height: 1))
            frame.write(count, x: end, y: rect.y, in: rect)
        }
    }
}
