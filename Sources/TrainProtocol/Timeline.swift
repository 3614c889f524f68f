/// Where a run stands among its branches and edits, as its journal tells it.
///
/// The one place that knows what an entry means: a live run, a replay, a resumed run and an exported one apply the same
/// entries here. It takes no step and knows no numbers, so it follows a journal of any length at once, and finds out
/// whatever cannot have happened.
public struct Timeline: Sendable, Equatable {
    /// The branches and edits that led to here.
    public private(set) var lineage = Lineage()
    /// The steps taken on the lineage.
    public private(set) var step = 0
    /// The branches that were left, and can be returned to.
    public private(set) var abandoned: [BranchID: AbandonedBranch] = [:]
    /// The race under way.
    public private(set) var race: Race?
    /// The edits made, those of branches that were left included.
    public private(set) var editsMade = 0
    /// How often the run went elsewhere: back, or to another branch.
    public private(set) var moves = 0
    /// Whether the run has ended.
    public private(set) var isEnded = false

    /// The branches that undone edits are on, the latest last.
    private var undone: [BranchID] = []
    /// Edits and branches have smaller numbers, with room for those of a race: sums of them are no larger than Int.
    private static let mostNumbers = 1 << 52
    private var nextBranch = 2
    private var nextEdit = 1
    private var twins = 0

    /// A branch that was left.
    public struct AbandonedBranch: Sendable, Equatable {
        /// How it came to its end.
        public let lineage: Lineage
        /// Its end.
        public let tip: Moment
    }

    /// Why something cannot have happened, or cannot be done, as a sentence.
    public struct Refusal: Error, Equatable, CustomStringConvertible, Sendable {
        /// The sentence.
        public let description: String

        /// A reason.
        public init(_ description: String) { self.description = description }
    }

    /// Before the first step.
    public init() {}

    /// The timeline of a run to the end of its journal.
    public init(_ entries: some Sequence<JournalEntry>) throws(Refusal) {
        for entry in entries { try apply(entry) }
    }

    /// The present moment.
    public var moment: Moment { Moment(step: step, edits: lineage.edits.count) }

    /// The branch that a redo leads to, nil where there is nothing to redo.
    public var redo: BranchID? { undone.last { abandoned[$0] != nil } }

    /// The number that the next edit gets.
    public var editNumber: Int { nextEdit }

    /// The number that the next branch gets.
    public var branchNumber: Int { nextBranch }

    /// Names a twin's branch, which is in no journal. Its number is beyond those of the run's own, so that these do not
    /// depend on what was looked at, and below 2^53, so that other processes can be told it.
    public mutating func makeTwin() -> BranchID {
        defer { twins += 1 }
        return BranchID(Self.mostNumbers + twins)
    }

    /// Steps were taken.
    public mutating func advance(to step: Int) {
        precondition(step >= self.step, "steps go forward")
        self.step = step
    }

    /// What an entry tells has happened.
    ///
    /// - Throws: why it cannot have; nothing has changed then.
    public mutating func apply(_ entry: JournalEntry) throws(Refusal) {
        guard !isEnded else { throw Refusal("nothing can come after the run's end") }
        guard entry.step >= step else {
            throw Refusal("the journal goes on at step \(entry.step), which is past: the run is at step \(step)")
        }
        var next = self
        next.step = entry.step
        switch entry {
        case .edited(let edit): try next.edit(edit)
        case .branchedOff(let branch, let moment, _, let cause): try next.branchOff(branch, at: moment, cause)
        case .returned(let branch, _, let cause): try next.return(to: branch, cause)
        case .raceBegan(let race): try next.begin(race)
        case .raceEnded(let adopted, _, let tips): try next.endRace(adopting: adopted, tips)
        case .ended: next.isEnded = true
        case .epochEnded, .checked: break
        }
        self = next
    }

    private mutating func edit(_ edit: Edit) throws(Refusal) {
        try refuseInRace()
        try use(edit.number)
        lineage.append(edit)
        editsMade += 1
        undone = []
    }

    private mutating func branchOff(
        _ branch: BranchID, at moment: Moment, _ cause: JournalEntry.Cause
    ) throws(Refusal) {
        try refuseInRace()
        // The edits of a moment are those made before its step, and some of those made after it.
        let least = lineage.edits(before: moment.step)
        let most = lineage.edits.prefix { $0.step <= moment.step }.count
        guard (0...step).contains(moment.step), (least...most).contains(moment.edits) else {
            throw Refusal("the run never was at step \(moment.step) with \(moment.edits) edits")
        }
        guard branch.number >= nextBranch else { throw Refusal("there was a branch \(branch.number) before") }
        guard branch.number < Self.mostNumbers else { throw Refusal("no run comes to a branch \(branch.number)") }
        nextBranch = branch.number + 1
        let left = lineage.branch
        // Where an undo left from can be gone to again, even if nothing was done there.
        leave(evenIfNew: cause == .undo)
        lineage = lineage.forked(as: branch, at: moment)
        step = moment.step
        moves += 1
        if cause == .undo { undone.append(left) } else { undone = [] }
    }

    private mutating func `return`(to branch: BranchID, _ cause: JournalEntry.Cause) throws(Refusal) {
        try refuseInRace()
        guard branch != lineage.branch, abandoned[branch] != nil else {
            throw Refusal("there is no branch \(branch.number) to return to")
        }
        if cause == .redo { undone.removeAll { $0 == branch } } else { undone = [] }
        go(to: branch, leavingEvenIfNew: cause == .redo)
    }

    private mutating func begin(_ race: Race) throws(Refusal) {
        try refuseInRace()
        var race = race
        // Journals of format 1 have no numbers of edits: there every entrant had one.
        if race.entrants.allSatisfy(\.isControl) {
            let numbered = race.entrants.enumerated().map { index, entrant in
                Race.Entrant(
                    branch: entrant.branch, values: entrant.values,
                    edits: [nextEdit &+ index] + entrant.edits.dropFirst())
            }
            race = Race(
                settings: race.settings, entrants: numbered, step: race.step, halvesEvery: race.halvesEvery)
        }
        guard let first = race.entrants.first, first.branch.number >= nextBranch,
            first.branch.number < Self.mostNumbers,
            race.entrants.enumerated().allSatisfy({ $1.branch.number == first.branch.number + $0 })
        else { throw Refusal("the branches of the race have numbers that they cannot have") }
        nextBranch = first.branch.number + race.entrants.count
        for entrant in race.entrants {
            for case let number? in entrant.edits { try use(number) }
        }
        self.race = race
        undone = []
    }

    private mutating func endRace(adopting adopted: BranchID?, _ tips: [JournalEntry.Tip]) throws(Refusal) {
        guard let race else { throw Refusal("there is no race") }
        guard tips.map(\.branch) == race.entrants.map(\.branch),
            adopted.map({ id in tips.contains { $0.branch == id } }) ?? true, step == race.step,
            zip(race.entrants, tips).allSatisfy({ entrant, tip in
                tip.moment.step >= race.step
                    && tip.moment.edits == lineage.edits.count + race.edits(of: entrant).count
            })
        else { throw Refusal("the race cannot have ended so") }
        for (entrant, tip) in zip(race.entrants, tips) {
            abandoned[entrant.branch] = AbandonedBranch(lineage: lineage(of: entrant, in: race), tip: tip.moment)
        }
        self.race = nil
        guard let adopted else { return }
        for entrant in race.entrants where entrant.branch == adopted { editsMade += race.edits(of: entrant).count }
        go(to: adopted, leavingEvenIfNew: false)
    }

    /// The lineage of a branch of a race.
    public func lineage(of entrant: Race.Entrant, in race: Race) -> Lineage {
        var own = lineage.forked(as: entrant.branch, at: Moment(step: race.step, edits: lineage.edits.count))
        for edit in race.edits(of: entrant) { own.append(edit) }
        return own
    }

    /// Throws where a race is on.
    public func refuseInRace() throws(Refusal) {
        if race != nil { throw Refusal("a race is on: adopt a branch or end it first") }
    }

    /// A number for an edit, which no other one had.
    private mutating func use(_ number: Int) throws(Refusal) {
        guard number >= nextEdit else { throw Refusal("there was an edit \(number) before") }
        guard number < Self.mostNumbers else { throw Refusal("no run comes to an edit \(number)") }
        nextEdit = number + 1
    }

    private mutating func go(to branch: BranchID, leavingEvenIfNew: Bool) {
        guard let target = abandoned.removeValue(forKey: branch) else { preconditionFailure("no such branch") }
        leave(evenIfNew: leavingEvenIfNew)
        lineage = target.lineage
        step = target.tip.step
        moves += 1
    }

    /// Keeps the branch's end, unless nothing was done on it.
    private mutating func leave(evenIfNew: Bool) {
        let isNew = lineage.segments.count > 1 && lineage.fork == moment
        if isNew, !evenIfNew { return }
        abandoned[lineage.branch] = AbandonedBranch(lineage: lineage, tip: moment)
    }
}
