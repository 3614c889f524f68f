import Canvas
import RunModel
import TrainProtocol

/// Other runs, under the one that is watched.
extension DashboardState {
    /// As many as colours and strokes can tell apart.
    static let mostOverlaid = 4

    /// Draws a run under this one, in the place of one of the same name; the one that came first makes room.
    mutating func overlay(_ run: OverlaidRun) {
        view.overlaid.removeAll { $0.name == run.name }
        view.overlaid = view.overlaid.suffix(Self.mostOverlaid - 1) + [run]
        view.chart.follow(self)
        let letter = Self.letter(view.overlaid.count - 1)
        let difference = difference(run).map { "   \(words(of: $0, run))" } ?? ""
        say("\(letter) is \(run.name)\(difference)   o: what differs", role: .text)
    }

    /// The letter of the overlaid run at a place.
    static func letter(_ place: Int) -> Character { Character(Unicode.Scalar(UInt8(ascii: "A") + UInt8(place % 26))) }

    /// The line of the overlaid run at a place, whose end has its letter.
    static func line(_ place: Int) -> Plot.Stroke {
        let letter = letter(place)
        let rhythms = [[5, 2], [2, 2], [7, 2, 1, 2], [1, 2]]
        return Plot.Stroke(rhythm: rhythms[place % rhythms.count], plain: letter, end: SafeText(String(letter)))
    }

    /// Its colour: none of those that this run's own curves have.
    static func role(_ place: Int) -> Role {
        let roles: [Role] = [.ghost, .edit, .strong, .dim]
        return roles[place % roles.count]
    }

    /// Steps of this run that stand beside one of an overlaid run, by what the chart counts; nil where that is not known.
    func steps(perStepOf run: OverlaidRun) -> Double? { view.chart.scale(of: run, beside: progress) }

    /// Whether an overlaid run has what a chart shows.
    func shows(_ source: DrawnSeries.Source, of run: OverlaidRun) -> Bool {
        guard case .metric(let index) = source else { return true }
        let (theirs, ours) = (run.metrics, description.metrics)
        return theirs.indices.contains(index) && ours.indices.contains(index) && theirs[index].name == ours[index].name
    }

    /// How an overlaid run's validation differs from this one's.
    func difference(_ run: OverlaidRun) -> EpochDifference? {
        EpochDifference(run.validation, less: history.validationByEpoch)
    }

    /// "val −0.0210 ± 0.0040, 4 epochs, paired".
    func words(of difference: EpochDifference, _ run: OverlaidRun) -> String {
        let error = difference.error.map { " ± \(NumberFormat.metric($0))" } ?? ""
        let epochs = difference.epochs == 1 ? "1 epoch" : "\(difference.epochs) epochs"
        return "val \(NumberFormat.signed(difference.mean, decimals: 4))\(error), \(epochs)"
            + (run.isPaired ? ", paired" : "")
    }
}

extension ChartView {
    /// Steps of the watched run that stand beside one of another run: as many by steps, as many as make the same part of
    /// an epoch, as many as were taken in the same time. Nil where it is not known.
    func scale(of run: OverlaidRun, beside progress: Progress?) -> Double? {
        let scale: Double?
        switch unit {
        case .step: return 1
        case .epoch:
            scale = progress?.stepsPerEpoch.flatMap { own in run.stepsPerEpoch.map { Double(own) / $0 } }
        case .second:
            let own = progress.flatMap { $0.step > 0 ? $0.trainingSeconds / Double($0.step) : nil }
            scale = own.flatMap { own in
                own > 0 && run.steps > 0 ? run.seconds / Double(run.steps) / own : nil
            }
        }
        return scale.flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
    }

    /// The steps of another run that lie where these of the watched run do.
    static func window(_ window: ClosedRange<Int>, scale: Double) -> ClosedRange<Int> {
        let most = Double(1 << 53)
        let lower = Int(min(max(1, Double(window.lowerBound) / scale), most))
        return lower...max(lower + 1, Int(min(Double(window.upperBound) / scale, most)))
    }
}
