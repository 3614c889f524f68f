import Canvas
import TrainEngine

/// What the engine tells of branches: moves between them, the twin, races.
extension DashboardState {
    /// Makes room for the branches that begin, before their samples are looked at.
    mutating func makeRoom(for events: [Event]) {
        var next = nextEdit
        for event in events {
            switch event {
            case .changed(let change) where change.number < .max: next = max(next, change.number + 1)
            case .branched(let branch): history.begin(branch, editsBelow: next)
            default: break
            }
        }
    }

    /// The run goes on from another place.
    mutating func moved(_ move: Move) {
        let former = history.way
        history.move(move, editsBelow: firstEditTakenBack(by: move))
        ledger.record(.move(story(of: move), left: left(former, move)), step: move.leftStep)
        say(story(of: move), role: Role.notice(of: move.cause))
        chart.cursor = nil
        chart.follow(self)
    }

    /// The number of the first edit that a move takes back; nil where it goes to a branch as that one was left.
    private func firstEditTakenBack(by move: Move) -> Int? {
        switch move.cause {
        case .undo(let change):
            return change.number > 0 ? change.number : nil
        case .step, .best, .divergence:
            // The state after a step is the one before the edits made there.
            return ledger.appliedEdits.filter { edit, at in
                edit.number > 0 && at >= move.step && history.way.holds(edit: edit.number, on: edit.branch, at: at)
            }.map(\.edit.number).min()
        case .redo, .branch, .adoption:
            return nil
        }
    }

    /// What a move was, in a line.
    private func story(of move: Move) -> String {
        let step = NumberFormat.grouped(move.step)
        switch move.cause {
        case .undo(let change):
            let words = words(of: change.name, from: change.old, to: change.new, over: change.over)
            return "undo: back to step \(step), before \(words.title) \(words.values)"
        case .redo:
            return "redo: forward to step \(step)"
        case .step:
            return "went back to step \(step)"
        case .best:
            guard let best = history.bestEvaluation else { return "went back to step \(step), the best validation" }
            return "went back to step \(step) of best validation \(NumberFormat.fixed(best.loss, decimals: 4))"
        case .branch:
            return "went on with branch \(move.branch.number) at step \(step)"
        case .adoption:
            let value = race?.entrants.first { $0.branch == move.branch }?.value
            guard let race, let value else { return "adopted branch \(move.branch.number) at step \(step)" }
            let knob = knob(named: race.name)
            let text = ValueChange.value(value).text(knob)
            return "adopted \(knob?.title ?? race.name) \(text) at step \(step)"
        case .divergence(let reason):
            return "rewound to step \(step): \(reason)"
        }
    }

    /// What a move left behind: "branch 3 left at step 1,300"; "" where there was nothing.
    private func left(_ former: Way, _ move: Move) -> String {
        guard former.branch != move.branch, !history.way.holds(move.left, at: move.leftStep) else { return "" }
        return "branch \(move.left.number) left at step \(NumberFormat.grouped(move.leftStep))"
    }

    /// A twin runs beside the run, or none any more.
    mutating func become(_ twin: Twin?) {
        if let former = self.twin, former.branch != twin?.branch { history.forget(former.branch) }
        if let twin, twin != self.twin { say("a twin trains beside the run, without edit \(twin.edit)", role: .dim) }
        self.twin = twin
        if twin != nil { wantsTwin = true }
    }

    /// Says in the ledger what the edit came to so far.
    mutating func compareWithTwin() {
        guard let twin, let at = history.asides[twin.branch]?.way.forkStep,
            let effect = history.effect(
                against: twin.branch, since: at, within: progress?.stepsPerEpoch ?? 1)
        else { return }
        ledger.note(effect, ofEdit: twin.edit)
    }

    /// Branches train side by side, or do so no more.
    mutating func become(_ race: Race?) {
        if race == nil, let former = self.race {
            for entrant in former.entrants { history.abandon(entrant.branch) }
        }
        if let race, self.race == nil {
            let knob = knob(named: race.name)
            let values = race.entrants.map { ValueChange.value($0.value).text(knob) }.joined(separator: ", ")
            ledger.record(.note("race of \(knob?.title ?? race.name) \(values)", .plain), step: race.step)
            raceSelection = nil
        }
        self.race = race
        chart.follow(self)
    }
}

extension Role {
    /// How a move is told in passing.
    fileprivate static func notice(of cause: Move.Cause) -> Role {
        if case .divergence = cause { .warning } else { .text }
    }
}

extension Way {
    /// The step after which the last branch of the way left the one before; 0 for the first branch.
    var forkStep: Int { segments.dropLast().last?.through ?? 0 }
}
