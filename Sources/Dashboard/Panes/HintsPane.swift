import Canvas

/// The last row: a notice while there is one, else the keys that mean something now.
struct HintsPane: Pane {
    let place = Layout.Place.hints

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        if let notice = state.view.notice, state.view.overlay == nil {
            frame.put(" " + notice.text, role: notice.role, in: rect)
            return
        }
        var x = rect.x + 1
        if state.view.overlay == nil, let remark = state.waitRemark {
            x = frame.put(remark, x: x, role: .dim, in: rect) + 3
        }
        let hints = state.view.overlay?.hints(state) ?? Self.hints(state, width: rect.maxX - x + 1, frame.glyphs)
        for hint in hints {
            x = frame.put("\(hint.keys) ", x: x, role: .accent, in: rect)
            x = frame.put(hint.word, x: x, role: .dim, in: rect) + 2
        }
    }

    /// The hints of the key table in its order, as many of the most important as there is room for.
    private static func hints(_ state: DashboardState, width: Int, _ glyphs: GlyphSet) -> [(keys: String, word: String)]
    {
        let all = KeyTable.all.enumerated().compactMap { index, binding -> Hint? in
            guard let (offered, word) = binding.hint(in: state) else { return nil }
            let keys = offered.map(\.label).joined(separator: " ")
            let columns = glyphs.width(of: keys) + 1 + glyphs.width(of: word) + 2
            let rank = binding.comesFirst(state) ? Int.min : binding.rank
            return Hint(keys: keys, word: word, columns: columns, rank: rank, index: index)
        }
        var room = width - 2
        var kept: Set<Int> = []
        for hint in all.sorted(by: { $0.rank < $1.rank }) where hint.columns - 2 <= room || hint.rank == .min {
            kept.insert(hint.index)
            room -= hint.columns
        }
        return all.filter { kept.contains($0.index) }.map { ($0.keys, $0.word) }
    }

    private struct Hint {
        var keys: String
        var word: String
        var columns: Int
        var rank: Int
        var index: Int
    }
}
