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
        makeRoom(for: bulletin.events)
        history.append(bulletin.samples, recent: bulletin.recent)
        if let recent = bulletin.recent { self.recent = recent }
        others = Dictionary(bulletin.others.map { ($0.branch, $0) }, uniquingKeysWith: { $1 })
        var effects: [Effect] = []
        for event in bulletin.events { effects += take(event) }
        advanceRamps()
        if bulletin.events.isEmpty { watchSchedule() }
        compareWithTwin()
        if !bulletin.samples.isEmpty { chart.follow(self) }
        return effects
    }

    private mutating func take(_ event: Event) -> [Effect] {
        switch event {
        case .applied(let id, let at): return applied(id, at: at)
        case .refused(let id, let reason): refused(id, reason: reason)
        case .changed(let change): changed(change)
        case .hyperparameters(let list): use(list)
        case .branched: break  // looked at before the samples
        case .moved(let move): moved(move)
        case .planned(let edit): planned = (planned.filter { $0.number != edit.number } + [edit])
        case .unplanned(let number): planned.removeAll { $0.number == number }
        case .twin(let twin): become(twin)
        case .race(let race): become(race)
        case .learningRatesTested(let test): show(test)
        case .watching(let watch): self.watch = watch
        case .hit(let breakpoint, let at): hit(breakpoint, at: at)
        case .state(let state): return become(state)
        case .epochEnded(let report):
            history.append(report)
            if history.way.holds(report.branch, at: report.step) { ledger.record(report) }
        case .evaluated(let evaluation):
            let isBest = history.append(evaluation)
            if history.way.holds(evaluation.branch, at: evaluation.step) { ledger.record(evaluation, isBest: isBest) }
        case .saved(let path):
            savedPath = path
            ledger.record(.saved(path: path), step: step)
            say("saved \(path)", role: .good)
        case .notice(let text):
            ledger.record(.note(text, .plain), step: step)
            say(text)
        }
        return []
    }

    private mutating func become(_ state: RunState) -> [Effect] {
        let former = runState
        // Why it stopped is what there is to see and to tell.
        if state == .stopped, hasDiverged { return [.quit(.chosen)] }
        runState = state
        guard state != former else { return [] }
        switch state {
        case .done:
            let epochs = progress?.epochs ?? 0
            say("done: \(epochs) \(epochs == 1 ? "epoch" : "epochs")   :epochs +5 goes on   q quits", role: .good)
            ledger.record(.note("done: \(epochs) \(epochs == 1 ? "epoch" : "epochs")", .good), step: step)
        case .diverged(let step, let reason):
            say("diverged: \(reason)", role: .bad)
            ledger.record(.note("diverged: \(reason)", .bad), step: max(0, step - 1))
        case .stopped:
            return [.quit(.chosen)]
        case .training, .paused, .evaluating, .racing:
            break
        }
        return []
    }
}
