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
    /// Tell a person who looks elsewhere.
    case announce(String)
    /// Stop the training, close the terminal, end.
    case quit(QuitReason)
}

/// Why the dashboard closes.
package enum QuitReason: Sendable, Equatable {
    /// The person chose to.
    case chosen
    /// Ctrl-C was pressed twice.
    case interrupted
}
