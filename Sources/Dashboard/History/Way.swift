import TrainEngine

/// How a run came to where it stands: the branches that it went along, each up to a step.
///
///     branch 1  ──●──────────────●─ ─ ─ ─      left at step 700 by an undo
///                                 ╲
///     branch 2                     ●────●      the way: branch 1 through 700, then branch 2
///
struct Way: Sendable, Equatable {
    /// The part of a way that belongs to one branch; it begins where the one before ends.
    struct Segment: Sendable, Equatable {
        /// The branch.
        let branch: BranchID
        /// The last step on it; `Int.max` on the last branch of the way, which goes on.
        var through: Int
        /// Edits of this number and above are not on the way: those at the step itself come before or after the fork.
        var editsBelow: Int
    }

    /// The segments, the first one first; never empty.
    private(set) var segments: [Segment]

    /// The way of a run that has always been on one branch.
    init(_ branch: BranchID = .first) {
        segments = [Segment(branch: branch, through: .max, editsBelow: .max)]
    }

    /// The branch that it leads to.
    var branch: BranchID { segments[segments.count - 1].branch }

    /// The way of a branch that leaves this one after a step, with the edits below a number.
    func fork(_ branch: BranchID, at step: Int, editsBelow edits: Int) -> Way {
        var way = self
        // So that there is a step after it.
        let step = min(step, .max - 1)
        // A branch left at the very step at which it began still has the edits made there.
        while let last = way.segments.dropLast().last, last.through > step { way.segments.removeLast() }
        for index in way.segments.indices {
            way.segments[index].editsBelow = min(way.segments[index].editsBelow, edits)
        }
        way.segments[way.segments.count - 1].through = min(way.segments[way.segments.count - 1].through, step)
        way.segments.append(Segment(branch: branch, through: .max, editsBelow: .max))
        return way
    }

    /// The same way with fewer edits on the branches that it left.
    func with(editsBelow edits: Int) -> Way {
        var way = self
        for index in segments.indices.dropLast() {
            way.segments[index].editsBelow = min(segments[index].editsBelow, edits)
        }
        return way
    }

    /// The way that goes on along a branch where this one leaves it; nil where the branch is not on this one.
    func onward(_ branch: BranchID) -> Way? {
        guard let index = segments.firstIndex(where: { $0.branch == branch }) else { return nil }
        var way = self
        way.segments.removeSubrange((index + 1)...)
        (way.segments[index].through, way.segments[index].editsBelow) = (.max, .max)
        return way
    }

    /// The steps of a segment.
    func steps(of index: Int) -> ClosedRange<Int>? {
        let first = index == 0 ? 1 : segments[index - 1].through + 1
        let last = segments[index].through
        return first <= last ? first...last : nil
    }

    /// Whether what was seen on a branch after a step was seen on this way.
    func holds(_ branch: BranchID, at step: Int) -> Bool {
        segments.contains { $0.branch == branch && step <= $0.through }
    }

    /// Whether an edit made on a branch after a step is in force on this way. Number 0 is none of what undo takes back.
    func holds(edit number: Int, on branch: BranchID, at step: Int) -> Bool {
        segments.contains {
            $0.branch == branch && step <= $0.through && (number == 0 || number < $0.editsBelow)
        }
    }

    /// The last step that two ways have in common.
    func commonSteps(with other: Way) -> Int {
        var common = 0
        for (mine, others) in zip(segments, other.segments) {
            guard mine.branch == others.branch else { break }
            common = min(mine.through, others.through)
            if mine.through != others.through { break }
        }
        return common
    }
}
