import Canvas
import TrainProtocol

extension KeyTable {
    /// Keys that change what is seen.
    static let lookKeys: [KeyBinding] = [
        KeyBinding(
            keys: [.tab], aliases: [.backTab], section: .look, help: "focus the next pane; shift-tab the one before",
            hint: { _ in "pane" }, rank: 9,
            action: { state, key in
                let all = PaneName.all(of: state)
                let index = state.view.focus.number - 1 + (key == .tab ? 1 : all.count - 1)
                state.focus(all[index % all.count])
                return []
            }),
        KeyBinding(
            keys: (1...PaneName.allCases.count).map { .character(Character("\($0)")) },
            label: "1-\(PaneName.allCases.count)", section: .look,
            help: "focus a pane; its number again zooms it",
            action: { state, key in
                guard case .character(let digit) = key, let number = digit.wholeNumberValue,
                    let pane = PaneName(number: number)
                else { return [] }
                guard PaneName.all(of: state).contains(pane) else {
                    return state.refuse("there is no output: the training has no command that prints")
                }
                if state.view.focus == pane { state.view.isZoomed.toggle() } else { state.focus(pane) }
                return []
            }),
        KeyBinding(
            keys: [.enter], section: .look, help: "zoom the focused pane, and back",
            hint: { state in
                state.view.focus == .hyperparameters || state.view.chart.cursor != nil || state.race != nil
                    ? nil : state.view.isZoomed ? "back" : "zoom"
            }, rank: 4,
            action: { state, _ in
                state.view.isZoomed.toggle()
                return []
            }),
        KeyBinding(
            keys: [.left, .right],
            aliases: [.character("h"), .character("l"), .shiftLeft, .shiftRight, .home, .end],
            label: "← → h l", section: .look, help: "read the chart at a step; shift: further; home, end",
            action: { state, key in
                state.moveCursor(key)
                return []
            }),
        KeyBinding(
            keys: [.character("y")], section: .look, help: "logarithmic or linear loss axis",
            hint: { $0.view.focus == .loss ? "axis" : nil }, rank: 14,
            action: { state, _ in
                state.view.chart.isLogarithmic.toggle()
                return state.redrawn(state.view.chart.isLogarithmic ? "logarithmic axis" : "linear axis")
            }),
        KeyBinding(
            keys: [.character("s")], section: .look, help: "smoothing: 0, 0.6, 0.9, 0.99",
            hint: { $0.view.focus == .loss ? "smooth" : nil }, rank: 15,
            action: { state, _ in
                let all = ChartView.smoothings
                let index = all.firstIndex(of: state.view.chart.smoothing) ?? 0
                state.view.chart.smoothing = all[(index + 1) % all.count]
                return state.redrawn("smoothing \(NumberFormat.shortest(state.view.chart.smoothing))")
            }),
        KeyBinding(
            keys: [.character("x")], section: .look, help: "count steps, epochs or seconds along the chart",
            hint: { $0.view.focus == .loss ? "unit" : nil }, rank: 16,
            action: { state, _ in
                state.view.chart.unit = state.view.chart.unit.next
                return state.redrawn("the chart counts \(state.view.chart.unit.rawValue)s")
            }),
        KeyBinding(
            keys: [.character("z")], section: .look, help: "show the whole run, so far, the last epoch's worth",
            hint: { $0.view.focus == .loss ? "fit" : nil }, rank: 14,
            action: { state, _ in
                state.view.chart.span = state.view.chart.span.next
                return state.redrawn("the chart shows the \(state.view.chart.span.rawValue)")
            }),
        KeyBinding(
            keys: [.character("d")], section: .look, help: "the data: what each column is, and what becomes of it",
            hint: { $0.description.table == nil ? nil : "data" }, rank: 22,
            action: { state, _ in
                guard state.description.table != nil else { return state.refuse("nothing is known of the table") }
                state.view.overlay = .table(TableOverlay())
                return []
            }),
        KeyBinding(
            keys: [.character("o")], section: .look, help: "other runs under this one: scores, what differs",
            hint: { $0.view.overlaid.isEmpty ? nil : "other runs" }, rank: 18,
            action: { state, _ in
                state.view.overlay = .overlaid(OverlaidOverlay())
                return []
            }),
        KeyBinding(
            keys: [.character("t")], section: .look, help: "next theme", hint: { _ in "theme" }, rank: 21,
            action: { state, _ in state.nextTheme() }),
        KeyBinding(
            keys: [.escape], section: .look, help: "go back: close, leave the zoom; never quits",
            hint: {
                $0.view.chart.cursor != nil || $0.view.isZoomed && $0.view.focus == .hyperparameters ? "back" : nil
            }, rank: 3,
            applies: { !$0.endsRaceOnEscape },
            action: { state, _ in
                if state.view.chart.cursor != nil { state.view.chart.cursor = nil } else { state.view.isZoomed = false }
                return []
            }),
    ]
}

extension DashboardState {
    /// Says how the chart is drawn now and gives it its range anew.
    fileprivate mutating func redrawn(_ text: String) -> [Effect] {
        view.chart.forgetRanges()
        view.chart.follow(self)
        say(text, role: .dim)
        return []
    }

    /// Moves the chart's cursor by a hundredth of what is shown, or a tenth.
    fileprivate mutating func moveCursor(_ key: Key) {
        let window = window
        let latest = max(window.lowerBound, min(window.upperBound, step))
        let length = window.upperBound - window.lowerBound
        let present = view.chart.cursor ?? latest
        let target =
            switch key {
            case .home: window.lowerBound
            case .end: latest
            case .left, .character("h"): present - max(1, length / 100)
            case .shiftLeft: present - max(1, length / 10)
            case .shiftRight: present + max(1, length / 10)
            default: present + max(1, length / 100)
            }
        putCursor(target)
    }

    /// Puts the chart's cursor on a step, or the nearest that is there.
    mutating func putCursor(_ step: Int) {
        let window = window
        view.chart.cursor = min(max(window.lowerBound, step), max(window.lowerBound, min(window.upperBound, self.step)))
    }
}
