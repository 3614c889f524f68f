import Canvas
import RunModel
import TrainProtocol
import Wording

/// A hyperparameter with the value in force and the one that was asked for.
struct Control: Sendable, Equatable {
    /// What it is, with the value in force.
    let hyperparameter: Hyperparameter
    /// What the engine was asked for and has not answered.
    var pending: Requests.Pending?
    /// The way to another number that it is on.
    var ramp: RampProgress?
    /// The epoch under way: the number of epochs cannot be less.
    var epoch: Int?

    /// The name in job files and commands.
    var name: String { hyperparameter.name }
    /// The name on screen.
    var title: String { hyperparameter.title }
    /// The value in force.
    var value: SettingValue { hyperparameter.value }
    /// What further edits start from: the pending value where there is one.
    var target: SettingValue { pending?.value ?? value }
    /// Whether it counts something.
    var isWhole: Bool { hyperparameter.isWhole }
    /// Whether it is either on or off.
    var isFlag: Bool { hyperparameter.kind == .flag }
    /// The names to choose from.
    var choices: [String] { hyperparameter.choices }

    /// Names for where room is short, on charts and as words of the command line.
    var shortName: String? {
        switch hyperparameter.role {
        case .learningRate: "lr"
        case .batchSize: "batch"
        case .epochs, .optimizer, nil: nil
        }
    }

    /// The name on a chart's marker.
    var shortTitle: String { shortName ?? title }

    /// A ramp or a product leaves more digits than anybody reads.
    private static let usualDigits = 5

    /// A value as text: "0.005", "32", "on", "adam".
    func text(_ value: SettingValue) -> String { text(value, digits: Self.usualDigits) }

    /// A change as text, "0.01 → 0.005", with as many digits as tell its ends apart.
    func text(from old: SettingValue, to new: SettingValue) -> String {
        var digits = Self.usualDigits
        while old != new, digits < 17, text(old, digits: digits) == text(new, digits: digits) { digits += 1 }
        return "\(text(old, digits: digits)) → \(text(new, digits: digits))"
    }

    /// A value with its unit: "200 rows".
    func textWithUnit(_ value: SettingValue) -> String { withUnit(text(value)) }

    /// A change with its unit: "32 → 200 rows".
    func textWithUnit(from old: SettingValue, to new: SettingValue) -> String { withUnit(text(from: old, to: new)) }

    private func text(_ value: SettingValue, digits: Int) -> String {
        switch value {
        case .choice(let name): name
        case .flag(let isOn): isOn ? "on" : "off"
        case .number(let number): NumberFormat.shortest(isWhole ? number : number.tidied(digits: digits)).description
        }
    }

    private func withUnit(_ text: String) -> String {
        hyperparameter.unit.isEmpty ? text : "\(text) \(hyperparameter.unit)"
    }

    /// Why the engine need not be asked for a value, as a sentence; nil where it may be.
    func objection(to value: SettingValue) -> String? {
        if let objection = hyperparameter.objection(to: value) { return "\(title) \(objection)" }
        guard hyperparameter.role == .epochs, let epoch, let number = value.number, number < Double(epoch) else {
            return nil
        }
        return "\(title) must be at least \(epoch)"
    }

    /// Reads what a person typed for a new value.
    func change(_ text: String) throws(ValueChange.Mistake) -> ValueChange {
        guard !choices.isEmpty else { return try ValueChange(text, isWhole: isWhole, isFlag: isFlag) }
        let name = text.trimmed.lowercased()
        if choices.contains(name) { return .value(.choice(name)) }
        throw ValueChange.Mistake(
            message: "there is no \(title) '\(text.trimmed)'; \(hint(for: name, among: choices, plural: "choices"))")
    }

    /// Reads what a person typed, and checks the value that it comes to.
    func value(_ text: String, from present: SettingValue) throws(ValueChange.Mistake) -> SettingValue {
        let value = try change(text).applied(to: present)
        if let objection = objection(to: value) { throw ValueChange.Mistake(message: objection) }
        return value
    }
}

extension DashboardState {
    /// The hyperparameters with what was asked of them, in the order in which the engine told them.
    var controls: [Control] { run.hyperparameters.map(control) }

    /// The selected hyperparameter's index, nil where the run has none.
    var selectedControl: Int? { run.hyperparameters.indices.contains(view.selection) ? view.selection : nil }

    /// A hyperparameter that the run has or had, with its names; nil where nobody knows of it.
    func control(named name: String) -> Control? { run.hyperparameter(named: name).map(control) }

    private func control(_ hyperparameter: Hyperparameter) -> Control {
        Control(
            hyperparameter: hyperparameter, pending: requests.pending[hyperparameter.name],
            ramp: run.ramp(of: hyperparameter.name), epoch: progress?.epoch)
    }

    /// An edit in words, its parts: "learning rate", "0.01 → 0.005", or "0.01 → 0.003 over 200".
    func words(of edit: Edit) -> (title: String, values: String) {
        let control = control(named: edit.name)
        func text(_ value: SettingValue) -> String { ValueChange.value(value).text(nil) }
        let values = control?.text(from: edit.old, to: edit.new) ?? "\(text(edit.old)) → \(text(edit.new))"
        return (control?.title ?? edit.name, values + (edit.over > 0 ? " over \(edit.over)" : ""))
    }
}

extension ValueChange {
    /// The change as a person writes it: "0.003", "/3", "adam".
    func text(_ control: Control?) -> String {
        func number(_ value: Double) -> String { NumberFormat.shortest(value).description }
        switch self {
        case .value(let value):
            if let control { return control.text(value) }
            return switch value {
            case .number(let value): number(value)
            case .flag(let isOn): isOn ? "on" : "off"
            case .choice(let name): name
            }
        case .times(let factor): return "x\(number(factor))"
        case .dividedBy(let divisor): return "/\(number(divisor))"
        case .plus(let difference): return "+\(number(difference))"
        }
    }
}
