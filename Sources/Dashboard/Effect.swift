package import TrainProtocol

/// What the dashboard wants done. The program's loop obeys, in order.
package enum Effect: Sendable, Equatable {
    /// Send this command to the engine under this name.
    case send(Command, RequestID)
    /// Draw in the theme of that name from now on.
    case useTheme(String)
    /// Find a run, to be drawn under this one.
    case overlay(String)
    /// Write a note about the run; an empty one removes it.
    case note(String)
    /// Write a picture of the screen, or of the chart alone, to a file: SVG, or text.
    case picture(path: String, Picture)
    /// Stop the training, close the terminal, end.
    case quit(QuitReason)
}

/// What a picture shows.
package enum Picture: String, CaseIterable, Sendable {
    /// All of it.
    case screen
    /// The first chart, as large as the screen.
    case chart

    /// The state to be drawn for it.
    package func shown(_ state: DashboardState) -> DashboardState {
        var state = state
        (state.view.overlay, state.view.notice) = (nil, nil)
        if self == .chart { (state.view.focus, state.view.isZoomed) = (.loss, true) }
        return state
    }
}

/// Why the dashboard closes.
package enum QuitReason: Sendable, Equatable {
    /// The person chose to.
    case chosen
    /// Ctrl-C was pressed twice.
    case interrupted
}
