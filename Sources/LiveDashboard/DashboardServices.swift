package import Dashboard

/// What the program does for whoever watches a training, beside training.
package struct DashboardServices: Sendable {
    /// Finds a run that is to be drawn under the one that is watched: it, or a notice that says why not.
    package var overlay: @Sendable (_ name: String) -> Message
    /// Writes a note about the run, and says so.
    package var note: @Sendable (_ text: String) -> Message
    /// What is to be said to the dashboard when it opens.
    package var opening: [Message] = []

    /// What is said of a note that was written.
    package static func noted(_ text: String) -> Message { .done(text.isEmpty ? "the note is removed" : "noted") }

    /// None: each says that it is not to be had.
    package init() {
        overlay = { _ in .notice("no other runs can be drawn here") }
        note = { _ in .notice("this run takes no notes: it has no folder among the runs") }
    }
}
