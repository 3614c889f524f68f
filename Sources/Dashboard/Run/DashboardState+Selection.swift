import TrainEngine

/// What is selected in the ledger.
extension DashboardState {
    /// The index of the selected entry, nil where there is none.
    var selectedEntryIndex: Int? {
        let entries = ledger.entries
        guard let selectedEntry else { return entries.indices.last }
        return entries.isEmpty ? nil : min(max(0, selectedEntry - ledger.forgotten), entries.count - 1)
    }

    /// Selects an entry that is so much older, or newer.
    mutating func selectEntry(_ distance: Int) {
        guard let index = selectedEntryIndex else { return }
        let next = min(max(0, index - distance), ledger.entries.count - 1)
        selectedEntry = next == ledger.entries.count - 1 ? nil : ledger.forgotten + next
    }

    /// The number of the edit that is selected; nil where something else is, or nothing that took effect.
    var selectedEdit: Int? {
        guard let index = selectedEntryIndex, case .edit(let edit) = ledger.entries[index].kind, edit.number > 0 else {
            return nil
        }
        return edit.number
    }
}
