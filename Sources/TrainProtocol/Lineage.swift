/// A moment of a run, between two steps: so many steps taken, so many edits in force.
public struct Moment: Hashable, Comparable, Sendable {
    /// The steps taken, from the start of the run.
    public var step: Int
    /// The edits in force, counted from the start of the run.
    public var edits: Int

    /// A moment.
    public init(step: Int, edits: Int) {
        self.step = step
        self.edits = edits
    }

    /// Before the first step.
    public static let start = Moment(step: 0, edits: 0)
    /// After all others.
    public static let end = Moment(step: .max, edits: .max)

    /// By steps; of one step, by edits.
    public static func < (left: Moment, right: Moment) -> Bool {
        (left.step, left.edits) < (right.step, right.edits)
    }
}

/// How a run came to where it stands: the branches that it went along, each up to a moment, and the edits in force.
///
///     branch 1  ──●──────────────●─ ─ ─ ─      left at step 700 by an undo
///                                 ╲
///     branch 2                     ●────●      the lineage: branch 1 through step 700, then branch 2
///
public struct Lineage: Sendable, Equatable {
    /// The part of a lineage that belongs to one branch; it begins where the one before ends.
    public struct Segment: Sendable, Equatable {
        /// The branch.
        public let branch: BranchID
        /// Where the lineage leaves it; ``Moment/end`` on the last one, which goes on.
        public let end: Moment

        /// A segment.
        public init(branch: BranchID, end: Moment) {
            self.branch = branch
            self.end = end
        }
    }

    /// The segments, the first one first; never empty.
    public private(set) var segments: [Segment]
    /// The edits in force, the first one first. Those of a moment are the first ``Moment/edits`` of them.
    public private(set) var edits: [Edit]

    /// The lineage of a run that has always been on one branch.
    public init(_ branch: BranchID = .first) { self.init(segments: [Segment(branch: branch, end: .end)], edits: []) }

    /// A lineage as an engine tells it; `segments` must not be empty.
    public init(segments: [Segment], edits: [Edit]) {
        precondition(!segments.isEmpty, "a lineage has a branch")
        self.segments = segments
        self.edits = edits
    }

    /// The branch that it leads to.
    public var branch: BranchID { segments[segments.count - 1].branch }

    /// Where its last branch began.
    public var fork: Moment { segments.dropLast().last?.end ?? .start }

    /// Adds an edit at the end.
    public mutating func append(_ edit: Edit) { edits.append(edit) }

    /// The branch that a moment lies on, the earlier one where two meet.
    public func branch(at moment: Moment) -> BranchID {
        segments.first { moment <= $0.end }?.branch ?? branch
    }

    /// The lineage of a new branch that leaves this one at a moment.
    public func forked(as branch: BranchID, at moment: Moment) -> Lineage {
        let index = segments.firstIndex { moment <= $0.end } ?? segments.count - 1
        return Lineage(
            segments: segments[..<index] + [
                Segment(branch: segments[index].branch, end: moment), Segment(branch: branch, end: .end),
            ],
            edits: Array(edits.prefix(moment.edits)))
    }

    /// The lineage that goes on along a branch where this one leaves it; nil where the branch is not on this one.
    ///
    /// Edits made on that branch after this one left it are not known here.
    public func continued(on branch: BranchID) -> Lineage? {
        guard let index = segments.firstIndex(where: { $0.branch == branch }) else { return nil }
        return Lineage(
            segments: segments[..<index] + [Segment(branch: branch, end: .end)],
            edits: Array(edits.prefix(segments[index].end.edits)))
    }

    /// The edits in force after a step, those made there not yet.
    public func edits(before step: Int) -> Int { edits.prefix { $0.step < step }.count }

    /// Whether what was seen on a branch after a step was seen on this lineage.
    public func holds(_ branch: BranchID, at step: Int) -> Bool {
        segments.contains { $0.branch == branch && step <= $0.end.step }
    }

    /// Whether an edit is in force here.
    public func holds(edit number: Int) -> Bool { edits.contains { $0.number == number } }

    /// The steps that the lineage took on a segment, nil where there is none.
    public func steps(of index: Int) -> ClosedRange<Int>? {
        let former = index == 0 ? 0 : segments[index - 1].end.step
        let last = segments[index].end.step
        // What an engine tells may end at the largest number there is, which has none after it.
        return former < last ? (former + 1)...last : nil
    }

    /// The last step that two lineages have in common; `Int.max` where they are the same.
    public func commonSteps(with other: Lineage) -> Int {
        var common = 0
        for (mine, others) in zip(segments, other.segments) {
            guard mine.branch == others.branch else { break }
            common = min(mine.end.step, others.end.step)
            if mine.end.step != others.end.step { break }
        }
        return common
    }
}
