import RandomTesting
import TrainProtocol

extension Command {
    /// What a person may do to a run of ``SmallRun``: change it, plan, go elsewhere, race; all by chance.
    static func random(at step: Int, using random: inout SplitMix) -> Command {
        func below(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
        switch below(10) {
        case 0: return .set("learning_rate", .number(0.001 * Double(1 + below(30))))
        case 1: return .ramp("learning_rate", 0.001 * Double(1 + below(30)), over: 1 + below(30))
        case 2: return .plan("layers.0.l2", .value(.number(0.01 * Double(below(9)))), at: step + 1 + below(30))
        case 3, 4: return .undo
        case 5: return .redo
        case 6: return .goToStep(below(step + 1))
        case 7: return .goToBest
        case 8: return .goToBranch(BranchID(1 + below(8)))
        default: return .race("optimizer", [.choice("sgd"), .choice("rmsprop"), .choice("adam")])
        }
    }
}
