extension Frame {
    /// Draws a pane's border: the title in the border on the left, facts about the pane on the right of it.
    ///
    /// ```
    /// ╭─ title ──── facts ─╮      ┏━ title ━━━━ facts ━┓ when focused
    /// │                    │      ┃                    ┃
    /// ╰────────────────────╯      ┗━━━━━━━━━━━━━━━━━━━━┛
    /// ```
    /// Where both do not fit the facts go first, then the title is cut; below 2 x 2 cells nothing is drawn.
    ///
    /// - Returns: the area inside of the border.
    @discardableResult
    package mutating func box(_ rect: Rect, title: SafeText, facts: SafeText = "", focused: Bool) -> Rect {
        guard rect.width >= 2, rect.height >= 2 else { return Rect(x: rect.x, y: rect.y, width: 0, height: 0) }
        let border = Border(focused: focused)
        let role: Role = focused ? .borderFocused : .border
        let (right, bottom) = (rect.maxX - 1, rect.maxY - 1)
        let visible = rect.intersection(bounds)
        for x in visible.x..<visible.maxX {
            self[x, rect.y] = Cell(border.horizontal, role: role)
            self[x, bottom] = Cell(border.horizontal, role: role)
        }
        for y in visible.y..<visible.maxY {
            self[rect.x, y] = Cell(border.vertical, role: role)
            self[right, y] = Cell(border.vertical, role: role)
        }
        self[rect.x, rect.y] = Cell(border.topLeft, role: role)
        self[right, rect.y] = Cell(border.topRight, role: role)
        self[rect.x, bottom] = Cell(border.bottomLeft, role: role)
        self[right, bottom] = Cell(border.bottomRight, role: role)
        caption(rect, title: title, facts: facts)
        return rect.inset()
    }

    /// Writes title and facts into the top border: a corner, a line, a blank, the text, a blank, ..., a corner.
    private mutating func caption(_ rect: Rect, title: SafeText, facts: SafeText) {
        let room = rect.width - 6
        guard room > 0 else { return }
        let title = title.truncated(to: room)
        var end = rect.x + 2
        if !title.isEmpty {
            end = write(" " + title + " ", x: end, y: rect.y, role: .title)
        }
        // At least two cells of line keep facts apart from the title.
        let left = rect.maxX - 2 - end - 2
        let facts = facts.truncated(to: left - 2)
        guard facts.width >= 4 || facts.width > 0 && left - 2 > facts.width else { return }
        write(" " + facts + " ", x: rect.maxX - 2 - facts.width - 2, y: rect.y, role: .dim)
    }
}

/// The characters of a border.
private struct Border {
    let horizontal: Character
    let vertical: Character
    let topLeft: Character
    let topRight: Character
    let bottomLeft: Character
    let bottomRight: Character

    init(focused: Bool) {
        let all: [Character] = Array(focused ? "━┃┏┓┗┛" : "─│╭╮╰╯")
        (horizontal, vertical) = (all[0], all[1])
        (topLeft, topRight, bottomLeft, bottomRight) = (all[2], all[3], all[4], all[5])
    }
}
