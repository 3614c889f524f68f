internal import TrainCore

/// The states that a run keeps of its past, in bounded memory.
///
/// The last quarter of the memory holds the latest states as they came; the others are thinned to an even spacing,
/// which doubles when there is no more room. So any step of the way is a bounded number of steps from a state. States
/// at which a branch leaves or ends are *pinned*: they stay while there are not too many of them.
struct StateStore {
    /// A state and where it is.
    struct Entry {
        let place: Place
        let state: TrainingState
        var isPinned: Bool
    }

    /// A stretch of a branch: the run's way from its start is made of such stretches.
    struct Stretch: Equatable {
        let branch: BranchID
        /// Where the way leaves the branch.
        let end: Place
    }

    /// The most bytes to hold; a few states are held in any case.
    let capacity: Int
    /// The bytes held.
    private(set) var byteCount = 0
    /// Each branch's states, in the order of their places.
    private(set) var entries: [BranchID: [Entry]] = [:]
    /// The least steps between two states that are neither pinned nor among the latest.
    private(set) var spacing = 1

    init(capacity: Int) { self.capacity = capacity }

    /// Keeps a state of the way's last branch, unless there is one of that place.
    mutating func keep(_ state: TrainingState, at place: Place, of way: [Stretch], isPinned: Bool = false) {
        guard let branch = way.last?.branch else { return }
        var own = entries.removeValue(forKey: branch) ?? []
        if let index = own.lastIndex(where: { $0.place <= place }), own[index].place == place {
            if isPinned { own[index].isPinned = true }
        } else {
            byteCount += state.byteCount
            own.insert(
                Entry(place: place, state: state, isPinned: isPinned),
                at: (own.lastIndex { $0.place < place } ?? -1) + 1)
        }
        entries[branch] = own
        if byteCount > max(capacity, 8 * state.byteCount) { thin(way, limit: max(capacity, 8 * state.byteCount)) }
    }

    /// The latest state on the way that is not behind a place.
    func latest(notAfter place: Place, of way: [Stretch]) -> Entry? {
        for stretch in way.reversed() {
            let bound = min(place, stretch.end)
            if let entry = entries[stretch.branch]?.last(where: { $0.place <= bound }) { return entry }
        }
        return nil
    }

    // MARK: Thinning

    /// Makes room: first at the cost of what was abandoned, then of what is long past.
    private mutating func thin(_ way: [Stretch], limit: Int) {
        let room = limit / 4 * 3
        dropUnpinned { branch, entry in !way.contains { $0.branch == branch && entry.place <= $0.end } }
        let newest = way.last.flatMap { entries[$0.branch]?.last?.place.step } ?? 0
        let recent = recentStep(of: way, bytes: limit / 4)
        while byteCount > room {
            space(way, before: min(recent, newest))
            if byteCount > room {
                guard spacing < Int.max / 4, spacing <= newest else { break }
                spacing *= 2
            }
        }
        // Only pinned states and the latest are left.
        if byteCount > room { dropPinned(way, room: room) }
    }

    private mutating func dropUnpinned(where isDropped: (BranchID, Entry) -> Bool) {
        for branch in entries.keys { drop(from: branch) { !$0.isPinned && isDropped(branch, $0) } }
    }

    /// Drops the earliest pinned states, but never the one at the start of the run.
    private mutating func dropPinned(_ way: [Stretch], room: Int) {
        for branch in entries.keys.sorted() {
            drop(from: branch, while: { $0 > room }) { $0.place != .start }
        }
    }

    /// Where the latest states of the way begin that together take so many bytes.
    private func recentStep(of way: [Stretch], bytes: Int) -> Int {
        var left = bytes
        var step = 0
        for stretch in way.reversed() {
            for entry in (entries[stretch.branch] ?? []).reversed() where entry.place <= stretch.end {
                left -= entry.state.byteCount
                step = entry.place.step
                if left <= 0 { return step }
            }
        }
        return step
    }

    /// Keeps `spacing` steps between the states before a step.
    private mutating func space(_ way: [Stretch], before recent: Int) {
        let spacing = spacing
        for stretch in way {
            var last = Int.min / 2
            drop(from: stretch.branch) { entry in
                if entry.isPinned || entry.place == .start || entry.place.step >= recent
                    || entry.place.step - last >= spacing
                {
                    last = entry.place.step
                    return false
                }
                return true
            }
        }
    }

    private mutating func drop(
        from branch: BranchID, while isTooMuch: (Int) -> Bool = { _ in true }, where isDropped: (Entry) -> Bool
    ) {
        guard let own = entries[branch] else { return }
        var bytes = byteCount
        let kept = own.filter { entry in
            guard isTooMuch(bytes), isDropped(entry) else { return true }
            bytes -= entry.state.byteCount
            return false
        }
        byteCount = bytes
        entries[branch] = kept.isEmpty ? nil : kept
    }
}
