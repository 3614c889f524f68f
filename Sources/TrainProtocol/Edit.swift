/// One change of a hyperparameter, as it took effect.
public struct Edit: Sendable, Equatable {
    /// Its number in the run, from 1.
    public let number: Int
    /// The hyperparameter's ``Hyperparameter/name``.
    public let name: String
    /// The value until then.
    public let old: SettingValue
    /// The value from then on, or where `over` is not 0 the one that is reached after so many steps.
    public let new: SettingValue
    /// The steps that it takes to get there, 0 for an edit at once.
    public let over: Int
    /// The last step taken with the old value; 0 before the first.
    public let step: Int

    /// An edit.
    public init(number: Int, name: String, old: SettingValue, new: SettingValue, over: Int = 0, step: Int) {
        self.number = number
        self.name = name
        self.old = old
        self.new = new
        self.over = over
        self.step = step
    }
}

/// An edit that waits for its step.
public struct PlannedEdit: Sendable, Equatable {
    /// Its number among the plans, from 1.
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

/// A number on its way to another one, step by step.
public struct RampProgress: Sendable, Equatable {
    /// The hyperparameter's name.
    public let name: String
    /// The value of the last step taken.
    public let value: Double
    /// The value that is reached.
    public let target: Double
    /// The steps left until then.
    public let stepsLeft: Int

    /// Where a ramp stands.
    public init(name: String, value: Double, target: Double, stepsLeft: Int) {
        self.name = name
        self.value = value
        self.target = target
        self.stepsLeft = stepsLeft
    }
}
