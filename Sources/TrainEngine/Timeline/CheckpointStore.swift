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
    /// The start of the run, the state before the last edit, the latest, and one that comes.
    private static let fewest = 4
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
        capacity ?? max(LocalEngine.Options.usualHistoryMemory, Self.fewest * stateBytes)
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

    /// Whether a state of the lineage's last branch at a moment is kept; it is pinned from then on where that is wanted.
    mutating func holds(_ moment: Moment, of lineage: Lineage, isPinned: Bool) -> Bool {
        guard let index = checkpoints[lineage.branch]?.lastIndex(where: { $0.moment == moment }) else { return false }
        if isPinned { checkpoints[lineage.branch]?[index].isPinned = true }
        return true
    }

    /// A dropped state whose memory the next one may take; nil where there is none.
    mutating func takeSpare() -> TrainingState? {
        defer { spare = nil }
        return spare
    }

    /// Keeps a state of the lineage's last branch, unless there is one of that moment.
    mutating func keep(_ state: TrainingState, at moment: Moment, of lineage: Lineage, isPinned: Bool = false) {
        guard hasRoom(for: state.byteCount), !holds(moment, of: lineage, isPinned: isPinned) else { return }
        var own = checkpoints.removeValue(forKey: lineage.branch) ?? []
        byteCount += state.byteCount
        own.insert(
            Checkpoint(moment: moment, state: state, isPinned: isPinned),
            at: (own.lastIndex { $0.moment < moment } ?? -1) + 1)
        checkpoints[lineage.branch] = own
        let limit = limit(stateBytes: state.byteCount)
        // While the next one is copied it has room, too.
        let most = max(limit - state.byteCount, 2 * state.byteCount)
        if byteCount > most { thin(lineage, limit: limit, most: most) }
        if let spare, byteCount + spare.byteCount > limit { self.spare = nil }
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

    /// Makes room: first at the cost of what was abandoned, then of what is long past. Pinned states go only where they are
    /// more than `most` bytes.
    private mutating func thin(_ lineage: Lineage, limit: Int, most: Int) {
        let room = limit / 4 * 3
        dropUnpinned { branch, checkpoint in
            !lineage.segments.contains { $0.branch == branch && checkpoint.moment <= $0.end }
        }
        let newest = checkpoints[lineage.branch]?.last?.moment.step ?? 0
        let recent = recentStep(of: lineage, bytes: limit / 4)
        while byteCount > room {
            space(lineage, before: min(recent, newest))
            if byteCount > room {
                guard spacing < Int.max / 4, spacing <= newest else { break }
                spacing *= 2
            }
        }
        // Only pinned states and the latest are left.
        if byteCount > most { dropPinned(lineage, room: room) }
    }

    private mutating func dropUnpinned(where isDropped: (BranchID, Checkpoint) -> Bool) {
        for branch in checkpoints.keys { drop(from: branch) { !$0.isPinned && isDropped(branch, $0) } }
    }

    /// Drops the earliest pinned states, but never the one at the start of the run, nor the latest.
    private mutating func dropPinned(_ lineage: Lineage, room: Int) {
        let latest = checkpoints[lineage.branch]?.last?.moment
        for branch in checkpoints.keys.sorted() {
            drop(from: branch, while: { $0 > room }) {
                $0.moment != .start && !(branch == lineage.branch && $0.moment == latest)
            }
        }
    }

    /// Where the latest states of the lineage begin that together take so many bytes.
    private func recentStep(of lineage: Lineage, bytes: Int) -> Int {
        var left = bytes
        var step = 0
        for segment in lineage.segments.reversed() {
            for checkpoint in (checkpoints[segment.branch] ?? []).reversed() where checkpoint.moment <= segment.end {
                left -= checkpoint.state.byteCount
                step = checkpoint.moment.step
                if left <= 0 { return step }
            }
        }
        return step
    }

    /// Keeps `spacing` steps between the states before a step.
    private mutating func space(_ lineage: Lineage, before recent: Int) {
        let spacing = spacing
        for segment in lineage.segments {
            var last = Int.min / 2
            drop(from: segment.branch) { checkpoint in
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
