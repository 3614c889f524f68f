import Canvas
import TrainEngine

/// Decides what a message means: changes the state and says what is to be done. Pure: no clock, no terminal, no engine.
public func update(_ state: inout DashboardState, _ message: Message) -> [Effect] {
    switch message {
    case .key(let key):
        return state.press(key)
    case .bulletin(let bulletin):
        return state.take(bulletin)
    case .tick(let seconds):
        state.now = max(state.now, seconds)
        if let notice = state.notice, notice.fadesAt <= state.now { state.notice = nil }
        return []
    case .notice(let text):
        state.ledger.record(.note(text, .warning), step: state.step)
        state.say(text)
        return []
    }
}

extension DashboardState {
    /// A key goes to what lies on top; Ctrl-C to the way out, wherever it is pressed.
    fileprivate mutating func press(_ key: Key) -> [Effect] {
        if key == .control("c") {
            let isSecond = if case .quit? = overlay { true } else { saveBeforeQuitting != nil }
            if isSecond { return [.quit(.interrupted)] }
            overlay = .quit(QuitOverlay())
            return []
        }
        notice = nil
        if let overlay { return overlay.press(key, in: &self) }
        guard let binding = KeyTable.all.first(where: { $0.matches(key) && $0.applies(self) }) else { return [] }
        return binding.action(&self, key)
    }

    /// News from the engine.
    fileprivate mutating func take(_ bulletin: Bulletin) -> [Effect] {
        progress = bulletin.progress
        history.append(bulletin.samples, recent: bulletin.recent)
        if let recent = bulletin.recent { self.recent = recent }
        var effects: [Effect] = []
        for event in bulletin.events { effects += take(event) }
        if !bulletin.samples.isEmpty { chart.follow(history, in: window) }
        return effects
    }

    private mutating func take(_ event: Event) -> [Effect] {
        switch event {
        case .applied(let id, let at):
            return applied(id, at: at)
        case .refused(let id, let reason):
            refused(id, reason: reason)
        case .changed(let change):
            changed(change)
        case .state(let state):
            become(state)
        case .epochEnded(let report):
            history.append(report)
            ledger.record(report)
        case .evaluated(let evaluation):
            ledger.record(evaluation, isBest: history.append(evaluation))
        case .saved(let path):
            savedPath = path
            ledger.record(.saved(path: path), step: step)
            say("saved \(path)", role: .good)
        case .notice(let text):
            ledger.record(.note(text, .plain), step: step)
            say(text)
        case .hyperparameters, .branched, .moved, .planned, .unplanned, .twin, .race, .learningRatesTested, .watching,
            .hit:
            break
        }
        return []
    }

    private mutating func applied(_ id: RequestID, at step: Int) -> [Effect] {
        requests[id] = nil
        for index in knobs.indices where knobs[index].pending?.request == id {
            knobs[index].value = knobs[index].target
            knobs[index].pending = nil
        }
        ledger.answer(id, step: step) { $0.outcome = .applied(at: step) }
        return saveBeforeQuitting == id ? [.quit(.chosen)] : []
    }

    private mutating func refused(_ id: RequestID, reason: String) {
        let command = requests.removeValue(forKey: id)
        for index in knobs.indices where knobs[index].pending?.request == id { knobs[index].pending = nil }
        let isEdit = ledger.answer(id) { $0.outcome = .refused(reason: reason) }
        if !isEdit, let command { ledger.record(.note("\(command.words): \(reason)", .bad), step: step) }
        say(reason, role: .bad)
        if saveBeforeQuitting == id {
            saveBeforeQuitting = nil
            overlay = .quit(QuitOverlay(problem: reason))
        }
    }

    private mutating func changed(_ change: HyperparameterChange) {
        if let index = knobs.firstIndex(where: { $0.name == change.name }) {
            knobs[index].value = change.new
            if let id = change.request, knobs[index].pending?.request == id { knobs[index].pending = nil }
        }
        let isAnswer = change.request.map { id in
            ledger.answer(id, step: change.step) { edit in
                (edit.old, edit.new, edit.outcome) = (change.old, change.new, .applied(at: change.step))
            }
        }
        guard isAnswer != true else { return }
        let edit = Ledger.Edit(
            request: change.request, name: change.name, old: change.old, new: change.new,
            outcome: .applied(at: change.step))
        ledger.record(.edit(edit), step: change.step)
    }

    private mutating func become(_ state: RunState) {
        let former = runState
        runState = state
        guard state != former else { return }
        switch state {
        case .done:
            let epochs = progress?.epochs ?? 0
            say("done: \(epochs) \(epochs == 1 ? "epoch" : "epochs")   :epochs +5 goes on   q quits", role: .good)
            ledger.record(.note("done: \(epochs) \(epochs == 1 ? "epoch" : "epochs")", .good), step: step)
        case .diverged(let step, let reason):
            say("diverged at step \(step): \(reason)", role: .bad)
            ledger.record(.note("diverged: \(reason)", .bad), step: step)
        case .training, .paused, .evaluating, .racing, .stopped:
            break
        }
    }
}

extension Command {
    /// The command in the words of a log.
    var words: String {
        switch self {
        case .pause: "pause"
        case .resume: "resume"
        case .step(let count): count == 1 ? "one step" : "\(count) steps"
        case .runEpoch: "one epoch"
        case .set(let name, let value): "\(name) \(value)"
        case .evaluate: "evaluate"
        case .save: "save"
        case .stop: "stop"
        case .ramp(let name, let value, let steps): "\(name) \(value) over \(steps)"
        case .plan(let name, _, let step): "@\(step) \(name)"
        case .cancelPlan(let number): "cancel \(number)"
        case .undo: "undo"
        case .redo: "redo"
        case .goToStep(let step): "go to step \(step)"
        case .goToBest: "go to the best validation"
        case .goToBranch(let branch): "go to branch \(branch.number)"
        case .showTwin: "show a twin"
        case .hideTwin: "hide the twin"
        case .race(let name, _): "fork \(name)"
        case .adopt(let branch): "adopt branch \(branch.number)"
        case .endRace: "end the race"
        case .testLearningRates: "test learning rates"
        case .onDivergence(let policy): "guard \(policy.rawValue)"
        case .pauseWhen: "break"
        case .clearBreakpoints: "clear breakpoints"
        }
    }
}
