/// A moment on a branch, between two steps: so many steps taken, so many of the branch's edits made.
struct Place: Hashable, Comparable, Sendable {
    /// The steps taken.
    var step: Int
    /// The edits in force, counted from the start of the run.
    var edits: Int

    /// Before the first step.
    static let start = Place(step: 0, edits: 0)
    /// Behind all others.
    static let end = Place(step: .max, edits: .max)

    static func < (left: Place, right: Place) -> Bool { (left.step, left.edits) < (right.step, right.edits) }
}
