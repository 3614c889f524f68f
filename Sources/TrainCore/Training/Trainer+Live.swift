import CKernels
import Wording

extension Trainer {
    /// What changes from step to step, and what is called in each.
    ///
    /// Not copyable, and asked through its own methods, so that loss, optimizer and schedule are used where they lie.
    struct Live: ~Copyable {
        var position = TrainingPosition()
        var settings: TrainingSettings
        var sampler: BatchSampler
        var workspace: Workspace
        var pass = Pass()
        /// What moves the numbers that are on ramps, one for each of the settings' ramps.
        var movers: [RampMover] = []
        /// The first step that is the last of one of them.
        var firstRampEnd = Int.max
        let loss: any Loss
        /// The job's learning rate, which edits of the schedule are relative to.
        let baseRate: Double
        let schedule: any LearningRateSchedule

        func evaluate(_ prediction: Matrix, _ target: Matrix, gradient: Matrix?) -> Float {
            loss.evaluate(prediction, target, gradient: gradient)
        }

        func evaluateLogits(_ logits: Matrix, _ target: Matrix, gradient: Matrix?) -> Float {
            loss.evaluateLogits(logits, target, gradient: gradient)
        }

        /// Updates all parameters; many of them in pieces that are shared among threads.
        mutating func update(_ step: OptimizerStep) {
            settings.optimizer.advance(step.products)
            guard step.count >= sharedFloats else {
                settings.optimizer.update(step)
                return
            }
            withUnsafePointer(to: self) { live in
                withUnsafePointer(to: SharedUpdate(live: live, step: step)) { update in
                    ck_share(
                        SharedUpdate.pieces(of: step.count),
                        { $0!.assumingMemoryBound(to: SharedUpdate.self).pointee.run(piece: $1) }, update)
                }
            }
        }

        private func update(piece: OptimizerStep) { settings.optimizer.update(piece) }

        /// What the threads need to know of an update.
        private struct SharedUpdate {
            /// Parameters in a piece: with their slots they fit in a core's second-level cache.
            private static let floats = 1 << 14

            let live: UnsafePointer<Live>
            let step: OptimizerStep

            static func pieces(of count: Int) -> Int { (count + floats - 1) / floats }

            func run(piece: Int) {
                let start = piece * Self.floats
                live.pointee.update(piece: step.piece(from: start, count: min(Self.floats, step.count - start)))
            }
        }

        /// The learning rate of the next step: the schedule's, in the proportion in which the job's own was edited.
        var learningRate: Double {
            let edited = settings.optimizer.learningRate
            let rate = schedule.rate(after: position.step, learningRate: baseRate)
            return min(edited == baseRate ? rate : rate / baseRate * edited, NumberRange.learningRate.greatest)
        }
    }

    /// The numbers that a step's phases leave for those behind them.
    struct Pass {
        var mainLoss: Float = 0
        var penalty: Float = 0
        /// Whether loss and gradients are numbers that a step may be taken with.
        var isSound = true
        var learningRate = 0.0

        var loss: Float { mainLoss + penalty }
    }
}

/// A metric with what a step needs to know of it. Not copyable, so that it is used where it lies.
struct MetricTally: ~Copyable {
    let metric: any Metric
    /// How many sums it keeps.
    let sums: Int
    private let units: Int
    /// What its values are multiplied by, to be in the unit that the targets had.
    private let scale: Double

    init(_ metric: any Metric, units: Int, targetUnit: Double) {
        self.metric = metric
        self.units = units
        sums = type(of: metric).sums(units: units)
        scale = (0..<type(of: metric).powerOfUnit).reduce(1) { product, _ in product * targetUnit }
    }

    func add(_ prediction: Matrix, _ target: Matrix, to sums: UnsafeMutablePointer<Double>) {
        metric.add(prediction, target, to: sums)
    }

    func value(_ sums: UnsafePointer<Double>) -> Double { metric.value(sums, units: units) * scale }
}
