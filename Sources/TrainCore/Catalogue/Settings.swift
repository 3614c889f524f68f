/// One number of an optimizer or a schedule: its name in job files, its range, and where it lives in `Owner`.
///
/// A flag such as `nesterov` is a setting of value 0 or 1 with `isFlag`.
public struct Setting<Owner>: Sendable {
    /// The name in job files and commands: "beta_1".
    public let name: String
    /// What it may be.
    public let range: NumberRange
    /// Whether job files write it as `true` or `false`.
    public let isFlag: Bool
    /// Where it lives.
    let path: any WritableKeyPath<Owner, Double> & Sendable

    /// A number's description.
    public init(_ name: String, _ path: any WritableKeyPath<Owner, Double> & Sendable, _ range: NumberRange) {
        self.name = name
        self.range = range
        self.path = path
        isFlag = false
    }

    /// A flag's description.
    public init(flag name: String, _ path: any WritableKeyPath<Owner, Double> & Sendable) {
        self.name = name
        self.path = path
        range = .whole(from: 0, to: 1)
        isFlag = true
    }
}

/// A value whose numbers can be listed, read and set by name.
public protocol Configurable {
    /// Its numbers, in the order in which to show them.
    static var settings: [Setting<Self>] { get }
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
    /// Its numbers' descriptions, in order.
    public static var settingDescriptions: [SettingDescription] {
        settings.map { SettingDescription(name: $0.name, range: $0.range, isFlag: $0.isFlag) }
    }

    /// Its numbers' descriptions, in order.
    public var settingDescriptions: [SettingDescription] { Self.settingDescriptions }

    /// The number of that name (1 or 0 for a flag), nil where it has none.
    public func value(of name: String) -> Double? {
        Self.settings.first { $0.name == name }.map { self[keyPath: $0.path] }
    }

    /// Sets the number of that name. Traps where there is none, or its range does not allow the value: ask first.
    public mutating func set(_ name: String, to value: Double) {
        guard let setting = Self.settings.first(where: { $0.name == name }) else {
            preconditionFailure("\(Self.self) has no setting '\(name)'")
        }
        precondition(setting.range.objection(to: value) == nil, "\(name) cannot be \(value)")
        self[keyPath: setting.path] = value
    }
}
