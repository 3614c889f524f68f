import Canvas
import TrainEngine
import Wording

/// A hyperparameter with the value in force and the one that was asked for.
struct Knob: Sendable, Equatable {
    /// What it is.
    let description: Hyperparameter
    /// The value in force.
    var value: Double
    /// What the engine was asked for and has not answered.
    var pending: Pending?
    /// The way to another value that it is on.
    var ramp: Ramp?

    /// A value that was asked for.
    struct Pending: Sendable, Equatable {
        /// The value.
        var value: Double
        /// The steps that it is to take to get there, 0 for at once.
        var over = 0
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
    var isFlag: Bool { description.isFlag && choices.isEmpty }
    /// The names that its numbers stand for, where they do.
    var choices: [String] { description.choices }

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

    /// A value of this hyperparameter as text: "0.005", "32", "on", "adam", "200", and "unlimited" for a pace of 0.
    func text(_ value: Double) -> String {
        if !choices.isEmpty, let index = Int(exactly: value), choices.indices.contains(index) { return choices[index] }
        if isFlag { return value == 0 ? "off" : "on" }
        if name == "pace", value == 0 { return "unlimited" }
        // A ramp or a product leaves more digits than anybody reads.
        return NumberFormat.shortest(isWhole ? value : value.tidied(digits: 5)).description
    }

    /// A value with its unit: "200 steps/s".
    func textWithUnit(_ value: Double) -> String {
        let unit = description.unit
        return unit.isEmpty || (name == "pace" && value == 0) ? text(value) : "\(text(value)) \(unit)"
    }

    /// Reads what a person typed for a new value.
    func change(_ text: String) throws(ValueChange.Mistake) -> ValueChange {
        guard !choices.isEmpty else { return try ValueChange(text, isWhole: isWhole, isFlag: isFlag) }
        let name = text.trimmed
        if let index = choices.firstIndex(of: name.lowercased()) { return .value(Double(index)) }
        throw ValueChange.Mistake(
            message: "there is no \(title) '\(name)'; \(hint(for: name, among: choices, plural: "choices"))")
    }

    /// Reads what a person typed, and checks the value that it comes to.
    func value(_ text: String, from present: Double) throws(ValueChange.Mistake) -> Double {
        let value = try change(text).applied(to: present)
        if let objection = objection(to: value) { throw ValueChange.Mistake(message: objection) }
        return value
    }
}

extension ValueChange {
    /// The change as a person writes it: "0.003", "/3", "adam".
    func text(_ knob: Knob?) -> String {
        func number(_ value: Double) -> String { NumberFormat.shortest(value).description }
        return switch self {
        case .value(let value): knob?.text(value) ?? number(value)
        case .times(let factor): "x\(number(factor))"
        case .dividedBy(let divisor): "/\(number(divisor))"
        case .plus(let difference): "+\(number(difference))"
        }
    }
}
