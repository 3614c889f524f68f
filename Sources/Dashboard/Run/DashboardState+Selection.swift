import RunModel
import TrainProtocol

/// What is selected in the log.
extension DashboardState {
    /// The index of the selected entry, nil where there is none.
    var selectedEntryIndex: Int? {
        let entries = log.entries
        guard let selectedEntry = view.selectedEntry else { return entries.indices.last }
        return entries.isEmpty ? nil : min(max(0, selectedEntry - log.forgotten), entries.count - 1)
    }

    /// Selects an entry that is so much older, or newer.
    mutating func selectEntry(_ distance: Int) {
        guard let index = selectedEntryIndex else { return }
        let next = min(max(0, index - distance), log.entries.count - 1)
        view.selectedEntry = next == log.entries.count - 1 ? nil : log.forgotten + next
    }

    /// The number of the edit that is selected; nil where something else is.
    var selectedEdit: Int? {
        guard let index = selectedEntryIndex, case .edit(let edit, _) = log.entries[index].kind else { return nil }
        return edit.number
    }
}
