import Canvas
import TrainProtocol

extension KeyTable {
    /// Keys that look inside of the training.
    static let insideKeys: [KeyBinding] = [
        KeyBinding(
            keys: [.character("p")], section: .inside, help: "peak: the chart's cursor on the highest step in sight",
            hint: { $0.view.focus == .batch && !$0.view.inside.showsWorst ? "peak" : nil }, rank: 13,
            action: { state, _ in state.goToPeak() }),
        KeyBinding(
            keys: [.character("a")], section: .inside, help: "all rows: the worst ones of all, or those of a step",
            hint: { state in
                state.view.focus == .batch ? (state.view.inside.showsWorst ? "rows of a step" : "worst of all") : nil
            }, rank: 12, asks: .inspect,
            action: { state, _ in state.switchRows() }),
        KeyBinding(
            keys: [.up, .down], aliases: [.character("k"), .character("j"), .pageUp, .pageDown],
            label: "↑ ↓ k j", section: .inside, help: "with the focus there: select a row, a layer, a target",
            applies: { $0.race == nil && $0.view.focus.isInside },
            action: { state, key in
                let distance: Int =
                    switch key {
                    case .up, .character("k"): -1
                    case .pageUp: -10
                    case .pageDown: 10
                    default: 1
                    }
                state.selectInside(distance)
                return []
            }),
    ]
}

extension DashboardState {
    /// Selects what is listed so much further down.
    mutating func selectInside(_ distance: Int) {
        view.inside.selection = min(max(0, view.inside.selection + distance), max(0, insideCount - 1))
    }

    /// How many things are listed.
    private var insideCount: Int {
        switch findings?.content {
        case .rows(let rows): rows.rows.count
        case .layers(let layers): layers.layers.count
        case .errors(let errors): errors.targets.count
        case .importance, .nothing, nil: 0
        }
    }
}
