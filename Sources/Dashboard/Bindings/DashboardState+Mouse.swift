import Canvas

extension DashboardState {
    /// A click focuses the pane that it is in, and the pane does what it does with it; one on the title of the focused
    /// pane zooms it, and back. Over an overlay the wheel is the arrow keys.
    mutating func take(_ mouse: MouseEvent, on size: Size) -> [Effect] {
        view.notice = nil
        if view.overlay != nil {
            guard mouse.action != .press else { return [] }
            let keys = Array(repeating: mouse.action == .wheelUp ? Key.up : .down, count: Self.linesToANotch)
            return keys.flatMap { take($0) }
        }
        guard let layout = Layout(size, state: self) else { return [] }
        for pane in Panes.all {
            guard let rect = layout[pane.place], rect.contains(x: mouse.x, y: mouse.y) else { continue }
            if mouse.action == .press, let name = PaneName.allCases.first(where: { $0.place == pane.place }) {
                let isOnTitle = mouse.y == rect.y && rect.height >= 3
                if isOnTitle, view.focus == name {
                    view.isZoomed.toggle()
                    return []
                }
                focus(name)
            }
            return pane.take(mouse, in: rect, state: &self)
        }
        return []
    }

    /// Lines that a notch of the wheel scrolls.
    private static let linesToANotch = 3

    /// Gives a pane the focus. A zoom stays a zoom, of the new pane.
    mutating func focus(_ pane: PaneName) {
        if view.focus != pane { view.selectedEntry = nil }
        view.focus = pane
    }
}
