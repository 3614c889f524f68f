/// When a training ends before all its epochs: when its validation loss has not fallen for some of them. As Keras's
/// EarlyStopping with its default `monitor = "val_loss"`.
public struct EarlyStopping: Sendable, Hashable {
    /// Epochs without a better loss that are waited for, 0 or more.
    public var patience: Int
    /// A loss is better where it is lower by more than this.
    public var minDelta: Double
    /// Epochs before anything is looked at, 0 or more.
    public var startFromEpoch: Int
    /// Whether the weights of the best epoch are those that count in the end, rather than the last ones.
    public var restoreBestWeights: Bool

    /// Keras's defaults, but for a patience of 0 and weights that are not restored.
    public init(
        patience: Int = 10, minDelta: Double = 0, startFromEpoch: Int = 0, restoreBestWeights: Bool = true
    ) {
        self.patience = patience
        self.minDelta = minDelta
        self.startFromEpoch = startFromEpoch
        self.restoreBestWeights = restoreBestWeights
    }

    /// How long a training has been waited for.
    package struct Wait: Sendable {
        private let rule: EarlyStopping
        /// The lowest loss so far.
        package private(set) var best = Double.infinity
        /// Epochs without a better one.
        package private(set) var epochs = 0

        /// Nothing was seen yet but, perhaps, a lowest loss.
        package init(_ rule: EarlyStopping, best: Double = .infinity, epochs: Int = 0) {
            self.rule = rule
            self.best = best
            self.epochs = max(0, epochs)
        }

        /// Sees the validation loss after an epoch, which counts from 1.
        ///
        /// - Returns: whether it is better than all before it, and whether the waiting is over.
        package mutating func sees(_ loss: Double, after epoch: Int) -> (isBetter: Bool, isOver: Bool) {
            guard epoch > rule.startFromEpoch else { return (false, false) }
            if loss + rule.minDelta < best {
                best = loss
                epochs = 0
                return (true, false)
            }
            epochs += 1
            return (false, epochs >= rule.patience && epoch > 1)
        }

        /// Waits as long again: somebody did something about it.
        package mutating func beginAnew() { epochs = 0 }
    }
}
