import TrainProtocol

/// Which edits were made in one go: taps on a key, each within a second of the one before, of one hyperparameter, with
/// nothing else to tell of in between.
///
/// To whoever made them they are one edit, and one line tells of them. To the run they are as many as they are: undo
/// takes the last one back.
struct Taps: Sendable, Equatable {
    /// The numbers of the edits that go on with the one before them.
    private(set) var following: Set<Int> = []
    private var last: Edit?
    private var time = -Double.infinity

    /// The longest time between two of them, in seconds.
    private static let pause = 1.0

    /// Hears of an edit that was made just now.
    mutating func hear(_ edit: Edit, at now: Double) {
        defer { (last, time) = (edit, now) }
        guard let last, now - time <= Self.pause, last.name == edit.name, last.number + 1 == edit.number,
            last.new == edit.old, last.over == 0, edit.over == 0
        else { return }
        following.insert(edit.number)
    }

    /// Hears that something else is told of: what comes next goes on with nothing.
    mutating func interrupt() { last = nil }
}
