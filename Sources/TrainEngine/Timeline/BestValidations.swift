import TrainProtocol

/// The validation losses of each branch that were lower than all before them on it.
struct BestValidations {
    /// A loss, and the step after which it was measured.
    struct Best {
        let step: Int
        let loss: Double
    }

    private(set) var bests: [BranchID: [Best]] = [:]

    /// Sees a loss.
    mutating func note(_ loss: Double, at step: Int, of branch: BranchID) {
        guard loss < bests[branch]?.last?.loss ?? .infinity else { return }
        bests[branch, default: []].append(Best(step: step, loss: loss))
    }

    /// Takes what another one saw of a branch.
    mutating func take(_ others: [Best], of branch: BranchID) { bests[branch] = others }

    /// The lowest on a lineage; nil where there is none.
    func best(on lineage: Lineage) -> Best? {
        let candidates = lineage.segments.compactMap { segment in
            bests[segment.branch]?.last { $0.step <= segment.end.step }
        }
        return candidates.min { $0.loss < $1.loss }
    }
}
