import Canvas
import RunModel
import TrainProtocol

/// A comparison in words: what it comes to, and the figures that say so. Only here is a number good or bad.
struct VerdictText {
    private let comparison: Comparison
    /// The metric's short name and a blank; "" for the loss.
    private let measure: String
    /// What is said in each case.
    private let words: [Comparison.Call: String]

    /// - Parameter words: what to say in each case, where it is not of an edit.
    init(_ comparison: Comparison, _ state: DashboardState, words: [Comparison.Call: String] = [:]) {
        self.comparison = comparison
        measure = comparison.metric.map { MetricsPane.shortened(state.description.metrics[$0].name) + " " } ?? ""
        self.words = Self.plain.merging(words) { $1 }
    }

    private static let plain: [Comparison.Call: String] = [
        .tooEarly: "too early to tell", .open: "no difference yet", .same: "no difference that matters",
        .helps: "helps", .hurts: "hurts", .helpsOnlyTraining: "helps training, not validation",
        .hurtsOnlyTraining: "hurts training, not validation",
    ]

    /// How the words look.
    private var role: Role {
        switch comparison.call {
        case .helps: .good
        case .hurts: .bad
        case .helpsOnlyTraining, .hurtsOnlyTraining: .warning
        case .tooEarly, .open, .same: .text
        }
    }

    private var verdict: StyledText { StyledText(words[comparison.call] ?? "", role) }

    /// One line in ever fewer words: "edit 2 helps: val −0.011, train −0.021 ± 0.004 after 800 steps".
    var choices: [[StyledText]] {
        let steps = comparison.estimate.map { StyledText(" after \(NumberFormat.grouped($0.steps)) steps", .dim) }
        let colon = [StyledText(": ", .dim)]
        let comma = [StyledText(", ", .dim)]
        var choices: [[StyledText]] = []
        if let training {
            if let validation {
                let line = [verdict] + colon + validation + comma + training
                choices += [line + [steps].compactMap(\.self), line]
            }
            choices += [[verdict] + colon + training + [steps].compactMap(\.self), [verdict] + colon + training]
        }
        return choices + [[verdict]]
    }

    private var validation: [StyledText]? {
        comparison.validation.map { value in
            [StyledText("val \(measure)", .dim), StyledText(NumberFormat.signed(value, decimals: decimals), .strong)]
        }
    }

    private var training: [StyledText]? {
        comparison.estimate.map { estimate in
            let mean = NumberFormat.signed(estimate.mean, decimals: decimals)
            let half = NumberFormat.fixed(estimate.halfWidth, decimals: decimals)
            return [StyledText("train \(measure)", .dim), StyledText("\(mean) ± \(half)", .strong)]
        }
    }

    /// As many decimals as the band has a digit for, or two where the first is small: more would say nothing.
    private var decimals: Int {
        guard let half = comparison.estimate?.halfWidth, half > 0, half.isFinite else { return 3 }
        var (decimals, unit) = (0, 1.0)
        while unit > half / 3, decimals < 7 { (decimals, unit) = (decimals + 1, unit / 10) }
        return max(1, decimals)
    }
}
