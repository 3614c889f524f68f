public import Wording

/// One number of an optimizer or a schedule: its name in job files, its range, and where it lives in `Owner`.
///
/// A flag such as `nesterov` is a setting of value 0 or 1 with `isFlag`. An optional number such as `warmup_target` has
/// no value until it is given one.
public struct Setting<Owner>: Sendable {
    /// The name in job files and commands: "beta_1".
    public let name: String
    /// What it may be.
    public let range: NumberRange
    /// Whether job files write it as `true` or `false`.
    public let isFlag: Bool
    /// Where it lives.
    private let path: Path

    private enum Path {
        case number(any WritableKeyPath<Owner, Double> & Sendable)
        case optional(any WritableKeyPath<Owner, Double?> & Sendable)
    }

    /// A number's description.
    public init(_ name: String, _ path: any WritableKeyPath<Owner, Double> & Sendable, _ range: NumberRange) {
        self.name = name
        self.range = range
        self.path = .number(path)
        isFlag = false
    }

    /// An optional number's description.
    public init(optional name: String, _ path: any WritableKeyPath<Owner, Double?> & Sendable, _ range: NumberRange) {
        self.name = name
        self.range = range
        self.path = .optional(path)
        isFlag = false
    }

    /// A flag's description.
    public init(flag name: String, _ path: any WritableKeyPath<Owner, Double> & Sendable) {
        self.name = name
        self.path = .number(path)
        range = .whole(from: 0, to: 1)
        isFlag = true
    }

    /// The number in `owner`, nil where an optional one is not given.
    func value(in owner: Owner) -> Double? {
        switch path {
        case .number(let path): owner[keyPath: path]
        case .optional(let path): owner[keyPath: path]
        }
    }

    /// The bytes from the owner's beginning to the number, nil where it is optional or not simply stored.
    var offset: Int? {
        switch path {
        case .number(let path): MemoryLayout<Owner>.offset(of: path)
        case .optional: nil
        }
    }

    /// Gives `owner` another number.
    func set(_ value: Double, in owner: inout Owner) {
        switch path {
        case .number(let path): owner[keyPath: path] = value
        case .optional(let path): owner[keyPath: path] = value
        }
    }
}

/// A list of numbers of a schedule, such as `boundaries`: its name in job files, its numbers' range, and where it lives.
public struct ListSetting<Owner>: Sendable {
    /// The name in job files: "boundaries".
    public let name: String
    /// What each of its numbers may be.
    public let range: NumberRange
    /// Where it lives.
    let path: any WritableKeyPath<Owner, [Double]> & Sendable

    /// A list's description.
    public init(_ name: String, _ path: any WritableKeyPath<Owner, [Double]> & Sendable, _ range: NumberRange) {
        self.name = name
        self.range = range
        self.path = path
    }
}

/// A value whose numbers can be listed, read and set by name.
public protocol Configurable {
    /// Its numbers, in the order in which to show them.
    static var settings: [Setting<Self>] { get }

    /// Its lists of numbers; most have none. Lists are read from job files and not edited on the way.
    static var listSettings: [ListSetting<Self>] { get }

    /// Why its settings do not go together, though each is in its range; nil where they do.
    var objection: SettingObjection? { get }
}

/// Why a setting does not go with the others: "boundaries must rise".
public struct SettingObjection: Sendable, Equatable, CustomStringConvertible {
    /// The setting's name in job files: "boundaries".
    public let setting: String
    /// What is expected, as a sentence's second half: "must rise".
    public let reason: String

    /// An objection.
    public init(to setting: String, _ reason: String) {
        self.setting = setting
        self.reason = reason
    }

    /// Both in one sentence.
    public var description: String { "\(setting) \(reason)" }
}

/// A setting as seen from outside: everything but where it lives.
public struct SettingDescription: Sendable, Equatable {
    /// The name in job files and commands.
    public let name: String
    /// What it may be.
    public let range: NumberRange
    /// Whether it is written as `true` or `false`.
    public let isFlag: Bool
}

extension Configurable {
    public static var listSettings: [ListSetting<Self>] { [] }
    public var objection: SettingObjection? { nil }

    /// Its lists' descriptions, in order.
    public static var listDescriptions: [SettingDescription] {
        listSettings.map { SettingDescription(name: $0.name, range: $0.range, isFlag: false) }
    }

    /// Its lists' descriptions, in order.
    public var listDescriptions: [SettingDescription] { Self.listDescriptions }

    /// The list of that name, nil where it has none.
    public func list(of name: String) -> [Double]? {
        Self.listSettings.first { $0.name == name }.map { self[keyPath: $0.path] }
    }

    /// Sets the list of that name. Traps where there is none, or its range does not allow a value: ask first.
    public mutating func setList(_ name: String, to values: [Double]) {
        guard let setting = Self.listSettings.first(where: { $0.name == name }) else {
            preconditionFailure("\(Self.self) has no list '\(name)'")
        }
        for value in values { precondition(setting.range.objection(to: value) == nil, "\(name) cannot hold \(value)") }
        self[keyPath: setting.path] = values
    }

    /// Its numbers' descriptions, in order.
    public static var settingDescriptions: [SettingDescription] {
        settings.map { SettingDescription(name: $0.name, range: $0.range, isFlag: $0.isFlag) }
    }

    /// Its numbers' descriptions, in order.
    public var settingDescriptions: [SettingDescription] { Self.settingDescriptions }

    /// The description of the number of that name, nil where it has none.
    func settingDescription(of name: String) -> SettingDescription? {
        Self.settings.first { $0.name == name }.map {
            SettingDescription(name: $0.name, range: $0.range, isFlag: $0.isFlag)
        }
    }

    /// The number of that name (1 or 0 for a flag), nil where it has none, or an optional one is not given.
    public func value(of name: String) -> Double? {
        Self.settings.first { $0.name == name }?.value(in: self)
    }

    /// The first objection to its numbers, its lists or all of them together: "learning_rate must be greater than 0".
    var firstObjection: String? {
        for setting in Self.settings {
            if let value = setting.value(in: self), let objection = setting.range.objection(to: value) {
                return "\(setting.name) \(objection)"
            }
        }
        for list in Self.listSettings {
            for value in self[keyPath: list.path] {
                if let objection = list.range.objection(to: value) { return "each of \(list.name) \(objection)" }
            }
        }
        return objection?.description
    }

    /// Sets the number of that name. Traps where there is none, or its range does not allow the value: ask first.
    public mutating func set(_ name: String, to value: Double) {
        guard let setting = Self.settings.first(where: { $0.name == name }) else {
            preconditionFailure("\(Self.self) has no setting '\(name)'")
        }
        precondition(setting.range.objection(to: value) == nil, "\(name) cannot be \(value)")
        setting.set(value, in: &self)
    }
}
