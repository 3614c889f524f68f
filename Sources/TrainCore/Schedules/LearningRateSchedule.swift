/// How the learning rate changes with the steps.
///
/// Rates are absolute and mean what they mean in Keras. A trainer takes them relative to its job's learning rate: while
/// nobody edits that, each step has the schedule's own rate; dividing it by 3 on the way divides the rest of the
/// schedule by 3.
public protocol LearningRateSchedule: CatalogueEntry, Configurable {
    /// The rate of the update after `step` others, in a job whose optimizer's learning rate is `learningRate`.
    func rate(after step: Int, learningRate: Double) -> Double

    /// The learning rate of a job that gives its optimizer none; nil where the optimizer's default is as good.
    var ownLearningRate: Double? { get }

    /// Multiplies the rates that are its own, not the optimizer's.
    mutating func scaleRates(by factor: Double)
}

extension LearningRateSchedule {
    public var ownLearningRate: Double? { nil }
    public mutating func scaleRates(by factor: Double) {}
}

extension TrainingJob {
    /// Gives the job another learning rate, and the schedule the same proportions: as an edit does before step 1.
    public mutating func rescale(toLearningRate learningRate: Double) {
        schedule.scaleRates(by: learningRate / optimizer.learningRate)
        optimizer.learningRate = learningRate
    }
}
