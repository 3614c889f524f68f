import Canvas
import TrainProtocol

extension Breakpoint {
    /// The breakpoint as it is typed: "loss > 2".
    var words: String {
        switch self {
        case .lossAbove(let value): "loss > \(NumberFormat.shortest(value))"
        case .lossBelow(let value): "loss < \(NumberFormat.shortest(value))"
        case .epoch(let epoch): "epoch \(epoch)"
        case .step(let step): "step \(step)"
        case .validationLossRises(let times): "val_loss rises \(times)"
        }
    }
}
