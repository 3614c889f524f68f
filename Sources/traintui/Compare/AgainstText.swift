import Canvas
import RunModel
import TrainProtocol

/// A run beside others in words, for who has no dashboard to draw them in.
struct AgainstText {
    private let others: [OverlaidRun]
    private var epochs: [Int: Int] = [:]
    /// The validation losses at the ends of epochs, by the epochs' numbers.
    private var validation: [Int: Double] = [:]

    init(_ others: [OverlaidRun]) { self.others = others }

    /// Sees what the run tells.
    mutating func see(_ event: Event) {
        switch event {
        case .epochEnded(let report): epochs[report.step] = report.epoch
        case .evaluated(let evaluation):
            if let epoch = epochs[evaluation.step], evaluation.loss.isFinite { validation[epoch] = evaluation.loss }
        case .resumed(let past):
            for report in past.epochs { see(.epochEnded(report)) }
            for evaluation in past.evaluations { see(.evaluated(evaluation)) }
        default: break
        }
    }

    /// A line for each of them.
    var lines: [String] {
        others.map { other in
            let (own, its) = (validation, other.validation)
            let scores =
                "best validation \(NumberFormat.metric(own.values.min())) here, \(NumberFormat.metric(its.values.min())) there"
            guard let difference = EpochDifference(own, less: its) else {
                return "against \(other.name): \(scores); they have no epoch in common"
            }
            let kind = other.isPaired ? "paired, for data and seed are the same" : "other data or another seed"
            return
                "against \(other.name): \(scores); \(NumberFormat.signed(difference.mean, decimals: 4)) on the mean of "
                + "\(difference.epochs) epochs, \(kind)"
        }
    }
}
