/// What a list shows of a run: what its files say, whoever trains or trained it.
package struct RunFacts: Sendable, Equatable {
    /// What it is told from all others by.
    package var name: String
    /// What a person calls it, or its job in a word.
    package var title = ""
    /// The data, in a word.
    package var data = ""
    /// When it began: "2026-11-26 09:12".
    package var began = ""
    /// How it stands.
    package var standing = Standing.unknown
    /// Why it diverged.
    package var reason: String?
    /// Steps taken.
    package var step = 0
    /// Epochs that are done.
    package var epochsDone = 0
    /// Epochs that there are to be.
    package var epochs = 0
    /// Seconds spent training.
    package var seconds = 0.0
    /// The lowest validation loss.
    package var best: Double?
    /// The step that it was at.
    package var bestStep: Int?
    /// Edits in force.
    package var edits = 0
    /// The validation losses in order, thinned.
    package var validation: [Double] = []
    /// What a person wrote about it.
    package var note = ""
    /// Words that a person filed it under.
    package var tags: [String] = []
    /// Whether it is never removed to make room.
    package var isPinned = false

    /// How a run stands.
    package enum Standing: String, Sendable, CaseIterable {
        /// A process trains it.
        case running
        /// Its process is gone without a word.
        case cutOff = "cut off"
        /// It was told to end before its last epoch.
        case stopped
        case done, diverged
        /// It was trained elsewhere, and is only looked at.
        case imported
        /// Nobody knows.
        case unknown = "—"
    }

    /// Nothing but a name.
    package init(name: String) { self.name = name }
}
