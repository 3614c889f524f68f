import Canvas

/// The last row: a notice while there is one, else the keys that mean something now.
struct HintsPane: Pane {
    let place = Layout.Place.hints

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState, face: Face) {
        if let notice = state.notice, state.overlay == nil {
            frame.put(" " + notice.text, x: rect.x, y: rect.y, role: notice.role, face: face, in: rect)
            return
        }
        let hints = state.overlay?.hints(state) ?? Self.hints(state, width: rect.width, face: face)
        var x = rect.x + 1
        for hint in hints {
            x = frame.put("\(hint.keys) ", x: x, y: rect.y, role: .accent, face: face, in: rect)
            x = frame.put(hint.word, x: x, y: rect.y, role: .dim, face: face, in: rect) + 2
        }
    }

    /// The hints of the key table in its order, as many of the most important as there is room for.
    private static func hints(_ state: DashboardState, width: Int, face: Face) -> [(keys: String, word: String)] {
        let all = KeyTable.all.enumerated().compactMap { index, binding -> Hint? in
            guard binding.applies(state), let word = binding.hint(state) else { return nil }
            let keys = binding.keys.prefix(binding.label == nil ? 2 : 1).map(\.label).joined(separator: " ")
            let columns = face.text(keys).width + 1 + face.text(word).width + 2
            return Hint(keys: keys, word: word, columns: columns, rank: binding.rank, index: index)
        }
        var room = width - 2
        var kept: Set<Int> = []
        for hint in all.sorted(by: { $0.rank < $1.rank }) where hint.columns - 2 <= room {
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
