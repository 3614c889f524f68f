/// How the learning rate changes with the steps: a factor of the optimizer's own rate.
///
/// A factor, so that editing the rate on the way moves the whole schedule.
public protocol LearningRateSchedule: CatalogueEntry, Configurable {
    /// The factor of the update after `step` others.
    func factor(after step: Int) -> Double
}
