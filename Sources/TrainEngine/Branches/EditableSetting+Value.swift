import TrainCore
import TrainProtocol
import Wording

/// The trainer's numbers as hyperparameters, and back: what is a switch or a name to a person is a number to the core.
extension EditableSetting {
    /// What it can be.
    var kind: Hyperparameter.Kind {
        if !choices.isEmpty { return .choice(choices) }
        // Epochs that are over are no limit that stands for long: it is checked when somebody asks.
        if name == Hyperparameter.Role.epochs.rawValue { return .number(.whole(from: 1, to: 1_000_000_000)) }
        return range == .whole(from: 0, to: 1) ? .flag : .number(range)
    }

    /// The value in force.
    var settingValue: SettingValue { settingValue(value) }

    /// A number of the core's as what it means.
    func settingValue(_ number: Double) -> SettingValue {
        switch kind {
        case .number: return .number(number)
        case .flag: return .flag(number != 0)
        case .choice(let names):
            guard let index = Int(exactly: number), names.indices.contains(index) else { return .number(number) }
            return .choice(names[index])
        }
    }

    /// A value as the core's number; nil where it is none that this can have. A journal of format 1 has plain numbers.
    func number(_ value: SettingValue) -> Double? {
        switch value {
        case .number(let number): number
        case .flag(let isOn): range == .whole(from: 0, to: 1) ? (isOn ? 1 : 0) : nil
        case .choice(let name): choices.firstIndex(of: name).map(Double.init)
        }
    }

    /// The hyperparameter with its value.
    var hyperparameter: Hyperparameter {
        Hyperparameter(
            name: name, title: title, role: Hyperparameter.Role(rawValue: name), kind: kind, value: settingValue)
    }

    /// "learning_rate" as "learning rate", "layers.0.l2" as "l2 · layer 1".
    private var title: String {
        let parts = name.split(separator: ".")
        if parts.count == 3, parts[0] == "layers", let index = Int(parts[1]) {
            return "\(parts[2]) · layer \(index + 1)"
        }
        return name.replacing("_", with: " ")
    }
}
