import Canvas
import TrainEngine

/// What the engine answers to requests.
extension DashboardState {
    /// A request was carried out.
    mutating func applied(_ id: RequestID, at step: Int) -> [Effect] {
        let command = requests.removeValue(forKey: id)
        for index in knobs.indices where knobs[index].pending?.request == id {
            if knobs[index].pending?.over == 0 { knobs[index].value = knobs[index].target }
            knobs[index].pending = nil
        }
        ledger.answer(id, step: step) { $0.outcome = .applied(at: step) }
        switch command {
        case .showTwin(let edit):
            wantsTwin = true
            // Where there is an edit to do without, the news of the twin itself follows.
            if twin == nil, edit == nil { say("a twin trains from the next edit on, without it", role: .dim) }
        case .hideTwin:
            wantsTwin = false
        case .cancelPlan(let number): say("planned \(number) is cancelled", role: .dim)
        case .onDivergence, .pauseWhen, .clearBreakpoints:
            if let command { say(command.words, role: .dim) }
        default: break
        }
        return saveBeforeQuitting == id ? [.quit(.chosen)] : []
    }

    /// A request was not carried out.
    mutating func refused(_ id: RequestID, reason: String) {
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
}
