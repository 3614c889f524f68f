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

    private var start = Double.infinity
    private var mean = 0.0
    private var best = Double.infinity
    /// The last step whose loss was sane; nil before the first.
    private(set) var lastSaneStep: Int?

    /// Sees the loss of a step.
    ///
    /// - Returns: whether it explodes; it is not part of the mean then.
    mutating func explodes(_ loss: Float, at step: Int) -> Bool {
        let loss = Double(loss)
        guard start.isFinite else {
            (start, mean, best, lastSaneStep) = (loss, loss, loss, step)
            return false
        }
        if loss > Self.factor * best, loss > Self.startFactor * start { return true }
        if loss <= max(Self.saneFactor * best, start) { lastSaneStep = step }
        mean = Self.smoothing * mean + (1 - Self.smoothing) * loss
        best = min(best, mean)
        return false
    }

    /// Begins anew where the run goes on elsewhere.
    mutating func reset() { self = LossGuard() }
}
