import Canvas
import TrainEngine

/// A hyperparameter with the value in force and the one that was asked for.
struct Knob: Sendable, Equatable {
    /// What it is.
    let description: Hyperparameter
    /// The value in force.
    var value: Double
    /// What the engine was asked for and has not answered.
    var pending: Pending?

    /// A value that was asked for.
    struct Pending: Sendable, Equatable {
        /// The value.
        var value: Double
        /// The request.
        var request: RequestID
    }

    /// A hyperparameter at its value at the start.
    init(_ description: Hyperparameter) {
        self.description = description
        value = description.value
    }

    /// The name in job files and commands.
    var name: String { description.name }
    /// The name on screen.
    var title: String { description.title }
    /// What further edits start from: the pending value where there is one.
    var target: Double { pending?.value ?? value }
    /// Whether it counts something.
    var isWhole: Bool { description.isWhole }
    /// Whether it is either on or off.
    var isFlag: Bool { description.isFlag }

    /// The name where room is short, on a chart's marker: "lr".
    var shortTitle: String {
        Self.shortNames.first { $0.name == name }?.short ?? title
    }

    /// Whether a hyperparameter has a part in what is learnt, and not only in how fast or how long.
    static func steersLearning(_ name: String) -> Bool { !["pace", "epochs"].contains(name) }

    /// Short names, on charts and as words of the command line.
    static let shortNames: [(short: String, name: String)] = [
        ("lr", "learning_rate"), ("batch", "batch_size"),
    ]

    /// A value of this hyperparameter as text: "0.005", "32", "on", "200", and "as fast as it goes" for a pace of 0.
    func text(_ value: Double) -> String {
        if isFlag { return value == 0 ? "off" : "on" }
        if name == "pace", value == 0 { return "unlimited" }
        return NumberFormat.shortest(value).description
    }

    /// A value with its unit: "200 steps/s".
    func textWithUnit(_ value: Double) -> String {
        let unit = description.unit
        return unit.isEmpty || (name == "pace" && value == 0) ? text(value) : "\(text(value)) \(unit)"
    }
}
