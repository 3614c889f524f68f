/// What `fit` saw: one entry an epoch.
public struct History: Sendable, Equatable {
    /// The mean of each epoch's batch losses, penalties included.
    public internal(set) var loss: [Double] = []
    /// Each epoch's metrics, in the job's order.
    public internal(set) var metrics: [[Double]] = []
    /// The loss on the validation rows after each epoch; empty without validation.
    public internal(set) var validationLoss: [Double] = []
    /// The metrics on the validation rows after each epoch.
    public internal(set) var validationMetrics: [[Double]] = []
}

extension Trainer {
    /// Trains for all epochs that are left, for those who need no loop of their own. With validation it ends, and its
    /// weights come back, as the job's ``TrainingJob/earlyStopping`` says.
    ///
    /// - Parameters:
    ///   - validation: rows to evaluate on after each epoch.
    ///   - onEpochEnd: called after each epoch with what was seen so far.
    /// - Throws: ``Divergence`` at the first step whose loss is not finite or whose gradient overflows.
    @discardableResult
    public func fit(
        validation: Dataset? = nil, onEpochEnd: (History) -> Void = { _ in }
    ) throws(Divergence) -> History {
        var history = History()
        var wait = job.earlyStopping.map { EarlyStopping.Wait($0) }
        var best: [Weights]?
        var isOver = false
        while !isComplete, !isOver {
            repeat { try step() } while !isEpochComplete
            history.loss.append(meanLoss ?? 0)
            history.metrics.append(metricValues.map { $0 ?? 0 })
            if let validation {
                let (loss, metrics) = evaluate(on: validation)
                history.validationLoss.append(loss)
                history.validationMetrics.append(metrics)
                let seen = wait?.sees(loss, after: position.epoch) ?? (isBetter: false, isOver: false)
                isOver = seen.isOver
                if seen.isBetter, job.earlyStopping?.restoreBestWeights == true { best = weights }
            }
            onEpochEnd(history)
        }
        if let best {
            do throws(TrainingError) { try setWeights(best) } catch { preconditionFailure("its own weights: \(error)") }
        }
        return history
    }
}
