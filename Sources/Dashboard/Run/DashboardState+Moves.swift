import Canvas
import RunModel
import TrainProtocol

extension DashboardState {
    /// What a move was, in a line.
    func words(of move: Move, best: Evaluation?, race: Race?) -> String {
        let step = NumberFormat.grouped(move.step)
        switch move.cause {
        case .undo(let edit):
            let words = words(of: edit)
            return "undo: back to step \(step), before \(words.title) \(words.values)"
        case .redo:
            return "redo: forward to step \(step)"
        case .step:
            return "went back to step \(step)"
        case .best:
            guard let best else { return "went back to step \(step), the best validation" }
            return "went back to step \(step) of best validation \(NumberFormat.fixed(best.loss, decimals: 4))"
        case .branch:
            return "went on with branch \(move.branch.number) at step \(step)"
        case .adoption:
            guard let race, let entrant = race.entrants.first(where: { $0.branch == move.branch }) else {
                return "adopted branch \(move.branch.number) at step \(step)"
            }
            let words =
                race.settings.count > 1
                ? text(entrant, of: race) : "\(title(of: race)) \(values(entrant, of: race))"
            return "adopted \(words) at step \(step)"
        case .divergence(let reason):
            return "back to step \(step): \(reason)"
        }
    }
}
