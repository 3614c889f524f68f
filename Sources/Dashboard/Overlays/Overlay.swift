import Canvas

/// What lies over the panes. It takes all keys but Ctrl-C; Esc closes it.
enum Overlay: Sendable, Equatable {
    case help(HelpOverlay)
    case quit(QuitOverlay)
    case entry(EntryOverlay)
    case command(CommandOverlay)
    case rates(RatesOverlay)
    case table(TableOverlay)
    case card(CardOverlay)
    case overlaid(OverlaidOverlay)

    /// What is on top, whatever it is.
    private var content: any OverlayContent {
        switch self {
        case .help(let help): help
        case .quit(let quit): quit
        case .entry(let entry): entry
        case .command(let command): command
        case .rates(let rates): rates
        case .table(let table): table
        case .card(let card): card
        case .overlaid(let overlaid): overlaid
        }
    }

    /// Takes a key.
    func press(_ key: Key, in state: inout DashboardState) -> [Effect] {
        if key == .escape, !content.takesEscape {
            state.view.overlay = nil
            return []
        }
        return content.press(key, in: &state)
    }

    /// Draws it over the frame.
    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        content.draw(in: rect, on: &frame, state: state)
    }

    /// What the hint bar says meanwhile.
    func hints(_ state: DashboardState) -> [(keys: String, word: String)] { content.hints(state) }
}

/// One kind of overlay. A key changes the state's overlay: to a new value of itself, or to nil.
protocol OverlayContent: Sendable {
    /// Whether Esc, too, is a key of its own now.
    var takesEscape: Bool { get }
    /// Takes a key other than Esc.
    func press(_ key: Key, in state: inout DashboardState) -> [Effect]
    /// Draws it over the frame, at most as large as `rect`.
    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState)
    /// What the hint bar says meanwhile.
    func hints(_ state: DashboardState) -> [(keys: String, word: String)]
}

extension OverlayContent {
    var takesEscape: Bool { false }
}

extension Frame {
    /// Clears a rectangle in the middle of `area` and draws a focused box around it.
    ///
    /// - Returns: the area inside of the border, less a column on either side.
    mutating func dialog(_ size: Size, title: String, facts: String = "", in area: Rect) -> Rect {
        let rect = area.centered(size)
        fill(rect, with: Cell())
        let inside = box(rect, title: glyphs.text(title), facts: glyphs.text(facts), focused: true)
        return inside.inset(horizontally: 1, vertically: 0)
    }
}
