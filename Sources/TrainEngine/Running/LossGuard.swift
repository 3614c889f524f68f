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

    /// Sees the losses of the steps that come after `step`, one after the other: it runs for every step.
    ///
    /// - Returns: the first step whose loss explodes; nil where none does. What comes from it on is not part of the mean.
    mutating func explosion(among losses: some Collection<Float>, after step: Int) -> Int? {
        var (step, losses) = (step, losses[...])
        if !seen.start.isFinite, let first = losses.popFirst().map(Double.init) {
            step += 1
            seen = Seen(start: first, mean: first, best: first, lastSaneStep: step)
        }
        // A local, which stays in registers.
        var now = seen
        defer { seen = now }
        let limit = Self.startFactor * now.start
        for loss in losses.lazy.map(Double.init) {
            step += 1
            if loss > limit, loss > Self.factor * now.best { return step }
            if loss <= now.start || loss <= Self.saneFactor * now.best { now.lastSaneStep = step }
            now.mean = Self.smoothing * now.mean + (1 - Self.smoothing) * loss
            now.best = min(now.best, now.mean)
        }
        return nil
    }

    /// Begins anew where the run goes on elsewhere.
    mutating func reset() { self = LossGuard() }
}
