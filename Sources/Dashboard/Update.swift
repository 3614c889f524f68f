import Canvas
import RunModel
import TrainProtocol

/// Decides what a message means: changes the state and says what is to be done. Pure: no clock, no terminal, no engine.
package func update(_ state: inout DashboardState, _ message: Message) -> [Effect] {
    let effects = state.take(message)
    // What is looked at inside of the training follows from what is on the screen.
    return effects + state.lookInside()
}

extension DashboardState {
    fileprivate mutating func take(_ message: Message) -> [Effect] {
        switch message {
        case .key(let key):
            return take(key)
        case .mouse(let event, let size):
            return take(event, on: size)
        case .update(let update):
            return take(update)
        case .tick(let seconds):
            now = max(now, seconds)
            if let notice = view.notice, notice.fadesAt <= now { view.notice = nil }
        case .notice(let text):
            warn(text)
        case .overlaid(let run):
            overlay(run)
        case .done(let text):
            say(text, role: .good)
        case .themeRefused(let inUse, let reason):
            view.theme = inUse
            warn(reason)
        }
        return []
    }

    /// Says what went wrong, and keeps it in the log.
    fileprivate mutating func warn(_ text: String) {
        run.note(text, .warning)
        say(text)
    }

    /// A key goes to what lies on top; Ctrl-C to the way out, wherever it is pressed.
    mutating func take(_ key: Key) -> [Effect] {
        if key == .control("c") {
            let isSecond = if case .quit? = view.overlay { true } else { requests.saveBeforeQuitting != nil }
            if isSecond { return [.quit(.interrupted)] }
            view.overlay = .quit(QuitOverlay())
            return []
        }
        view.notice = nil
        if let overlay = view.overlay { return overlay.press(key, in: &self) }
        return keys.meaning(of: key).map { act(on: $0) } ?? []
    }

    /// Does what a key of the table means.
    mutating func act(on key: Key) -> [Effect] {
        guard let binding = KeyTable.all.first(where: { $0.matches(key) && $0.applies(self) }) else { return [] }
        return binding.press(key, in: &self)
    }

    /// News from the engine: the model keeps them, and the person is told of some.
    fileprivate mutating func take(_ update: EngineUpdate) -> [Effect] {
        let former = runState
        let selected = selectedControl.map { run.hyperparameters[$0].name }
        run.take(update)
        keepSelection(of: selected)
        var effects: [Effect] = []
        for event in update.events { effects += hear(event, after: former) }
        if !update.samples.isEmpty { view.chart.follow(self) }
        return effects
    }

    private mutating func hear(_ event: Event, after former: RunState?) -> [Effect] {
        switch event {
        case .applied(let id, _): return applied(id)
        case .refused(let id, let reason): refused(id, reason: reason)
        // What a journal tells came at another pace.
        case .edited(let edit): if runState != .replaying { taps.hear(edit, at: now) }
        case .moved(let move):
            taps.interrupt()
            (view.chart.cursor, view.chart.zoom) = (nil, nil)
            view.chart.follow(self)
            // The log has what the move was at that moment.
            let details = log.entries.lazy.reversed().compactMap { entry in
                if case .moved(move, let details) = entry.kind { details } else { nil }
            }.first
            say(
                words(of: move, best: details?.best, race: details?.race),
                role: { if case .divergence = move.cause { .warning } else { .text } }())
        case .twin(let twin?):
            requests.wantsTwin = true
            say("a twin trains beside the run, without edit \(twin.edit)", role: .dim)
        case .epochEnded, .evaluated: taps.interrupt()
        case .race(let race):
            if race != nil { view.raceSelection = nil }
            view.chart.follow(self)
        case .learningRatesTested(let test):
            // A question that is being answered is not covered.
            if view.overlay == nil { view.overlay = .rates(RatesOverlay(test: test)) }
        case .inspected(let findings): hear(findings)
        case .hit(let breakpoint, let at):
            let text = "paused at step \(NumberFormat.grouped(at)): \(breakpoint.words)"
            say(text)
            return [.announce("\(description.title): \(text)")]
        case .state(let state): return become(state, from: former)
        case .refitting(let rows):
            say("training again on all \(NumberFormat.grouped(rows)) rows but the test's", role: .dim)
        case .saved(let path, let step):
            let isEarlier = step < self.progress?.step ?? step
            say("saved \(path)" + (isEarlier ? ": the weights of step \(NumberFormat.grouped(step))" : ""), role: .good)
        case .notice(let text): say(text)
        case .wentOn(let back): say(back.description, role: .text)
        case .resumed: view.chart.follow(self)
        case .described, .capabilities, .hyperparameters, .branched, .lineage, .planned, .unplanned,
            .twin,
            .watching, .tested:
            break
        }
        return []
    }

    private mutating func become(_ state: RunState, from former: RunState?) -> [Effect] {
        switch state {
        case .done where state != former:
            // Scores are the answer where somebody trains on a table of their own, or for the first time. A question is not
            // covered.
            if description.table?.isJudged == true || opening == .demonstration, view.overlay == nil {
                view.overlay = .card(CardOverlay())
            }
            // Header, progress and story say it on the screen.
            return [.announce("\(description.title): \(epochWords.map { "done: \($0)" } ?? "done")")]
        case .diverged(let divergence):
            // Where there is a way out, the hint bar has to show it; the reason is in the log.
            if wayOut == nil { say("diverged: \(divergence.reason)", role: .bad) } else { view.notice = nil }
            if state != former { return [.announce("\(description.title): diverged: \(divergence.reason)")] }
        case .lost(let reason): say("the training does not answer: \(reason)", role: .bad)
        case .stopped: return [.quit(.chosen)]
        case .connecting, .training, .replaying, .paused, .evaluating, .racing, .done: break
        }
        return []
    }

    /// "5 epochs"; nil where nobody knows how many.
    var epochWords: String? { progress?.epochs.map { $0 == 1 ? "1 epoch" : "\($0) epochs" } }

    /// Another list of hyperparameters leaves the selection where it was, or puts it on the learning rate.
    private mutating func keepSelection(of name: String?) {
        let list = run.hyperparameters
        let index = list.firstIndex { $0.name == name }
        if name != nil, index == nil, case .entry? = view.overlay { view.overlay = nil }
        view.selection = index ?? list.firstIndex { $0.role == .learningRate } ?? 0
    }
}
