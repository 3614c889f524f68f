import RunModel
import TrainProtocol

/// What is selected in the log.
extension DashboardState {
    /// The index of the selected entry, nil where there is none.
    private var selectedEntryIndex: Int? {
        let entries = log.entries
        guard let selectedEntry = view.selectedEntry else { return entries.indices.last }
        return entries.isEmpty ? nil : min(max(0, selectedEntry - log.forgotten), entries.count - 1)
    }

    /// The index of the group that the selected entry is in, nil where there is none.
    func selectedGroup(among groups: [Range<Int>]) -> Int? {
        selectedEntryIndex.flatMap { index in groups.firstIndex { $0.contains(index) } }
    }

    /// Selects the entry, or the ones told with it, that is so much older, or newer.
    mutating func selectEntry(_ distance: Int) {
        let groups = log.groups
        guard let group = selectedGroup(among: groups) else { return }
        let next = min(max(0, group - distance), groups.count - 1)
        view.selectedEntry = next == groups.count - 1 ? nil : log.forgotten + groups[next].upperBound - 1
    }

    /// The number of the edit that is selected; nil where something else is.
    var selectedEdit: Int? {
        guard let index = selectedEntryIndex, case .edit(let edit, _) = log.entries[index].kind else { return nil }
        return edit.number
    }
}
