package import Canvas

/// Draws the state into a frame of that size. Pure: the same state, size and glyphs give the same frame.
package func render(_ state: DashboardState, size: Size, glyphs: GlyphSet) -> Frame {
    var frame = Frame(size, glyphs: glyphs)
    guard let layout = Layout(size, state: state) else {
        TooSmall.draw(on: &frame, state)
        if case .quit? = state.view.overlay { state.view.overlay?.draw(in: frame.bounds, on: &frame, state: state) }
        return frame
    }
    for pane in Panes.all {
        guard let rect = layout[pane.place], !rect.isEmpty else { continue }
        pane.draw(in: rect, on: &frame, state: state)
    }
    state.view.overlay?.draw(in: layout.body, on: &frame, state: state)
    return frame
}
