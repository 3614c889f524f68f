/// What is to be done to a hyperparameter's value: `0.003`, `*2`, `/3`, `+5`, `adam`.
public enum ValueChange: Sendable, Equatable {
    /// This value.
    case value(SettingValue)
    /// The present number times this.
    case times(Double)
    /// The present number divided by this.
    case dividedBy(Double)
    /// The present number and this.
    case plus(Double)

    /// The new value, given the present one. A factor leaves what is no number as it is.
    public func applied(to present: SettingValue) -> SettingValue {
        if case .value(let value) = self { return value }
        guard case .number(let present) = present else { return present }
        return switch self {
        case .value(let value): value
        case .times(let factor): .number((present * factor).tidied())
        case .dividedBy(let divisor): .number((present / divisor).tidied())
        case .plus(let difference): .number(present + difference)
        }
    }
}

extension Double {
    /// Rounded to so many significant digits, the nearest Double to that decimal: 0.01 x 1.1 is 0.011.
    ///
    /// Products of tidy values stay readable: 0.011, 0.0121, 0.01331, 0.01464.
    public func tidied(digits: Int = 4) -> Double {
        guard isFinite, self != 0 else { return self }
        // A first guess of the power of ten from the binary exponent is right or one too small.
        var power = Int((Double(magnitude.exponent) * 0.301029995663981).rounded(.down)) - digits + 1
        guard let unit = Double("1e\(power)"), unit > 0 else { return self }
        var scaled = (magnitude / unit).rounded()
        if scaled >= Double("1e\(digits)")! {  // a constant of two to five characters, always a number
            power += 1
            scaled = (magnitude / unit / 10).rounded()
        }
        guard scaled.isFinite, scaled < 1e15, let tidy = Double("\(Int(scaled))e\(power)") else { return self }
        return self < 0 ? -tidy : tidy
    }
}
