import TrainCore
import TrainProtocol

/// The states that a run keeps of its past, in bounded memory.
///
/// The last quarter of the memory holds the latest states as they came; the others are thinned to an even spacing,
/// which doubles when there is no more room. So any step of the lineage is a bounded number of steps from a state. States
/// at which a branch leaves or ends are *pinned*: they stay while there are not too many of them. The state at the start stays
/// in any case; where there is no room for another one, going back takes the steps from there again.
struct CheckpointStore {
    /// A state and where it is.
    struct Checkpoint {
        let moment: Moment
        let state: TrainingState
        var isPinned: Bool
    }

    /// The most bytes to hold; nil for the usual ones, and as many as ``fewest`` states take where they are more.
    private let capacity: Int?
    /// The start of the run, the state before the last edit, the one that a redo leads to, and the latest.
    private static let fewest = 4
    /// The bytes of the largest state so far: what an optimizer remembers differs.
    private var largest = 0
    /// The bytes held.
    private(set) var byteCount = 0
    /// Each branch's states, in the order of their moments.
    private(set) var checkpoints: [BranchID: [Checkpoint]] = [:]
    /// The least steps between two states that are neither pinned nor among the latest.
    private(set) var spacing = 1
    /// A state that was dropped, for the next one to take its memory: of a large model, memory that the system gives anew
    /// takes ten times as long to write to. It is within the bound.
    private var spare: TrainingState?

    init(capacity: Int?) { self.capacity = capacity }

    /// The most bytes to hold of states of so many bytes each.
    private func limit(stateBytes: Int) -> Int {
        capacity ?? max(LocalEngine.Options.usualHistoryMemory, Self.fewest * max(largest, stateBytes))
    }

    /// Whether a state of so many bytes is kept: it is the first one, or fits beside it.
    func hasRoom(for stateBytes: Int) -> Bool { byteCount == 0 || 2 * stateBytes <= limit(stateBytes: stateBytes) }

    /// What a person should know where states are so large that few of them fit; nil where they are not, or none is wanted.
    func notice(stateBytes: Int) -> String? {
        let megabytes = { (bytes: Int) in "\(bytes >> 20) MB" }
        if let capacity {
            guard capacity > 0, 2 * stateBytes > capacity else { return nil }
            return "history_memory has no room for states of \(megabytes(stateBytes)): going back takes all steps again"
        }
        let bytes = limit(stateBytes: stateBytes)
        guard bytes > LocalEngine.Options.usualHistoryMemory else { return nil }
        return "states to go back to take up to \(megabytes(bytes)); history_memory bounds them"
    }

    /// Whether the lineage's state at a moment is kept; it is pinned from then on where that is wanted.
    mutating func holds(_ moment: Moment, of lineage: Lineage, isPinned: Bool) -> Bool {
        for segment in lineage.segments.reversed() where moment <= segment.end {
            guard let index = index(of: moment, on: segment.branch) else { continue }
            if isPinned { checkpoints[segment.branch]?[index].isPinned = true }
            return true
        }
        return false
    }

    private func index(of moment: Moment, on branch: BranchID) -> Int? {
        guard let own = checkpoints[branch], let index = own.lastIndex(where: { $0.moment <= moment }) else {
            return nil
        }
        return own[index].moment == moment ? index : nil
    }

    /// A dropped state whose memory one that comes may take; nil where there is none, and none has to go.
    mutating func takeSpare(
        for bytes: Int, at moment: Moment, of lineage: Lineage, redo: BranchID? = nil
    ) -> TrainingState? {
        makeRoom(for: bytes, at: moment, of: lineage, redo: redo)
        defer { spare = nil }
        return spare
    }

    /// Keeps a state of the lineage's last branch, unless there is one of that moment.
    ///
    /// - Parameter redo: the branch to whose end a redo leads; nil where there is nothing to redo.
    mutating func keep(
        _ state: TrainingState, at moment: Moment, of lineage: Lineage, redo: BranchID? = nil, isPinned: Bool = false
    ) {
        guard hasRoom(for: state.byteCount), !holds(moment, of: lineage, isPinned: isPinned) else { return }
        makeRoom(for: state.byteCount, at: moment, of: lineage, redo: redo)
        var own = checkpoints.removeValue(forKey: lineage.branch) ?? []
        byteCount += state.byteCount
        own.insert(
            Checkpoint(moment: moment, state: state, isPinned: isPinned),
            at: (own.lastIndex { $0.moment < moment } ?? -1) + 1)
        checkpoints[lineage.branch] = own
        if let spare, byteCount + spare.byteCount > limit(stateBytes: state.byteCount) { self.spare = nil }
    }

    /// Keeps a state that another process kept.
    mutating func restore(_ state: TrainingState, at moment: Moment, of branch: BranchID, isPinned: Bool) {
        var own = checkpoints[branch] ?? []
        guard !own.contains(where: { $0.moment == moment }) else { return }
        byteCount += state.byteCount
        own.append(Checkpoint(moment: moment, state: state, isPinned: isPinned))
        checkpoints[branch] = own.sorted { $0.moment < $1.moment }
    }

    /// The latest state on the lineage that is not after a moment.
    func latest(notAfter moment: Moment, of lineage: Lineage) -> Checkpoint? {
        for segment in lineage.segments.reversed() {
            let bound = min(moment, segment.end)
            if let checkpoint = checkpoints[segment.branch]?.last(where: { $0.moment <= bound }) { return checkpoint }
        }
        return nil
    }

    // MARK: Thinning

    /// Makes room for a state that comes: first at the cost of what was abandoned, then of what is long past. Pinned states
    /// go only where nothing else is left.
    private mutating func makeRoom(for bytes: Int, at moment: Moment, of lineage: Lineage, redo: BranchID?) {
        largest = max(largest, bytes)
        let limit = limit(stateBytes: bytes)
        guard byteCount + bytes > limit else { return }
        // Of many a quarter goes at once, and a quarter is of the latest.
        let quarter = max(1, limit / largest / 4)
        let room = limit - bytes - (quarter - 1) * largest
        dropUnpinned { branch, checkpoint in !lineage.holds(checkpoint.moment, on: branch) }
        let recent = step(ofLatest: quarter - 1, of: lineage) ?? moment.step
        while byteCount > room {
            space(lineage, before: recent)
            if byteCount > room {
                guard spacing < Int.max / 4, spacing <= moment.step else { break }
                spacing *= 2
            }
        }
        // Only pinned states and the latest are left.
        if byteCount > room { dropPinned(lineage, redo: redo, room: room) }
    }

    private mutating func dropUnpinned(where isDropped: (BranchID, Checkpoint) -> Bool) {
        for branch in checkpoints.keys { drop(from: branch) { !$0.isPinned && isDropped(branch, $0) } }
    }

    /// Drops pinned states, the least wanted first and of these the earliest, but never the one at the start of the run.
    private mutating func dropPinned(_ lineage: Lineage, redo: BranchID?, room: Int) {
        let latest = latest(notAfter: .end, of: lineage)?.moment
        let end = redo.flatMap { checkpoints[$0]?.last?.moment }
        func isRedone(_ branch: BranchID, _ checkpoint: Checkpoint) -> Bool {
            branch == redo && checkpoint.moment == end
        }
        // What was left, then what is long past, then where a redo leads, then where an undo does.
        let ranks: [(BranchID, Checkpoint) -> Bool] = [
            { !lineage.holds($1.moment, on: $0) && !isRedone($0, $1) },
            { !isRedone($0, $1) && $1.moment != latest },
            { $1.moment != latest },
            { _, _ in true },
        ]
        for isOfRank in ranks {
            for branch in checkpoints.keys.sorted() {
                drop(from: branch, while: { $0 > room }) { $0.moment != .start && isOfRank(branch, $0) }
            }
        }
    }

    /// Where the latest states of the lineage begin, so many of them; nil for none.
    private func step(ofLatest count: Int, of lineage: Lineage) -> Int? {
        var left = count
        var step: Int?
        for segment in lineage.segments.reversed() {
            for checkpoint in (checkpoints[segment.branch] ?? []).reversed() where checkpoint.moment <= segment.end {
                if left <= 0 { return step }
                left -= 1
                step = checkpoint.moment.step
            }
        }
        return step
    }

    /// Keeps `spacing` steps between the states before a step.
    private mutating func space(_ lineage: Lineage, before recent: Int) {
        let spacing = spacing
        var last = Int.min / 2
        for segment in lineage.segments {
            drop(from: segment.branch) { checkpoint in
                guard checkpoint.moment <= segment.end else { return false }
                if checkpoint.isPinned || checkpoint.moment == .start || checkpoint.moment.step >= recent
                    || checkpoint.moment.step - last >= spacing
                {
                    last = checkpoint.moment.step
                    return false
                }
                return true
            }
        }
    }

    private mutating func drop(
        from branch: BranchID, while isTooMuch: (Int) -> Bool = { _ in true }, where isDropped: (Checkpoint) -> Bool
    ) {
        guard let own = checkpoints[branch] else { return }
        var bytes = byteCount
        let kept = own.filter { checkpoint in
            guard isTooMuch(bytes), isDropped(checkpoint) else { return true }
            bytes -= checkpoint.state.byteCount
            spare = checkpoint.state
            return false
        }
        byteCount = bytes
        checkpoints[branch] = kept.isEmpty ? nil : kept
    }
}

extension Lineage {
    /// Whether a moment of a branch is on the lineage.
    fileprivate func holds(_ moment: Moment, on branch: BranchID) -> Bool {
        segments.contains { $0.branch == branch && moment <= $0.end }
    }
}
