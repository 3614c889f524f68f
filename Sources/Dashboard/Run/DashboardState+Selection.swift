import RunModel
import TrainProtocol

/// The story: what happened, a line each, and the line that is selected.
extension DashboardState {
    /// The lines, oldest first: of each the entries of the log that it tells of.
    var story: [ClosedRange<Int>] {
        log.entries.indices.reduce(into: []) { lines, index in
            if case .edit(let edit, _) = log.entries[index].kind, taps.following.contains(edit.number),
                let last = lines.last, case .edit(let before, _) = log.entries[last.upperBound].kind,
                before.number + 1 == edit.number
            {
                lines[lines.count - 1] = last.lowerBound...index
            } else {
                lines.append(index...index)
            }
        }
    }

    /// The entries of the selected line, nil where there is none.
    var selectedLine: ClosedRange<Int>? {
        guard let selectedEntry = view.selectedEntry else { return story.last }
        let index = selectedEntry - log.forgotten
        return story.last { $0.lowerBound <= max(0, index) }
    }

    /// Selects a line that is so much older, or newer.
    mutating func selectLine(_ distance: Int) {
        let story = story
        guard let selected = selectedLine, let place = story.firstIndex(of: selected) else { return }
        select(story[min(max(0, place - distance), story.count - 1)])
    }

    /// Selects a line; the newest one stays so, whichever it is.
    mutating func select(_ line: ClosedRange<Int>) {
        view.selectedEntry = line.upperBound == log.entries.count - 1 ? nil : log.forgotten + line.upperBound
    }

    /// The number of the edit that is selected, of several made in one go the last; nil where something else is.
    var selectedEdit: Int? {
        guard let line = selectedLine, case .edit(let edit, _) = log.entries[line.upperBound].kind else { return nil }
        return edit.number
    }

    /// The step of the selected line; nil where the story does not have the focus, or something else has Enter.
    var selectedStep: Int? {
        guard view.focus == .story, view.chart.cursor == nil, race == nil else { return nil }
        return selectedLine.map { log.entries[$0.lowerBound].step }
    }
}
