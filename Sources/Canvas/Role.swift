/// What a cell means. Panes name roles, never colours; a theme gives every role a style.
package enum Role: String, CaseIterable, Sendable {
    /// Ordinary text, and the ground of the whole screen.
    case text
    /// Text that matters most: values, the program's name.
    case strong
    /// Text that matters less: labels, units, hints.
    case dim
    /// Pane borders.
    case border
    /// The border of the focused pane.
    case borderFocused = "border_focused"
    /// Pane titles.
    case title
    /// The one accent: the selected line, keys in the hint bar, the live value.
    case accent
    /// The selected row of a list.
    case selection
    /// Text being typed, and the field that it is typed into.
    case input
    /// The smoothed training curve.
    case curve
    /// The band of raw steps behind the curve.
    case band
    /// Validation marks and values.
    case validation
    /// A second curve: a metric.
    case metric
    /// An edit's marker on the chart and in the ledger.
    case edit
    /// A curve that is not the run's own: a ghost twin, an abandoned branch.
    case ghost
    /// Axes, ticks and their labels.
    case axis
    /// The filled part of a bar.
    case barFilled = "bar_filled"
    /// The empty part of a bar.
    case barEmpty = "bar_empty"
    /// Something went well: better, best, done.
    case good
    /// Something to notice: pending, paused, a warning.
    case warning
    /// Something went wrong: refused, worse, diverged.
    case bad

    /// The least contrast with what is behind it that a person with ordinary eyesight needs, as WCAG 2.1 has it: 4.5 to read
    /// text (1.4.3), 3 to make out lines and bars (1.4.11).
    package var leastContrast: Double {
        switch self {
        case .border, .borderFocused, .curve, .band, .metric, .barFilled, .barEmpty: 3
        default: 4.5
        }
    }
}
