import RunModel
import TrainProtocol
import Wording

/// Races: what is raced, who leads, who is selected.
extension DashboardState {
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
        if !control.choices.isEmpty { values = control.choices.prefix(Race.mostEntrants).map { .choice($0) } }
        if control.isFlag { values = [.flag(false), .flag(true)] }
        if control.target == 0, !control.isWhole {
            throw TypedCommand.Mistake(
                message: "\(control.title) is 0, which no factor changes; try :race \(control.name) 0 0.1")
        }
        var seen: Set<SettingValue> = []
        let all = values.filter { control.objection(to: $0) == nil && seen.insert($0).inserted }
        return try race(RaceTerms([(control.name, all)]))
    }

    /// Races as it was asked for, or says why not.
    mutating func race(_ terms: RaceTerms) throws(TypedCommand.Mistake) -> [Effect] {
        func mistake(_ message: String) -> TypedCommand.Mistake { TypedCommand.Mistake(message: message) }
        let raced = terms.names.compactMap(control)
        for control in raced where !control.hyperparameter.steersLearning {
            throw mistake("\(control.title) has no part in what is learnt: there is nothing to race")
        }
        if let objection = objection(to: .race) { throw mistake(objection) }
        let count = terms.entrants.count
        guard count >= 2 else { throw mistake("a race needs at least two values") }
        guard count <= Race.mostEntrants else {
            throw mistake("at most \(Race.mostEntrants) can race, and these are \(count)")
        }
        for (place, values) in terms.entrants.enumerated() {
            for (control, value) in zip(raced, values) {
                if let objection = control.objection(to: value) { throw mistake(objection) }
            }
            if terms.entrants[..<place].contains(values) {
                let words = zip(raced, values).map { $0.text($1) }.joined(separator: " ")
                throw mistake("\(words) is there twice")
            }
        }
        return ask(.race(terms))
    }

    /// What an entrant differs in: "lr 0.003", "lr 0.003 batch 16".
    func text(_ entrant: Race.Entrant, of race: Race) -> String {
        zip(race.settings, entrant.values).map { setting, value in
            let control = control(named: setting.name)
            return "\(control?.shortTitle ?? setting.name) \(ValueChange.value(value).text(control))"
        }.joined(separator: " ")
    }

    /// The same without names: "0.003", "0.003  16".
    func values(_ entrant: Race.Entrant, of race: Race) -> String {
        zip(race.settings, entrant.values).map { setting, value in
            "\(ValueChange.value(value).text(control(named: setting.name)))"
        }.joined(separator: "  ")
    }

    /// What is raced: "learning rate", "lr x batch".
    func title(of race: Race) -> String {
        let controls = race.settings.map { setting in (control(named: setting.name), setting.name) }
        if controls.count == 1 { return controls[0].0?.title ?? controls[0].1 }
        return controls.map { $0.0?.shortTitle ?? $0.1 }.joined(separator: " x ")
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
        /// Its place in what was asked for, from 1: its ``name`` says it on the board and at the end of its curve.
        var place: Int
        /// The branch.
        var branch: BranchID
        /// Its mean loss over the last steps, at most an epoch's worth, all of which every entrant still in has taken.
        var loss: Double?
        /// Its latest validation loss.
        var validation: Double?
        /// Its pace.
        var stepsPerSecond: Double?
        /// Why it takes no step any more.
        var divergence: String?
        /// The step after which it was dropped; nil while it is in.
        var droppedAt: Int?

        /// A digit, or behind 9 a letter.
        var name: Character { BranchLine.name(place) }
        /// Whether it takes steps.
        var isRacing: Bool { divergence == nil && droppedAt == nil }
    }

    /// The entrants, those of lower loss first; behind them those that were dropped, the last one first, and those that
    /// diverged.
    var standings: [Standing] {
        guard let race else { return [] }
        let all = race.entrants.enumerated().map { index, entrant in
            let progress = others[entrant.branch]
            let latest = history.otherEvaluations.elements.last { $0.branch == entrant.branch }
            return Standing(
                place: index + 1, branch: entrant.branch, validation: latest?.loss,
                stepsPerSecond: progress?.stepsPerSecond, divergence: progress?.divergence,
                droppedAt: progress?.droppedAt)
        }
        let last = all.filter(\.isRacing).compactMap { history.branches[$0.branch]?.tip }.min() ?? race.step
        let worth = max(1, progress?.stepsPerEpoch ?? 1)
        func loss(_ standing: Standing) -> Double? {
            let last = standing.droppedAt ?? last
            let first = max(race.step + 1, last - worth + 1)
            return first <= last ? history.branches[standing.branch]?.loss(from: first, through: last).mean : nil
        }
        func rank(_ standing: Standing) -> (Int, Int, Double, Int) {
            let loss = standing.loss.flatMap { $0.isNaN ? nil : $0 } ?? .infinity
            let group = standing.divergence != nil ? 2 : standing.droppedAt != nil ? 1 : 0
            return (group, -(standing.droppedAt ?? 0), loss, standing.place)
        }
        return all.map { standing in
            var standing = standing
            standing.loss = loss(standing)
            return standing
        }.sorted { rank($0) < rank($1) }
    }

    /// Whether no entrant can take another step: all are at the end of their epochs, or out of the race.
    var isRaceOver: Bool {
        guard let race, runState == .paused else { return false }
        return race.entrants.allSatisfy { entrant in
            guard let progress = others[entrant.branch] else { return false }
            return progress.isComplete || progress.divergence != nil || progress.droppedAt != nil
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
