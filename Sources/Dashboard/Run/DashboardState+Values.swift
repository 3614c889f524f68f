import TrainEngine

/// What the engine tells of hyperparameters.
extension DashboardState {
    /// A hyperparameter has another value.
    mutating func changed(_ change: HyperparameterChange) {
        if let index = knobs.firstIndex(where: { $0.name == change.name }) {
            let ramp = Ramp(old: change.old, new: change.new, step: change.step, over: change.over)
            knobs[index].ramp = ramp
            knobs[index].value = ramp?.value(at: step) ?? change.new
            if let id = change.request, knobs[index].pending?.request == id { knobs[index].pending = nil }
        }
        nextEdit = max(nextEdit, change.number == .max ? .max : change.number + 1)
        let branch = history.way.branch
        let isAnswer = change.request.map { id in
            ledger.answer(id, step: change.step) { edit in
                (edit.old, edit.new, edit.outcome) = (change.old, change.new, .applied(at: change.step))
                (edit.number, edit.branch, edit.over) = (change.number, branch, change.over)
            }
        }
        guard isAnswer != true else { return }
        let edit = Ledger.Edit(
            request: change.request, number: change.number, branch: branch, name: change.name, old: change.old,
            new: change.new, over: change.over, outcome: .applied(at: change.step))
        ledger.record(.edit(edit), step: change.step)
    }

    /// These are the hyperparameters from now on.
    mutating func use(_ list: [Hyperparameter]) {
        let selected = selectedKnob.map { knobs[$0].name }
        let former = knobs
        knobs = list.map { description in
            var knob = Knob(description)
            knob.pending = former.first { $0.name == knob.name }?.pending
            // A ramp that was under way on the way taken still is.
            knob.ramp = history.way.ramp(of: knob.name, in: ledger, at: step)
            if let ramp = knob.ramp { knob.value = ramp.value(at: step) }
            titles[knob.name] = description
            return knob
        }
        selection = knobs.firstIndex { $0.name == selected } ?? knobs.firstIndex { $0.name == "learning_rate" } ?? 0
        if case .entry? = overlay, former.map(\.name) != knobs.map(\.name) { overlay = nil }
    }

    /// Moves the values of ramps on to where the run stands.
    mutating func advanceRamps() {
        for index in knobs.indices {
            guard let ramp = knobs[index].ramp else { continue }
            knobs[index].value = ramp.value(at: step)
            if !ramp.isUnderWay(at: step) { knobs[index].ramp = nil }
        }
    }

    /// Compares the learning rate in force with the one that was set, while nothing changes it.
    mutating func watchSchedule() {
        guard let progress, let knob = knobs.first(where: { $0.name == "learning_rate" }), knob.ramp == nil else {
            return
        }
        schedule.see(progress.learningRate, base: knob.value, at: progress.step)
    }

    /// A hyperparameter that the run has or had, with its names; nil where nobody knows of it.
    func knob(named name: String) -> Knob? {
        knobs.first { $0.name == name } ?? titles[name].map(Knob.init)
    }

    /// The name of the optimizer in use.
    var optimizer: String {
        knobs.first { $0.name == "optimizer" && !$0.choices.isEmpty }.map { $0.text($0.value) } ?? run.optimizer
    }

    /// An edit in words, its parts: "learning rate", "0.01 → 0.005", or "0.01 → 0.003 over 200".
    func words(of name: String, from old: Double, to new: Double, over: Int) -> (title: String, values: String) {
        let knob = knob(named: name)
        func text(_ value: Double) -> String { ValueChange.value(value).text(knob) }
        let steps = over > 0 ? " over \(over)" : ""
        return (knob?.title ?? name, "\(text(old)) → \(text(new))\(steps)")
    }
}

extension Way {
    /// The ramp that a hyperparameter is on at a step of this way, nil for none.
    fileprivate func ramp(of name: String, in ledger: Ledger, at step: Int) -> Ramp? {
        let last = ledger.appliedEdits.last { edit, at in
            edit.name == name && at <= step && holds(edit: edit.number, on: edit.branch, at: at)
        }
        guard let (edit, at) = last,
            let ramp = Ramp(old: edit.old, new: edit.new, step: at, over: edit.over), ramp.isUnderWay(at: step)
        else { return nil }
        return ramp
    }
}
