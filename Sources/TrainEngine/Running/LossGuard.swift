/// Sees a loss that runs away while it still is a number: when the next one is none, the weights are long ruined.
///
/// A loss *explodes* where it is a thousand times the lowest moving mean so far and ten times what the run began with.
/// The second condition leaves runs alone whose loss has fallen to next to nothing, of which one batch may well be a
/// thousand times the mean.
struct LossGuard {
    private static let factor = 1000.0
    private static let startFactor = 10.0
    /// A loss that is no more than this many times the lowest moving mean is sane.
    private static let saneFactor = 10.0
    /// Weight of the past in the moving mean, over some 50 steps.
    private static let smoothing = 0.98

    /// What it has seen; the loss that the run began with is infinite before the first.
    private(set) var seen = Seen()

    /// What a guard has seen.
    struct Seen: Equatable {
        /// The first loss.
        var start = Double.infinity
        /// The moving mean.
        var mean = 0.0
        /// The lowest moving mean.
        var best = Double.infinity
        /// The last step whose loss was sane; nil before the first.
        var lastSaneStep: Int?
    }

    /// The last step whose loss was sane; nil before the first.
    var lastSaneStep: Int? { seen.lastSaneStep }

    /// Nothing was seen yet, or this.
    init(_ seen: Seen = Seen()) { self.seen = seen }

    /// Sees the loss of a step.
    ///
    /// - Returns: whether it explodes; it is not part of the mean then.
    mutating func explodes(_ loss: Float, at step: Int) -> Bool {
        let loss = Double(loss)
        guard seen.start.isFinite else {
            seen = Seen(start: loss, mean: loss, best: loss, lastSaneStep: step)
            return false
        }
        if loss > Self.factor * seen.best, loss > Self.startFactor * seen.start { return true }
        if loss <= max(Self.saneFactor * seen.best, seen.start) { seen.lastSaneStep = step }
        seen.mean = Self.smoothing * seen.mean + (1 - Self.smoothing) * loss
        seen.best = min(seen.best, seen.mean)
        return false
    }

    /// Begins anew where the run goes on elsewhere.
    mutating func reset() { self = LossGuard() }
}
