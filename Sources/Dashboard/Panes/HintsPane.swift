import Canvas

/// The last row: a notice while there is one, else the keys that mean something now.
struct HintsPane: Pane {
    let place = Layout.Place.hints

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        if let notice = state.view.notice, state.view.overlay == nil {
            frame.put(" " + notice.text, role: notice.role, in: rect)
            return
        }
        if let overlay = state.view.overlay {
            var x = rect.x + 1
            for hint in overlay.hints(state) {
                x = frame.put("\(hint.keys) ", x: x, role: .accent, in: rect)
                x = frame.put(hint.word, x: x, role: .dim, in: rect) + 2
            }
            return
        }
        if let remark = state.waitRemark { frame.put(remark, x: rect.x + 1, role: .dim, in: rect) }
        for hint in Self.hints(in: rect, state, frame.glyphs) {
            frame.put(hint.label, x: hint.x, role: .accent, in: rect)
            frame.put(hint.word, x: hint.x + frame.glyphs.width(of: hint.label) + 1, role: .dim, in: rect)
        }
    }

    /// A click on a hint presses its key; of two keys, the second where that is what is clicked.
    func take(_ mouse: MouseEvent, in rect: Rect, state: inout DashboardState) -> [Effect] {
        guard mouse.action == .press else { return [] }
        for hint in Self.hints(in: rect, state, .braille) where hint.columns.contains(mouse.x) {
            let isSecond = hint.keys.count > 1 && mouse.x - hint.x > state.keys.label(of: hint.keys[0]).count
            let isLabel = mouse.x - hint.x < hint.label.count
            return state.act(on: hint.keys[isSecond && isLabel ? 1 : 0])
        }
        return []
    }

    /// The hints of the key table in its order, as many of the most important as there is room for.
    private static func hints(in rect: Rect, _ state: DashboardState, _ glyphs: GlyphSet) -> [Hint] {
        let remark = state.waitRemark.map { glyphs.width(of: $0) + 3 } ?? 0
        let all = KeyTable.all.enumerated().compactMap { index, binding -> Hint? in
            guard let (offered, word) = binding.hint(in: state) else { return nil }
            let label = offered.map { state.keys.label(of: $0) }.joined(separator: " ")
            let width = glyphs.width(of: label) + 1 + glyphs.width(of: word)
            let rank = binding.comesFirst(state) ? Int.min : binding.rank
            return Hint(keys: offered, label: label, word: word, width: width, rank: rank, index: index)
        }
        var room = rect.width - remark - 1
        var kept: Set<Int> = []
        for hint in all.sorted(by: { $0.rank < $1.rank }) where hint.width <= room || hint.rank == .min {
            kept.insert(hint.index)
            room -= hint.width + 2
        }
        var x = rect.x + 1 + remark
        return all.filter { kept.contains($0.index) }.map { hint in
            defer { x += hint.width + 2 }
            return hint.moved(to: x)
        }
    }

    /// A hint and where it stands.
    private struct Hint {
        var keys: [Key]
        /// The keys as they are read.
        var label: String
        var word: String
        var width: Int
        var rank: Int
        var index: Int
        /// The first column.
        var x = 0

        var columns: Range<Int> { x..<x + width }

        func moved(to x: Int) -> Hint {
            var hint = self
            hint.x = x
            return hint
        }
    }
}
