internal import TrainCore
public import TrainEngine
internal import Wording

/// The way on which a run came to its end: the edits that were in force there, and nothing of what was undone or left.
public struct FinalWay: Sendable, Equatable {
    /// An edit of the way.
    struct Edit: Sendable, Equatable {
        /// The hyperparameter's name.
        let name: String
        /// The value from then on, or after ``over`` steps.
        let new: Double
        /// The steps that it takes to get there, 0 for an edit at once.
        let over: Int
        /// The steps taken before it.
        let step: Int
        /// Whether it came with the branch of a race.
        var isFromRace = false
    }

    /// The edits, in order.
    private(set) var edits: [Edit] = []
    /// The steps taken; nil for all steps of all epochs.
    let steps: Int?
    /// Edits that were made and are not part of the way.
    let editsLeftOut: Int
    /// How often the run went elsewhere: back, or to another branch.
    let moves: Int

    /// A run from its first step to its last that nobody touched.
    public init() {
        steps = nil
        editsLeftOut = 0
        moves = 0
    }

    /// The way that a journal tells.
    ///
    /// - Throws: ``KerasExportError`` where an entry speaks of what cannot be.
    public init(_ entries: [JournalEntry]) throws(KerasExportError) {
        var walk = Walk()
        for entry in entries { try walk.follow(entry) }
        edits = walk.edits
        steps = walk.step
        editsLeftOut = walk.editsMade - walk.edits.count
        moves = walk.moves
    }
}

/// Going through a journal without taking a step.
private struct Walk {
    var branch = BranchID.first
    var edits: [FinalWay.Edit] = []
    var step = 0
    /// All edits, also those of branches that were left.
    var editsMade = 0
    var moves = 0
    /// The branches that were left, as they were then.
    var left: [BranchID: (edits: [FinalWay.Edit], step: Int)] = [:]
    var race: Race?

    mutating func follow(_ entry: JournalEntry) throws(KerasExportError) {
        step = entry.step
        switch entry {
        case .edited(let change, _):
            edits.append(
                FinalWay.Edit(
                    name: change.name, new: change.new, over: change.over, step: change.step))
            editsMade += 1
        case .branchedOff(let next, let place, _, _):
            guard place.step <= step, place.edits <= edits.count else {
                throw KerasExportError("the journal goes back to step \(place.step), where the run never was")
            }
            left[branch] = (edits, step)
            edits.removeLast(edits.count - place.edits)
            (branch, step) = (next, place.step)
            moves += 1
        case .returned(let next, _, _):
            left[branch] = (edits, step)
            try go(to: next)
        case .raceBegan(let race):
            self.race = race
        case .raceEnded(let adopted, let after, let tips):
            guard let race else { throw KerasExportError("the journal ends a race at step \(after) that never began") }
            for tip in tips {
                guard let entrant = race.entrants.first(where: { $0.branch == tip.branch }) else { continue }
                let edit = FinalWay.Edit(
                    name: race.name, new: entrant.value, over: 0, step: race.step, isFromRace: true)
                left[entrant.branch] = (edits + [edit], tip.position.step)
            }
            self.race = nil
            guard let adopted else { break }
            editsMade += 1
            left[branch] = (edits, after)
            try go(to: adopted)
        default:
            // Numbers to compare with.
            break
        }
    }

    private mutating func go(to next: BranchID) throws(KerasExportError) {
        guard let target = left.removeValue(forKey: next) else {
            throw KerasExportError("the journal goes on with branch \(next.number), which there is not")
        }
        (branch, edits, step) = (next, target.edits, target.step)
        moves += 1
    }
}
