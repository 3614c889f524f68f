import Dispatch
import Synchronization
import TrainCore
import TrainProtocol

/// A test of learning rates on trainers of its own and a queue of its own.
///
/// One sweep through all rates, a step to each, as Leslie Smith made known ("Cyclical Learning Rates for Training Neural
/// Networks", 2017, section 3.3), tells as much of the batches as of the rates, and what it calls the steepest place
/// depends on how fast it got there. So each rate has a trial of its own here, from the same state, on the same batches as
/// all others; and all that again on other batches, until the answer is the same whichever of them are left out.
final class LearningRateTrials: Sendable {
    /// Steps of a trial; the first half is left out.
    static let horizon = 256
    /// Rates to a power of ten, from 1e-6 to 10.
    static let perDecade = 4
    static let fewestStreams = 4
    static let mostStreams = 16

    private let isCancelled = Atomic<Bool>(false)

    /// - Parameters:
    ///   - trainer: nobody else may use it any more.
    ///   - onEnd: called on the trials' queue, unless they were cancelled.
    init(_ trainer: sending Trainer, onEnd: @escaping @Sendable (LearningRateTest) -> Void) {
        // Nobody but the closure touches it from here on.
        nonisolated(unsafe) let trainer = trainer
        DispatchQueue(label: "traintui.rates", qos: .utility).async { [self] in
            if let test = test(trainer) { onEnd(test) }
        }
    }

    /// Ends it; nothing more is told.
    func cancel() { isCancelled.store(true, ordering: .relaxed) }

    private func test(_ trainer: Trainer) -> LearningRateTest? {
        let present = trainer.settings.optimizer.learningRate
        var window: ClosedRange<Int>?
        var streams: [LearningRateAnswer.Stream] = []
        var answer = LearningRateAnswer([])
        while streams.count < Self.fewestStreams || !answer.isStable, streams.count < Self.mostStreams {
            guard let stream = Stream(trainer, number: streams.count + 1, test: self) else { return nil }
            let rates = window ?? stream.findWindow(around: present)
            window = rates
            let losses = rates.map { stream.loss(at: $0) }
            guard !isCancelled.load(ordering: .relaxed) else { return nil }
            streams.append(
                LearningRateAnswer.Stream(
                    rates: rates.map(Self.rate), changes: losses.map { $0 - stream.still }, loss: stream.still))
            answer = LearningRateAnswer(streams)
        }
        return LearningRateTest(
            step: trainer.position.step, horizon: Self.horizon, streams: streams.count, rates: answer.rates,
            changes: answer.changes, loss: answer.loss, range: answer.range, suggestion: answer.suggestion)
    }

    /// The rates in order: number 0 is the least.
    static func rate(_ number: Int) -> Double {
        Interpolation.value(from: 1e-6, to: 10, at: Double(number) / Double(count - 1))
    }
    private static let count = 7 * perDecade + 1

    /// One stream of batches, which are none of the run's own, and what each rate comes to on it.
    private final class Stream {
        private let trainer: Trainer
        private let state: TrainingState
        private let test: LearningRateTrials
        private var losses: [Int: Double] = [:]
        /// The loss without learning.
        private(set) var still = 0.0

        init?(_ origin: Trainer, number: Int, test: LearningRateTrials) {
            var job = origin.job
            // Seeds apart by the golden ratio, as Weyl's sequence has them, lead to streams that have nothing in common.
            job.seed &+= UInt64(number) &* 0x9E37_79B9_7F4A_7C15
            do throws(TrainingError) {
                trainer = try Trainer(job, training: origin.training)
            } catch {
                return nil
            }
            (state, self.test) = (origin.state, test)
            still = trial(at: Self.standstill)
        }

        /// So small that no weight changes by a bit that counts.
        private static let standstill = 1e-12

        /// The mean loss over the latter half of a trial; infinite where it ran away.
        func loss(at number: Int) -> Double {
            if let loss = losses[number] { return loss }
            let loss = trial(at: LearningRateTrials.rate(number))
            losses[number] = loss
            return loss
        }

        /// The rates worth trying: from the present one up and down until two on either side gain less than half of what
        /// the best gains.
        func findWindow(around present: Double) -> ClosedRange<Int> {
            let last = LearningRateTrials.count - 1
            let near = (0...last).min { abs(rate($0) / present - 1) < abs(rate($1) / present - 1) } ?? last / 2
            var window = near...near
            func best() -> Double { window.map { loss(at: $0) - still }.min() ?? 0 }
            func isPoor(_ numbers: some Sequence<Int>) -> Bool {
                numbers.allSatisfy { window.contains($0) && loss(at: $0) - still > best() / 2 } && best() < 0
            }
            while !test.isCancelled.load(ordering: .relaxed) {
                let (low, high) = (window.lowerBound, window.upperBound)
                let goesDown = low > 0 && !isPoor([low, low + 1])
                let goesUp = high < last && !isPoor([high - 1, high])
                if !goesDown, !goesUp { break }
                window = (goesDown ? low - 1 : low)...(goesUp ? high + 1 : high)
            }
            return window
        }

        private func rate(_ number: Int) -> Double { LearningRateTrials.rate(number) }

        private func trial(at rate: Double) -> Double {
            trainer.state = state
            let steps = StepBuffer(capacity: LearningRateTrials.horizon, for: trainer)
            do { try trainer.set(Hyperparameter.Role.learningRate.rawValue, to: rate) } catch { return .infinity }
            while steps.room > 0, !test.isCancelled.load(ordering: .relaxed) {
                let (taken, divergence) = trainer.run(atMost: min(16, steps.room), into: steps)
                guard divergence == nil, taken > 0 else { return .infinity }
            }
            let latter = steps.outcomes.dropFirst(LearningRateTrials.horizon / 2).map { Double($0.loss) }
            let mean = latter.reduce(0, +) / Double(max(1, latter.count))
            return mean.isFinite ? mean : .infinity
        }
    }
}
