import Dispatch
import Synchronization
import TrainCore
import TrainProtocol

/// A learning-rate range test on a trainer of its own and a queue of its own.
///
/// The rate rises geometrically from 1e-6 to 10, a step to each rate; the losses are averaged as in TensorBoard,
/// bias-corrected, so that a batch's luck does not hide the slope. It ends where the average is four times its least:
/// from there on it only runs away.
final class LearningRateSweep: Sendable {
    static let steps = 300
    static let least = 1e-6
    static let greatest = 10.0
    private static let smoothing = 0.95

    private let isCancelled = Atomic<Bool>(false)

    /// - Parameters:
    ///   - trainer: nobody else may use it any more.
    ///   - onEnd: called on the sweep's queue, unless it was cancelled.
    init(_ trainer: sending Trainer, onEnd: @escaping @Sendable (LearningRateTest) -> Void) {
        // Nobody but the closure touches it from here on.
        nonisolated(unsafe) let trainer = trainer
        DispatchQueue(label: "traintui.sweep", qos: .utility).async { [self] in
            if let test = sweep(trainer) { onEnd(test) }
        }
    }

    /// Ends it; nothing more is told.
    func cancel() { isCancelled.store(true, ordering: .relaxed) }

    private func sweep(_ trainer: Trainer) -> LearningRateTest? {
        let start = trainer.position.step
        // The rate that the optimizer is given is multiplied by the schedule: what is swept is the product.
        let factor = trainer.learningRate / trainer.settings.optimizer.learningRate
        var average = MovingAverage(factor: Self.smoothing)
        var rates: [Double] = []
        var losses: [Double] = []
        var divergedAt: Double?
        for index in 0..<Self.steps {
            if isCancelled.load(ordering: .relaxed) { return nil }
            let rate = Interpolation.value(
                from: Self.least, to: Self.greatest, at: Double(index) / Double(Self.steps - 1))
            do {
                try trainer.set("learning_rate", to: factor > 0 ? rate / factor : rate)
                average.add(Double(try trainer.step().loss))
            } catch {
                divergedAt = rate
                break
            }
            rates.append(rate)
            losses.append(average.value)
            if index >= 20, average.value > 4 * (losses.min() ?? .infinity) {
                divergedAt = rate
                break
            }
        }
        let steepest = Self.steepest(rates, losses).map { rates[$0] }
        return LearningRateTest(
            step: start, rates: rates, losses: losses, steepest: steepest,
            suggestion: steepest.map { (factor > 0 ? $0 / factor : $0).tidied(digits: 2) }, divergedAt: divergedAt)
    }

    /// Where the average falls fastest by the logarithm of the rate, seen over a tenth of the sweep, before its least.
    static func steepest(_ rates: [Double], _ losses: [Double]) -> Int? {
        let reach = Self.steps / 20
        guard let end = losses.indices.min(by: { losses[$0] < losses[$1] }) else { return nil }
        let candidates = losses.indices.filter { $0 >= 2 * reach && $0 <= end && $0 + reach < losses.count }
        let best = candidates.max { slope(losses, $0, reach) < slope(losses, $1, reach) }
        return best.flatMap { slope(losses, $0, reach) > 0 ? $0 : nil }
    }

    /// By how much the losses fall around an index.
    private static func slope(_ losses: [Double], _ index: Int, _ reach: Int) -> Double {
        losses[index - reach] - losses[index + reach]
    }
}

/// `s <- b s + (1 - b) x`, divided by `1 - b^n` after n values.
struct MovingAverage {
    let factor: Double
    private var sum = 0.0
    private var weight = 1.0

    init(factor: Double) { self.factor = factor }

    /// The average of what was seen; NaN before the first.
    var value: Double { sum / (1 - weight) }

    mutating func add(_ value: Double) {
        sum = factor * sum + (1 - factor) * value
        weight *= factor
    }
}
