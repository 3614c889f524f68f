import Canvas
import TrainEngine

/// How far the epoch and the run are, and how long it takes.
struct ProgressPane: Pane {
    let place = Layout.Place.progress

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState, face: Face) {
        if rect.height >= 5 {
            let percent = state.progress.map { "\(Int(Self.fraction($0.step, $0.totalSteps) * 100))%" } ?? ""
            let number = state.history.way.branch.number
            let branch = number == 1 ? "" : "branch \(number)"
            let inside = box(rect, title: "progress", facts: [branch, percent], on: &frame, state: state, face: face)
            drawRows(in: inside, on: &frame, state: state, face: face)
        } else if rect.height >= 2 {
            drawRows(in: rect.inset(horizontally: 1, vertically: 0), on: &frame, state: state, face: face)
        } else {
            drawLine(in: rect.inset(horizontally: 1, vertically: 0), on: &frame, state: state, face: face)
        }
    }

    private func drawRows(in rect: Rect, on frame: inout Frame, state: DashboardState, face: Face) {
        var rows = rect
        let bars = Bars(state, face: face)
        bars.draw(bars.epoch, bars.epochFraction, in: rows.removeTop(1), on: &frame, face: face)
        bars.draw(bars.run, bars.runFraction, in: rows.removeTop(1), on: &frame, face: face)
        guard rows.height > 0 else { return }
        let times = times(state, face: face)
        frame.put(times.left, x: rows.x, y: rows.y, face: face, in: rows)
        frame.put(times.right, x: rows.maxX - times.right.width(face), y: rows.y, face: face, in: rows)
    }

    private func drawLine(in rect: Rect, on frame: inout Frame, state: DashboardState, face: Face) {
        var left = rect
        let times = times(state, face: face)
        let tail = times.right.isEmpty ? times.left : Array(times.left.suffix(2)) + [Piece("  ")] + times.right
        let end = left.removeRight(tail.width(face))
        frame.put(tail, x: end.x, y: end.y, face: face, in: end)
        _ = left.removeRight(3)
        let bars = Bars(state, face: face)
        // Two bars of one length: what the labels and counts leave.
        let texts = bars.epoch.label.count + bars.epochWidth + "run ".count + bars.run.count.count
        let epoch = left.removeLeft(bars.epoch.label.count + bars.epochWidth + (left.width - 3 - texts) / 2)
        _ = left.removeLeft(3)
        let count = bars.epoch.count.trimmed.leftPadded(to: bars.epochWidth)
        bars.draw((bars.epoch.label, count), bars.epochFraction, in: epoch, on: &frame, face: face)
        bars.draw(("run ", bars.run.count), bars.runFraction, in: left, on: &frame, face: face)
    }

    /// Time and rate; or, when the run is over, how it ended and what can be done.
    private func times(_ state: DashboardState, face: Face) -> (left: [Piece], right: [Piece]) {
        let elapsed = NumberFormat.duration(seconds: state.progress?.trainingSeconds, face: face).description
        switch state.runState {
        case .done:
            return ([Piece("done in \(elapsed)", .good), Piece("   :epochs +5 goes on", .dim)], [])
        case .diverged(let step, _):
            return (
                [
                    Piece("diverged at step \(step)", .bad),
                    Piece(state.ledger.appliedEdits.isEmpty ? "   edit, then space" : "   u goes back", .dim),
                ], []
            )
        default:
            break
        }
        let remaining = NumberFormat.duration(seconds: state.secondsLeft, width: 8, face: face).description
        let rate = NumberFormat.compact(state.progress?.stepsPerSecond, face: face).description
        return (
            [
                Piece(elapsed), Piece(" elapsed ", .dim), Piece(remaining), Piece(" left", .dim),
            ],
            [Piece(face.text(rate).padded(to: 6).description), Piece("/s", .dim)]
        )
    }

    /// A part of a whole, 0 where the whole is nothing.
    static func fraction(_ part: Int, _ whole: Int) -> Double {
        whole > 0 ? min(1, max(0, Double(part) / Double(whole))) : 0
    }

    /// The two bars: labels, counts and fractions, aligned with each other.
    private struct Bars {
        let epoch: (label: String, count: String)
        let run: (label: String, count: String)
        /// Columns that the epoch's count takes at most.
        let epochWidth: Int
        let epochFraction: Double?
        let runFraction: Double?

        init(_ state: DashboardState, face: Face) {
            guard let progress = state.progress else {
                epoch = ("epoch ", String(face.dash))
                run = ("run   ", String(face.dash))
                (epochWidth, epochFraction, runFraction) = (1, nil, nil)
                return
            }
            let total = String(progress.totalSteps)
            epochWidth = 2 * String(progress.stepsPerEpoch).count + 1
            // A count never changes its width: the largest that it can be is known.
            let width = 2 * total.count + 1
            let label = "epoch \(progress.epoch)/\(progress.epochs) "
            epoch = (label, "\(progress.stepInEpoch)/\(progress.stepsPerEpoch)".leftPadded(to: width))
            run = ("run".rightPadded(to: label.count), "\(progress.step)/\(total)".leftPadded(to: width))
            epochFraction = ProgressPane.fraction(progress.stepInEpoch, progress.stepsPerEpoch)
            runFraction = ProgressPane.fraction(progress.step, progress.totalSteps)
        }

        func draw(
            _ text: (label: String, count: String), _ fraction: Double?, in rect: Rect, on frame: inout Frame,
            face: Face
        ) {
            let x = frame.put(text.label, x: rect.x, y: rect.y, role: .dim, face: face, in: rect)
            let count = face.text(text.count)
            let end = max(x, rect.maxX - count.width)
            frame.bar(fraction, in: Rect(x: x, y: rect.y, width: end - 1 - x, height: 1), face: face)
            frame.write(count, x: end, y: rect.y, in: rect)
        }
    }
}
