/// What a run is to whoever opens the dashboard on it: what they see first, and what it says at the end.
public enum Opening: Sendable, Equatable {
    /// A run like any other.
    case run
    /// The first run on a table of one's own: the table is shown before the first step, the scores after the last.
    case table
    /// The run that shows what the program can do: the scores after the last step, and how to go on with one's own data.
    case demonstration
}
