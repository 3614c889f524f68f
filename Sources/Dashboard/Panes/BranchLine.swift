import Canvas
import RunModel
import TrainProtocol

/// How a branch that the run is not on is drawn: by its stroke as much as by its colour.
struct BranchLine {
    /// The branch.
    let branch: BranchID
    /// What it means.
    let role: Role
    /// The line.
    let stroke: Plot.Stroke
    /// The mark of its evaluations, nil for none.
    let mark: Character?

    /// All of them, the undermost first: abandoned ones, the twin, the entrants of a race, the selected one last.
    static func all(_ state: DashboardState) -> [BranchLine] {
        let abandoned = state.history.abandoned
        let named = abandoned.suffix(mostNamed)
        var lines = abandoned.map { branch in
            let name: SafeText = named.contains(branch) ? SafeText("b\(branch.number)") : ""
            return BranchLine(
                branch: branch, role: .dim, stroke: Plot.Stroke(rhythm: [1, 2], plain: "~", end: name), mark: nil)
        }
        if let twin = state.twin {
            lines.append(BranchLine(branch: twin.branch, role: .ghost, stroke: twinStroke, mark: "◇"))
        }
        guard let race = state.race else { return lines }
        let selected = state.selectedEntrant?.branch
        let entrants = race.entrants.enumerated().map { entrant($0.element.branch, place: $0.offset + 1) }
        return lines + entrants.filter { $0.branch != selected } + entrants.filter { $0.branch == selected }
    }

    /// The twin's line.
    static let twinStroke = Plot.Stroke(rhythm: [4, 2], plain: "+", end: "ghost")

    /// An entrant of a race, known by its name.
    static func entrant(_ branch: BranchID, place: Int) -> BranchLine {
        let name = Self.name(place)
        return BranchLine(
            branch: branch, role: roles[(place - 1) % roles.count],
            stroke: Plot.Stroke(
                rhythm: rhythms[(place - 1) % rhythms.count], plain: name, end: SafeText(String(name))),
            mark: "◇")
    }

    /// The name of an entrant, by its place from 1 in what was asked for.
    static func name(_ place: Int) -> Character { names[(place - 1) % names.count] }

    private static let names = Array("123456789abcdefg")

    /// So many abandoned branches have their names at their ends, the latest ones: more would hide the curves.
    private static let mostNamed = 5

    /// Hues of entrants, by turns.
    private static let roles: [Role] = [.metric, .edit, .validation, .curve]

    /// Dots on and off of entrants: all nine differ, and with the hues all entrants.
    private static let rhythms: [[Int]] = [
        [], [6, 2], [3, 3], [1, 1], [8, 2, 1, 2], [2, 4], [12, 4], [5, 2, 1, 2, 1, 2], [1, 5],
    ]
}
