import Canvas
import RunModel
import TrainProtocol

/// What trains side by side, as it is compared: the run with its twin, or the entrants of a race with one of them.
struct Comparing {
    /// A branch that is judged, nil for the run itself, and how it is drawn.
    struct Rival {
        let branch: BranchID?
        let role: Role
        let stroke: Plot.Stroke
    }

    /// The branches that are judged, the one that matters most last.
    let rivals: [Rival]
    /// The branch that they are judged by: it is the zero line.
    let control: Rival
    /// The step after which they part.
    let fork: Int
    /// What is compared: the metric of that index, nil for the loss.
    let metric: Int?
    /// What it comes to, in ever fewer words.
    let headline: [[StyledText]]
    /// What the zero line is.
    let zero: String
    /// Whether all take the same batches.
    let isPaired: Bool
}

extension DashboardState {
    /// Whether there is something to compare.
    var isComparing: Bool { twin != nil || race?.areFolds == false }

    /// What is compared now; nil where nothing trains side by side.
    var comparing: Comparing? {
        if let race { race.areFolds ? nil : comparing(race) } else { twin.flatMap(comparing) }
    }

    // MARK: The twin

    private func comparing(_ twin: Twin) -> Comparing? {
        guard let fork = history.branches[twin.branch]?.lineage.fork.step else { return nil }
        let names = run.edits.filter { $0.number == twin.edit }.map(\.name)
        return Comparing(
            rivals: [Comparing.Rival(branch: nil, role: .curve, stroke: .solid)],
            control: Comparing.Rival(branch: twin.branch, role: .ghost, stroke: BranchLine.twinStroke), fork: fork,
            metric: run.measure(of: names), headline: headline(twin), zero: "without edit \(twin.edit)",
            isPaired: !names.contains { run.hyperparameter(named: $0)?.role == .batchSize })
    }

    private func headline(_ twin: Twin) -> [[StyledText]] {
        let edit = "edit \(twin.edit)"
        func choices(_ verdict: String, _ reason: String, _ role: Role) -> [[StyledText]] {
            let first = StyledText("\(edit) \(verdict)", role)
            return [[first, StyledText(": \(reason)", .text)], [first]]
        }
        if let divergence = others[twin.branch]?.divergence {
            return choices("helps", "without it \(divergence)", .good)
        }
        if case .diverged(let divergence)? = runState { return choices("hurts", divergence.reason, .bad) }
        guard let comparison = run.effects[twin.edit] else {
            return [[StyledText("\(edit): waiting for the first step without it", .dim)]]
        }
        let words: [Comparison.Call: String] = [
            .tooEarly: "\(edit): too early to tell", .open: "\(edit): no difference yet",
            .same: "\(edit): no difference that matters", .helps: "\(edit) helps", .hurts: "\(edit) hurts",
            .helpsOnlyTraining: "\(edit) helps training, not validation",
            .hurtsOnlyTraining: "\(edit) hurts training, not validation",
        ]
        return VerdictText(comparison, self, words: words).choices
    }

    // MARK: A race

    /// The entrant that the others are judged by: the one that leaves all as it is, or where there is none, or it is out,
    /// whoever leads.
    func control(of race: Race) -> Race.Entrant? {
        let board = standings
        let racing = race.entrants.filter { entrant in board.contains { $0.branch == entrant.branch && $0.isRacing } }
        return racing.first(where: \.isControl) ?? race.entrants.first { $0.branch == board.first?.branch }
    }

    private func comparing(_ race: Race) -> Comparing? {
        guard let control = control(of: race) else { return nil }
        let selected = selectedEntrant?.branch
        let rivals = race.entrants.enumerated().map { index, entrant in
            let line = BranchLine.entrant(entrant.branch, place: index + 1)
            return Comparing.Rival(branch: entrant.branch, role: line.role, stroke: line.stroke)
        }
        return Comparing(
            rivals: rivals.filter { $0.branch != control.branch && $0.branch != selected }
                + rivals.filter { $0.branch != control.branch && $0.branch == selected },
            control: rivals.first { $0.branch == control.branch } ?? rivals[0], fork: race.step,
            metric: run.measure(of: race.settings.map(\.name)), headline: headline(race, control),
            zero: text(control, of: race),
            isPaired: !race.settings.contains { run.hyperparameter(named: $0.name)?.role == .batchSize })
    }

    /// Who leads, and whether that is more than luck: against the control, or where the control leads against the next.
    private func headline(_ race: Race, _ control: Race.Entrant) -> [[StyledText]] {
        let board = standings.filter { $0.isRacing && $0.loss != nil }
        func entrant(_ standing: Standing?) -> Race.Entrant? {
            race.entrants.first { $0.branch == standing?.branch }
        }
        guard let leader = entrant(board.first) else { return [[StyledText("waiting for the first step", .dim)]] }
        // Of those that are out the last one that was in.
        let next = board.dropFirst().first ?? standings.first { $0.branch != leader.branch && $0.loss != nil }
        guard let other = leader.branch == control.branch ? entrant(next) : control else {
            return [[StyledText("waiting for another one's steps", .dim)]]
        }
        if let divergence = others[other.branch]?.divergence {
            let words = "\(text(leader, of: race)) leads"
            return [
                [StyledText(words, .good), StyledText(": \(text(other, of: race)) ran away, \(divergence)", .text)],
                [StyledText(words, .good)],
            ]
        }
        let comparison = run.comparison(
            of: leader.branch, with: other.branch, after: race.step, in: race.settings.map(\.name),
            amongst: race.entrants.count - 1)
        func choices(_ first: String, _ second: String) -> [[StyledText]] {
            let words: [Comparison.Call: String] = [
                .tooEarly: "\(first) leads \(second): too early to tell",
                .open: "\(first) and \(second): no difference yet",
                .same: "\(first) and \(second): no difference that matters",
                .helps: "\(first) beats \(second)", .hurts: "\(second) beats \(first)",
                .helpsOnlyTraining: "\(first) beats \(second), not in validation",
                .hurtsOnlyTraining: "\(second) beats \(first), not in validation",
            ]
            return VerdictText(comparison, self, words: words).choices
        }
        func name(_ entrant: Race.Entrant) -> String {
            String(BranchLine.name((race.entrants.firstIndex(of: entrant) ?? 0) + 1))
        }
        // By their values; where there is no room for those, by their names.
        return choices(text(leader, of: race), text(other, of: race)) + choices(name(leader), name(other))
    }
}
