/// The panes that can have the focus, in the order of their number keys.
enum PaneName: String, CaseIterable, Sendable {
    case loss, live, metrics, hyperparameters, story
    case batch, layers, errors
    case output

    /// The number key that focuses the pane, from 1.
    var number: Int { (Self.allCases.firstIndex(of: self) ?? 0) + 1 }

    /// Those that there are: output is followed where a command prints it.
    static func all(of state: DashboardState) -> [PaneName] {
        allCases.filter { $0 != .output || state.output != nil }
    }

    /// The pane of a number key.
    init?(number: Int) {
        guard (1...Self.allCases.count).contains(number) else { return nil }
        self = Self.allCases[number - 1]
    }
}
