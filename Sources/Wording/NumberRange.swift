/// What values a number may have, and the words for one that it may not.
public struct NumberRange: Sendable, Hashable {
    /// The least value, itself allowed only where `includesLeast`.
    public let least: Double
    /// Whether `least` itself is allowed.
    public let includesLeast: Bool
    /// The greatest value, itself allowed only where `includesGreatest`.
    public let greatest: Double
    /// Whether `greatest` itself is allowed.
    public let includesGreatest: Bool
    /// Whether only whole numbers are allowed.
    public let isWhole: Bool

    /// The numbers from `least` to `greatest`, by default all finite ones from `least` on.
    public init(
        least: Double, includesLeast: Bool, greatest: Double = .greatestFiniteMagnitude, includesGreatest: Bool = true,
        isWhole: Bool = false
    ) {
        self.least = least
        self.includesLeast = includesLeast
        self.greatest = greatest
        self.includesGreatest = includesGreatest
        self.isWhole = isWhole
    }

    /// Greater than 0.
    public static let positive = NumberRange(least: 0, includesLeast: false)
    /// 0 or more.
    public static let notNegative = NumberRange(least: 0, includesLeast: true)
    /// From 0 up to but not including 1: fractions, and decay rates such as `beta_1`.
    public static let belowOne = NumberRange(least: 0, includesLeast: true, greatest: 1, includesGreatest: false)
    /// Whole numbers from `least` to `greatest`.
    public static func whole(from least: Int, to greatest: Int = 1 << 53) -> NumberRange {
        NumberRange(least: Double(least), includesLeast: true, greatest: Double(greatest), isWhole: true)
    }

    /// Whether `value` is allowed.
    public func contains(_ value: Double) -> Bool {
        guard value.isFinite, !isWhole || value == value.rounded() else { return false }
        return (value > least || (includesLeast && value == least))
            && (value < greatest || (includesGreatest && value == greatest))
    }

    /// Why `value` is not allowed, as a sentence's second half ("must be greater than 0"); nil where it is allowed.
    public func objection(to value: Double) -> String? {
        guard value.isFinite else { return "must be a finite number" }
        if isWhole, value != value.rounded() { return "must be a whole number" }
        if value < least || (value == least && !includesLeast) {
            return "must be \(includesLeast ? "at least" : "greater than") \(least.plain)"
        }
        if value > greatest || (value == greatest && !includesGreatest) {
            return "must be \(includesGreatest ? "at most" : "less than") \(greatest.plain)"
        }
        return nil
    }
}

extension Double {
    /// Without ".0" where the number is whole.
    fileprivate var plain: String { self == rounded() && abs(self) < 1e15 ? String(Int(self)) : "\(self)" }
}
