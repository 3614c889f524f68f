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

        func update(_ step: OptimizerStep) { settings.optimizer.update(step) }

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
        /// The first metric's value on the batch, NaN where there is none.
        var metric = Float.nan

        var loss: Float { mainLoss + penalty }
    }
}

/// A metric with what a step needs to know of it. Not copyable, so that it is used where it lies.
struct MetricTally: ~Copyable {
    let metric: any Metric
    /// How many sums it keeps.
    let sums: Int
    private let units: Int

    init(_ metric: any Metric, units: Int) {
        self.metric = metric
        self.units = units
        sums = type(of: metric).sums(units: units)
    }

    func add(_ prediction: Matrix, _ target: Matrix, to sums: UnsafeMutablePointer<Double>) {
        metric.add(prediction, target, to: sums)
    }

    func value(_ sums: UnsafePointer<Double>) -> Float { Float(metric.value(sums, units: units)) }
}
