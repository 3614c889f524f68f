import RunModel
import TrainProtocol

/// What a person types for a new value: `0.003`, `3e-3`, `*2`, `/3`, and `+5` for numbers that count something.
///
/// A leading minus is a sign, never a subtraction: `-1` means minus one, to be refused where that is out of range.
extension ValueChange {
    /// Why a text is not a value.
    struct Mistake: Error, Equatable {
        /// A sentence.
        let message: String
    }

    /// Reads a text, for a hyperparameter of that kind.
    init(_ text: String, isWhole: Bool, isFlag: Bool = false) throws(Mistake) {
        let text = text.filter { !$0.isWhitespace }
        guard let first = text.first else { throw Mistake(message: "type a value, such as 3e-3 or *2") }
        let rest = String(text.dropFirst())
        switch first {
        case "*", "×": self = .times(try Self.number(rest))
        case "/", "÷": self = .dividedBy(try Self.number(rest))
        case "+" where isWhole && !isFlag: self = .plus(try Self.number(rest))
        default:
            switch (isFlag, text.lowercased()) {
            case (true, "on"), (true, "true"), (true, "yes"): self = .value(.flag(true))
            case (true, "off"), (true, "false"), (true, "no"): self = .value(.flag(false))
            default: self = .value(.number(try Self.number(text)))
            }
        }
    }

    /// A decimal number; `nan` and `inf` are numbers here, for whoever checks the range to refuse with a reason.
    private static func number(_ text: String) throws(Mistake) -> Double {
        guard !text.isEmpty else { throw Mistake(message: "a number is missing") }
        // Double also reads hexadecimal, which nobody means here.
        guard !text.lowercased().contains("x"), let value = Double(text) else {
            throw Mistake(message: "\(text) is not a number")
        }
        return value
    }
}
