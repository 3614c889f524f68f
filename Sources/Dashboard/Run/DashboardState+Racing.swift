import RunModel
import TrainProtocol
import Wording

/// Races: what is raced, who leads, who is selected.
extension DashboardState {
    /// The most that race: each has a digit.
    static let mostEntrants = 9

    /// Whether Esc has nothing nearer to go back from than the race.
    var endsRaceOnEscape: Bool { race != nil && view.chart.cursor == nil && !view.isZoomed }

    /// Races the selected hyperparameter at half its value, the same, and twice; where it stands for names, all of them.
    mutating func raceSelected() -> [Effect] {
        guard let index = selectedControl else {
            return refuse("this run has no hyperparameters")
        }
        do throws(TypedCommand.Mistake) {
            return try raceAround(index)
        } catch {
            return refuse(error.message)
        }
    }

    /// Races a hyperparameter at values around the present one.
    mutating func raceAround(_ index: Int) throws(TypedCommand.Mistake) -> [Effect] {
        let control = controls[index]
        var values: [SettingValue] = [0.5, 1, 2].map { $0 == 1 ? control.target : control.scaled(by: $0) }
        if !control.choices.isEmpty { values = control.choices.prefix(Self.mostEntrants).map { .choice($0) } }
        if control.isFlag { values = [.flag(false), .flag(true)] }
        if control.target == 0, !control.isWhole {
            throw TypedCommand.Mistake(
                message: "\(control.title) is 0, which no factor changes; try :fork \(control.name) 0 0.1")
        }
        var seen: Set<SettingValue> = []
        return try race(index, values.filter { control.objection(to: $0) == nil && seen.insert($0).inserted })
    }

    /// Races a hyperparameter at values, or says why not.
    mutating func race(_ index: Int, _ values: [SettingValue]) throws(TypedCommand.Mistake) -> [Effect] {
        let control = controls[index]
        func mistake(_ message: String) -> TypedCommand.Mistake { TypedCommand.Mistake(message: message) }
        guard control.hyperparameter.steersLearning else {
            throw mistake("\(control.title) has no part in what is learnt: there is nothing to race")
        }
        if let objection = objection(to: .race) { throw mistake(objection) }
        guard values.count >= 2 else { throw mistake("a race needs at least two values") }
        guard values.count <= Self.mostEntrants else { throw mistake("at most \(Self.mostEntrants) can race") }
        for (place, value) in values.enumerated() {
            if let objection = control.objection(to: value) { throw mistake(objection) }
            if values[..<place].contains(value) { throw mistake("\(control.text(value)) is there twice") }
        }
        return ask(.race(control.name, values))
    }

    /// Where the run stands; during a race, in which it waits itself, where its branches do.
    var shownProgress: Progress? {
        guard var shown = progress, race != nil else { return progress }
        let ahead = latestStep - shown.step
        shown.step += ahead
        guard let epoch = shown.epoch, let done = shown.stepInEpoch, let size = shown.stepsPerEpoch, size > 0, ahead > 0
        else { return shown }
        let over = (done + ahead - 1) / size
        (shown.epoch, shown.stepInEpoch) = (epoch + over, done + ahead - over * size)
        return shown
    }

    /// An entrant as the leader board shows it.
    struct Standing: Equatable {
        /// The digit that names it, on the board and at the end of its curve: its place in what was asked for.
        var digit: Int
        /// The branch.
        var branch: BranchID
        /// The value that it differs in.
        var value: SettingValue
        /// Its mean loss over the last steps, at most an epoch's worth, all of which every entrant still in has taken.
        var loss: Double?
        /// Its latest validation loss.
        var validation: Double?
        /// Its pace.
        var stepsPerSecond: Double?
        /// Why it takes no step any more.
        var divergence: String?
    }

    /// The entrants, those of lower loss first, diverged ones last.
    var standings: [Standing] {
        guard let race else { return [] }
        let running = race.entrants.filter { others[$0.branch]?.divergence == nil }
        let last = running.compactMap { history.branches[$0.branch]?.tip }.min() ?? race.step
        let worth = max(1, progress?.stepsPerEpoch ?? 1)
        let first = max(race.step + 1, last - worth + 1)
        let all = race.entrants.enumerated().map { index, entrant in
            let latest = history.otherEvaluations.elements.last { $0.branch == entrant.branch }
            return Standing(
                digit: index + 1, branch: entrant.branch, value: entrant.value,
                loss: first <= last ? history.branches[entrant.branch]?.loss(from: first, through: last).mean : nil,
                validation: latest?.loss, stepsPerSecond: others[entrant.branch]?.stepsPerSecond,
                divergence: others[entrant.branch]?.divergence)
        }
        func rank(_ standing: Standing) -> Double {
            guard standing.divergence == nil, let loss = standing.loss, !loss.isNaN else { return .infinity }
            return loss
        }
        return all.sorted {
            let (left, right) = ($0.divergence == nil ? 0 : 1, $1.divergence == nil ? 0 : 1)
            return (left, rank($0), $0.digit) < (right, rank($1), $1.digit)
        }
    }

    /// The entrant that Enter adopts.
    var selectedEntrant: Standing? {
        let all = standings
        return all.first { $0.branch == view.raceSelection } ?? all.first
    }

    /// Selects an entrant further down or up the board.
    mutating func selectEntrant(_ distance: Int) {
        let all = standings
        guard let index = all.firstIndex(where: { $0.branch == selectedEntrant?.branch }) else { return }
        view.raceSelection = all[min(max(0, index + distance), all.count - 1)].branch
    }
}
