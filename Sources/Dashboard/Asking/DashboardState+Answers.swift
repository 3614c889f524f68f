import Canvas
import RunModel
import TrainProtocol

/// What the engine answers to requests.
extension DashboardState {
    /// A request was carried out.
    mutating func applied(_ id: RequestID) -> [Effect] {
        let command = requests.close(id)
        switch command {
        case .showTwin(let edit):
            requests.wantsTwin = true
            // Where there is an edit to do without, the news of the twin itself follows.
            if twin == nil, edit == nil { say("a twin trains from the next edit on, without it", role: .dim) }
        case .hideTwin:
            requests.wantsTwin = false
        case .cancelPlan(let number): say("planned \(number) is cancelled", role: .dim)
        case .onDivergence, .setPatience, .pauseWhen, .clearBreakpoints:
            if let command { say(command.words, role: .dim) }
        default: break
        }
        return requests.saveBeforeQuitting == id ? [.quit(.chosen)] : []
    }

    /// A request was not carried out.
    mutating func refused(_ id: RequestID, reason: String) {
        _ = requests.close(id)
        say(reason, role: .bad)
        if requests.saveBeforeQuitting == id {
            requests.saveBeforeQuitting = nil
            view.overlay = .quit(QuitOverlay(problem: reason))
        }
    }
}
