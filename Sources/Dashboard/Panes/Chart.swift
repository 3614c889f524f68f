import Canvas
import RunModel
import TrainProtocol

/// What the charts have in common: from the history to a plot.
struct Chart {
    /// Which series.
    let source: DrawnSeries.Source
    /// What the moving average means.
    let curve: Role
    /// The y axis, nil while there is nothing to show.
    let range: ClosedRange<Double>?
    /// Whether it is the first of the charts, where moments have names.
    let isFirst: Bool

    /// Markers beyond this many would be a hedge; the latest are drawn.
    private static let mostMarkers = 32

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        guard let range else {
            if isFirst, state.waitsAtStart { return OpeningLine.draw(in: rect, on: &frame, state: state) }
            let text = SafeText(state.waitingWords).truncated(to: rect.width)
            let spot = rect.centered(Size(width: text.width, height: 1))
            frame.write(text, x: spot.x, y: spot.y, role: .dim, in: rect)
            return
        }
        let window = state.window
        let start = Double(window.lowerBound - 1)
        let end = Double(window.upperBound)
        var plot = Plot(
            xRange: start...end, yRange: range, scale: state.view.chart.scale,
            placeholder: SafeText(state.waitingWords))
        let count = max(1, (rect.width - 7) * (frame.glyphs == .ascii ? 1 : 2))
        let samples = state.history.series.samples(from: window.lowerBound, through: window.upperBound)
        let series = DrawnSeries(samples, source, window: window, columns: count, smoothing: state.view.chart.smoothing)
        let width = (end - start) / Double(count)
        let place = Columns(start: start, width: width, count: count)
        plot.layers = layers(series, samples, place, window: window, state: state)
        plot.markers = markers(state, frame.glyphs)
        switch state.view.chart.unit {
        case .step: break
        case .epoch: plot.xTicks = epochTicks(state, columns: rect.width)
        case .second: plot.xTicks = timeTicks(state, columns: rect.width)
        }
        if let cursor = state.view.chart.cursor {
            let column = Int((Double(cursor) - start - 0.5) / width)
            let average = series.columns.indices.contains(column) ? series.columns[column]?.average : nil
            plot.cursor = Plot.Cursor(x: Double(cursor), y: average)
        }
        plot.draw(in: rect, on: &frame)
    }

    /// The step that a column of the screen stands for, nil where it is none of the chart's.
    func step(atColumn x: Int, in rect: Rect, state: DashboardState) -> Int? {
        guard let range else { return nil }
        let window = state.window
        let (start, end) = (Double(window.lowerBound - 1), Double(window.upperBound))
        let area = Plot(xRange: start...end, yRange: range, scale: state.view.chart.scale).area(in: rect)
        guard x >= area.x, x < area.maxX else { return nil }
        return Int((start + (end - start) * (Double(x - area.x) + 0.5) / Double(area.width)).rounded(.up))
    }

    /// Where the columns of dots lie along the x axis.
    private struct Columns {
        let start: Double
        let width: Double
        let count: Int

        func middle(_ index: Int) -> Double { start + (Double(index) + 0.5) * width }

        /// Points of which those that share a column are one, at their mean: a line through all of them would fill it.
        func averaged(_ points: [Plot.Point]) -> [Plot.Point] {
            points.chunked { (($0.x - start) / width).rounded(.down) == (($1.x - start) / width).rounded(.down) }.map {
                points in
                Plot.Point(
                    x: points.reduce(0) { $0 + $1.x } / Double(points.count),
                    y: points.reduce(0) { $0 + $1.y } / Double(points.count))
            }
        }
    }

    /// The run itself over all others, the other branches under it, the oldest undermost.
    private func layers(
        _ series: DrawnSeries, _ samples: Slice<SampleRing>, _ place: Columns, window: ClosedRange<Int>,
        state: DashboardState
    ) -> [Plot.Layer] {
        var band: [Plot.Span] = []
        var extremes: [Plot.Point] = []
        var line: [Plot.Point] = []
        for case (let index, let column?) in series.columns.enumerated() {
            let x = place.start + Double(index) * place.width
            let middle = place.middle(index)
            band.append(
                Plot.Span(x0: x, x1: x + place.width, min: column.middle.lowerBound, max: column.middle.upperBound))
            if column.high > column.middle.upperBound { extremes.append(Plot.Point(x: middle, y: column.high)) }
            if column.low < column.middle.lowerBound { extremes.append(Plot.Point(x: middle, y: column.low)) }
            line.append(Plot.Point(x: middle, y: column.average))
        }
        var layers: [Plot.Layer] = [.band(band), .dots(extremes)]
        var marks: [Plot.Layer] = []
        for side in BranchLine.all(state) {
            guard let branch = state.history.branches[side.branch] else { continue }
            let points = points(of: branch, after: samples, place, window: window, state: state)
            layers.append(.line(points, role: side.role, stroke: side.stroke))
            guard let mark = side.mark else { continue }
            let evaluations = state.history.otherEvaluations.elements.filter { $0.branch == side.branch }
            marks.append(.points(self.points(evaluations), mark: mark, role: side.role))
        }
        for (number, run) in state.view.overlaid.enumerated() where state.shows(source, of: run) {
            guard let scale = state.steps(perStepOf: run) else { continue }
            let own = ChartView.window(window, scale: scale)
            let (stroke, role) = (DashboardState.line(number), DashboardState.role(number))
            let averages = DrawnSeries.averages(
                run.history.series.samples(from: own.lowerBound, through: own.upperBound), after: samples.prefix(0),
                source, window: own, columns: place.count, smoothing: state.view.chart.smoothing)
            let line = averages.enumerated().compactMap { index, average in
                average.map { Plot.Point(x: place.middle(index), y: $0) }
            }
            layers.append(.line(line, role: role, stroke: stroke))
            let evaluations = points(run.history.evaluations.elements).map { Plot.Point(x: $0.x * scale, y: $0.y) }
            // One letter at the end of a run, whose lines end side by side.
            var nameless = stroke
            nameless.end = ""
            layers.append(.line(place.averaged(evaluations), role: role, stroke: line.isEmpty ? stroke : nameless))
            guard evaluations.count * Self.columnsToAMark <= place.count else { continue }
            let end = (line.last?.x ?? .infinity) - Double(Self.columnsToAMark) * place.width
            marks.append(.points(evaluations.filter { $0.x < end }, mark: DashboardState.letter(number), role: role))
        }
        let evaluations = points(state.history.evaluations.elements)
        layers.append(.line(place.averaged(evaluations), role: .validation))
        // Beside a ghost it has a name, too.
        layers.append(.line(line, role: curve, stroke: Plot.Stroke(end: state.twin == nil ? "" : "run")))
        layers += marks
        // Marks that stand close are a line already.
        if evaluations.count * Self.columnsToAMark <= place.count {
            layers.append(.points(evaluations, mark: "◇"))
        }
        if let best = best(state.history) { layers.append(.points(points([best]))) }
        return layers
    }

    /// Dot columns that a mark needs for itself.
    private static let columnsToAMark = 8

    private func points(_ evaluations: [Evaluation]) -> [Plot.Point] {
        evaluations.compactMap { evaluation in
            source.value(of: evaluation).map { Plot.Point(x: Double(evaluation.step), y: $0) }
        }
    }

    /// The best of the evaluations, by what is drawn of them.
    private func best(_ history: History) -> Evaluation? {
        guard case .metric(let index) = source else { return history.bestEvaluation }
        guard history.bestMetrics.indices.contains(index), let best = history.bestMetrics[index] else { return nil }
        return history.evaluations.elements.last { source.value(of: $0) == best }
    }

    /// The moving average of another branch, from where it leaves the run's lineage, if it does.
    private func points(
        of branch: BranchHistory, after samples: Slice<SampleRing>, _ place: Columns, window: ClosedRange<Int>,
        state: DashboardState
    ) -> [Plot.Point] {
        guard let first = branch.samples.first?.firstStep, first <= window.upperBound else { return [] }
        // The average goes on from the one that both have in common, where they meet.
        let doesMeet = state.history.lineage.commonSteps(with: branch.lineage) >= first - 1
        let before = samples.prefix(upTo: samples.holding(first...(.max)).startIndex).suffix(doesMeet ? Self.memory : 0)
        let averages = DrawnSeries.averages(
            branch.samples[...].holding(window), after: before, source, window: window, columns: place.count,
            smoothing: state.view.chart.smoothing)
        let start = Int(min(max(0, (Double(first - 1) - 0.5 - place.start) / place.width), Double(place.count)))
        return averages.enumerated().dropFirst(start).compactMap { index, average in
            average.map { Plot.Point(x: place.middle(index), y: $0) }
        }
    }

    /// Samples before a fork that have a part in the average after it.
    private static let memory = 64

    /// Edits as flags with their numbers, those made in one go as one; what waits, a race, and where the loss ran away.
    private func markers(_ state: DashboardState, _ glyphs: GlyphSet) -> [Plot.Marker] {
        let window = state.window
        let edits = state.run.edits
        let last = zip(edits, edits.dropFirst().map(Optional.some) + [nil]).filter { edit, next in
            next.map { !state.taps.following.contains($0.number) } ?? true
        }.map(\.0)
        var markers = last.filter { window.contains($0.step) }.suffix(Self.mostMarkers).map { edit in
            Plot.Marker(x: Double(edit.step), flag: SafeText("\(edit.number)"))
        }
        for edit in state.planned.sorted(by: { $0.step < $1.step }).prefix(4) where window.contains(edit.step) {
            let control = state.control(named: edit.name)
            let label = isFirst ? "\(control?.shortTitle ?? edit.name) \(edit.change.text(control)) planned" : ""
            markers.append(Plot.Marker(x: Double(edit.step), label: glyphs.text(label), role: .dim))
        }
        if let race = state.race, !race.areFolds {
            markers.append(Plot.Marker(x: Double(race.step), label: isFirst ? "race" : ""))
        }
        if case .diverged(let divergence)? = state.runState {
            markers.append(Plot.Marker(x: Double(divergence.step), role: .bad))
        }
        return markers
    }

    /// Ticks at round times, as if every step had taken as long.
    private func timeTicks(_ state: DashboardState, columns: Int) -> [Plot.Tick] {
        guard let progress = state.progress, progress.step > 0, progress.trainingSeconds > 0 else { return [] }
        let rate = Double(progress.step) / progress.trainingSeconds
        let most = max(2, columns / 10)
        let (first, last) = (Double(state.window.lowerBound) / rate, Double(state.window.upperBound) / rate)
        let steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 86400]
        guard let step = steps.first(where: { (last - first) / $0 <= Double(most) }) else { return [] }
        let start = (first / step).rounded(.up)
        return (0..<most).map { (start + Double($0)) * step }.filter { $0 <= last }.map { time in
            Plot.Tick(x: time * rate, label: NumberFormat.duration(seconds: time))
        }
    }

    /// Ticks at the ends of epochs: every one, every second, fifth, tenth, ... as there is room.
    private func epochTicks(_ state: DashboardState, columns: Int) -> [Plot.Tick] {
        guard let progress = state.progress, let epoch = progress.epoch, let epochs = progress.epochs,
            let stepInEpoch = progress.stepInEpoch, let stepsPerEpoch = progress.stepsPerEpoch, stepsPerEpoch > 0
        else { return [] }
        let most = max(2, columns / 8)
        var stride = 1
        for factor in [2, 5, 10, 20, 50, 100, 1_000, 10_000, 100_000, 1_000_000]
        where epochs / stride > most {
            stride = factor
        }
        let ended = Double(progress.step) - Double(stepInEpoch)
        let past = state.history.epochs.elements.filter { $0.epoch < epoch }.map {
            ($0.epoch, Double($0.step))
        }
        // Epochs to come are as long as this one; no more of them than can be labelled are looked at.
        let first = epoch + (stride - epoch % stride) % stride
        let coming = Swift.stride(from: first, through: epochs, by: stride).prefix(2 * most).map { next in
            (next, ended + Double(next - epoch + 1) * Double(stepsPerEpoch))
        }
        let shown = Double(state.window.lowerBound)...Double(state.window.upperBound)
        return (past + coming).filter { $0.0 % stride == 0 && shown.contains($0.1) }
            .map { Plot.Tick(x: $0.1, label: SafeText(String($0.0))) }
    }
}

extension [Plot.Point] {
    /// Neighbours that belong together, in slices.
    fileprivate func chunked(_ belong: (Element, Element) -> Bool) -> [ArraySlice<Element>] {
        var slices: [ArraySlice<Element>] = []
        var start = startIndex
        for index in indices.dropFirst() where !belong(self[index - 1], self[index]) {
            slices.append(self[start..<index])
            start = index
        }
        return isEmpty ? [] : slices + [self[start...]]
    }
}
