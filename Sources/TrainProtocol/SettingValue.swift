/// What a hyperparameter can be: a number, a switch, or one of some names.
public enum SettingValue: Hashable, Sendable {
    /// A number: a learning rate, a batch size.
    case number(Double)
    /// On or off: `nesterov`.
    case flag(Bool)
    /// One of ``Hyperparameter/choices``, by its name: "adam".
    case choice(String)

    /// The number, nil where it is none.
    public var number: Double? { if case .number(let number) = self { number } else { nil } }
}

extension SettingValue: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    /// A number.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// A number.
    public init(integerLiteral value: Int) { self = .number(Double(value)) }
}
