/// An edit that waits for its step.
public struct PlannedEdit: Sendable, Equatable {
    /// Its number in the run, from 1.
    public let number: Int
    /// The hyperparameter's name.
    public let name: String
    /// What is to be done to its value.
    public let change: ValueChange
    /// The last step with the value that it finds.
    public let step: Int

    /// A planned edit.
    public init(number: Int, name: String, change: ValueChange, step: Int) {
        self.number = number
        self.name = name
        self.change = change
        self.step = step
    }
}
