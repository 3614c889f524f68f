import Canvas
import RunModel
import TrainProtocol

/// A look at the inside of the training: the one of those that is open.
struct InsidePane: Pane {
    let place = Layout.Place.inside

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        guard let pane = state.view.inside.pane else { return }
        let look: any InsideLook =
            switch pane {
            case .layers: LayersLook()
            case .errors: ErrorsLook()
            case .batch, .loss, .live, .metrics, .hyperparameters, .story, .output: BatchLook()
            }
        let title = look.title(state)
        if let objection = state.objection(to: .inspect) {
            let inside = box(rect, title: title, on: &frame, state: state)
            frame.put(objection, role: .dim, in: inside)
            return
        }
        if case .nothing(let reason)? = state.findings?.content {
            let inside = box(rect, title: title, on: &frame, state: state)
            frame.put(reason, role: .dim, in: inside)
            return
        }
        guard let findings = state.findings else {
            let inside = box(rect, title: title, on: &frame, state: state)
            frame.put("looking", role: .dim, in: inside)
            return
        }
        let inside = box(rect, title: title, facts: look.facts(findings), on: &frame, state: state)
        look.draw(findings, in: inside, on: &frame, state: state)
    }

    func take(_ mouse: MouseEvent, in rect: Rect, state: inout DashboardState) -> [Effect] {
        if mouse.action != .press { state.selectInside(mouse.action == .wheelUp ? -1 : 1) }
        return []
    }
}

/// One kind of look.
protocol InsideLook {
    /// The pane's title.
    func title(_ state: DashboardState) -> String
    /// What is said on the right of it; the first ones give way where there is no room.
    func facts(_ findings: Findings) -> [String]
    /// Draws what was seen.
    func draw(_ findings: Findings, in rect: Rect, on frame: inout Frame, state: DashboardState)
}
