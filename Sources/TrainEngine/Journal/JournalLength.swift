extension Sequence<JournalEntry> {
    /// The steps that a ``Replay`` of these entries takes, unless it ends before; for showing how far it is.
    public var stepCount: Int {
        var tips: [BranchID: Int] = [:]
        var branch = BranchID.first
        var step = 0
        var count = 0
        for entry in self {
            count &+= Swift.max(0, entry.step - step)
            step = entry.step
            switch entry {
            case .branchedOff(let new, let position, _, _):
                tips[branch] = step
                (branch, step) = (new, position.step)
            case .returned(let other, _, _):
                tips[branch] = step
                (branch, step) = (other, tips[other] ?? step)
            case .raceEnded(let adopted, _, let ends):
                for end in ends { tips[end.branch] = end.position.step }
                guard let adopted, let end = tips[adopted] else { continue }
                tips[branch] = step
                count &+= Swift.max(0, end - step)
                (branch, step) = (adopted, end)
            case .edited, .raceBegan, .epochEnded, .checked, .ended: break
            }
        }
        return count
    }
}
