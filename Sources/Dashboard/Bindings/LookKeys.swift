import Canvas
import TrainProtocol

extension KeyTable {
    /// Keys that change what is seen.
    static let lookKeys: [KeyBinding] = [
        KeyBinding(
            keys: [.tab], aliases: [.backTab], section: .look, help: "focus the next pane; shift-tab the one before",
            hint: { _ in "pane" }, rank: 9,
            action: { state, key in
                let all = state.panesInSight
                let index = all.firstIndex(of: state.view.focus) ?? 0
                state.focus(all[(index + (key == .tab ? 1 : all.count - 1)) % all.count])
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
                    || state.selectedStep != nil
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
            keys: [.character("m")], section: .look, help: "show the next metric, and at last the loss again",
            hint: { $0.view.focus == .loss && $0.chartSources.count > 1 ? "metric" : nil }, rank: 12,
            action: { state, _ in
                state.view.chart.first = (state.view.chart.first + 1) % state.chartSources.count
                return state.redrawn("the chart shows the \(state.name(of: state.chartSources[0]))")
            }),
        KeyBinding(
            keys: [.character("i")], section: .look,
            help: "look more closely at the cursor's step; the cursor takes the chart along",
            hint: { state in
                (state.view.focus == .loss || state.view.chart.cursor != nil)
                    && state.window.count > ChartView.fewestSteps
                    ? "closer" : nil
            }, rank: 13,
            action: { state, _ in
                state.zoomChart(closer: true, around: state.view.chart.cursor ?? state.latestStep)
                return []
            }),
        KeyBinding(
            keys: [.character("I")], section: .look, help: "look less closely",
            hint: { $0.view.chart.zoom == nil ? nil : "wider" }, rank: 14,
            action: { state, _ in
                state.zoomChart(closer: false, around: state.view.chart.cursor ?? state.latestStep)
                return []
            }),
        KeyBinding(
            keys: [.character("0")], section: .look, help: "show all of it again",
            hint: { $0.view.chart.zoom == nil ? nil : "all" }, rank: 5,
            action: { state, _ in
                state.view.chart.zoom = nil
                return state.redrawn("the chart shows the \(state.view.chart.span.rawValue)")
            }),
        KeyBinding(
            keys: [.character("y")], section: .look, help: "the y axis: fitted, from zero, logarithmic",
            hint: { $0.view.focus == .loss ? "axis" : nil }, rank: 14,
            action: { state, _ in
                state.view.chart.axis = state.view.chart.axis.next
                return state.redrawn("y axis \(state.view.chart.axis.rawValue)")
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
                if state.view.chart.zoom == nil { state.view.chart.span = state.view.chart.span.next }
                state.view.chart.zoom = nil
                return state.redrawn("the chart shows the \(state.view.chart.span.rawValue)")
            }),
        KeyBinding(
            keys: [.character("d")], section: .look, help: "the data: what each column is, becomes and is worth",
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
                $0.view.chart.cursor != nil
                    || $0.view.isZoomed && ($0.view.focus == .hyperparameters || $0.selectedStep != nil)
                    ? "back" : $0.view.focus.isInside && !$0.view.isZoomed ? "close" : nil
            }, rank: 3,
            applies: { !$0.endsRaceOnEscape },
            action: { state, _ in
                if state.view.chart.cursor != nil {
                    state.view.chart.cursor = nil
                } else if state.view.isZoomed || !state.view.focus.isInside {
                    state.view.isZoomed = false
                } else {
                    state.closeInside()
                }
                return []
            }),
    ]
}

extension DashboardState {
    /// The panes that can have the focus without another one giving way.
    fileprivate var panesInSight: [PaneName] {
        PaneName.all(of: self).filter { pane in
            pane.isInside ? pane == view.inside.pane : pane != .live || view.inside.pane == nil
        }
    }

    /// Says how the chart is drawn now and gives it its range anew.
    fileprivate mutating func redrawn(_ text: String) -> [Effect] {
        view.chart.forgetRanges()
        view.chart.follow(self)
        say(text, role: .dim)
        return []
    }

    /// Looks at the charts more closely around a step, or less closely.
    mutating func zoomChart(closer: Bool, around step: Int) {
        view.chart.zoom(closer: closer, around: step, of: wholeWindow, from: window)
        view.chart.forgetRanges()
        view.chart.follow(self)
    }

    /// Moves the chart's cursor by a hundredth of what is shown, or a tenth.
    fileprivate mutating func moveCursor(_ key: Key) {
        let length = window.upperBound - window.lowerBound
        let present = view.chart.cursor ?? min(window.upperBound, step)
        let target =
            switch key {
            case .home: wholeWindow.lowerBound
            case .end: step
            case .left, .character("h"): present - max(1, length / 100)
            case .shiftLeft: present - max(1, length / 10)
            case .shiftRight: present + max(1, length / 10)
            default: present + max(1, length / 100)
            }
        putCursor(target)
    }

    /// Puts the chart's cursor on a step, or the nearest that is there; a closer look goes with it.
    mutating func putCursor(_ step: Int) {
        let whole = wholeWindow
        let latest = max(whole.lowerBound, min(whole.upperBound, self.step))
        let target = min(max(whole.lowerBound, step), latest)
        view.chart.cursor = target
        guard view.chart.zoom?.contains(target) == false else { return }
        view.chart.follow(step: target, of: whole)
        view.chart.forgetRanges()
        view.chart.follow(self)
    }
}
