/// Numbers as text that stands still: the same width and decimals whatever the value, in no locale but this one.
///
/// A value that is not known is a dash. None of these can trap: NaN is `nan`, infinities are `inf` and `−inf`, and
/// numbers too large for their form are written with an exponent.
package enum NumberFormat {
    /// `0.9755`: so many decimals, right-aligned in `width` columns.
    package static func fixed(_ value: Double?, decimals: Int, width: Int = 0) -> SafeText {
        text(value) { unsigned($0, decimals: decimals) }.padded(to: width)
    }

    /// `61 %`, `2.4 %`, `0.03 %`: a share of 1 in hundredths, with about two digits.
    package static func percent(_ share: Double?) -> SafeText {
        guard let share else { return fixed(nil, decimals: 0) }
        let percent = share * 100
        // What is rounded to 10 or to 1 has the digits of these.
        let size = percent.magnitude
        return fixed(percent, decimals: size >= 9.95 ? 0 : size >= 0.995 ? 1 : 2) + " %"
    }

    /// `0.9755`, `28.40`, `10,989`: about so many digits, right-aligned in `width` columns. For a column whose values
    /// differ by orders of magnitude; else ``fixed(_:decimals:width:)`` is steadier.
    package static func significant(_ value: Double?, digits: Int = 4, width: Int = 0) -> SafeText {
        text(value) { magnitude in
            let digits = max(1, digits)
            let exponent = magnitude == 0 ? 0 : Decimal(magnitude, digits: digits).exponent
            if exponent < -digits || exponent > 8 { return Decimal(magnitude, digits: digits).scientific }
            return unsigned(magnitude, decimals: max(0, digits - 1 - max(0, exponent)))
        }.padded(to: width)
    }

    /// `0.9755`, `28.4000`, `1,234.50`, `3.10e-5`: a loss or a metric, of decimals as steady as its values can be.
    package static func metric(_ value: Double?, width: Int = 0) -> SafeText {
        switch value?.magnitude {
        case .some(0): fixed(0, decimals: 4, width: width)
        case .some(..<0.001), .some(100_000...): significant(value, digits: 3, width: width)
        case .some(..<100): fixed(value, decimals: 4, width: width)
        default: fixed(value, decimals: 2, width: width)
        }
    }

    /// `−0.031`, `+0.012`: with its sign, for differences. A difference that rounds to zero has no sign.
    package static func signed(_ value: Double?, decimals: Int, width: Int = 0) -> SafeText {
        guard let value, value > 0 else { return fixed(value, decimals: decimals, width: width) }
        let number = unsigned(value, decimals: decimals)
        let isZero = number.allSatisfy { $0 == "0" || $0 == "." }
        return SafeText(isZero ? number : "+" + number).padded(to: width)
    }

    /// `10,989`: a whole number with its thousands apart.
    package static func grouped(_ value: Int, width: Int = 0) -> SafeText {
        let digits = group(String(value.magnitude))
        return SafeText(value < 0 ? "−" + digits : digits).padded(to: width)
    }

    /// `200`, `812 k`, `1.42 M`: three digits and a metric prefix, for rates.
    package static func compact(_ value: Double?, width: Int = 0) -> SafeText {
        text(value) { magnitude in
            if magnitude < 999.5 {
                let isWhole = magnitude >= 99.95 || magnitude == magnitude.rounded()
                return unsigned(magnitude, decimals: isWhole ? 0 : magnitude < 9.995 ? 2 : 1)
            }
            // Rounded before it is divided: 999,999 is 1.00 M, not 1000 k.
            let decimal = Decimal(magnitude, digits: 3)
            guard decimal.exponent < 15 else { return decimal.scientific }
            let thousands = decimal.exponent / 3
            let prefix = ["", "k", "M", "G", "T"][thousands]
            let whole = decimal.exponent % 3 + 1
            let digits = decimal.digits
            let fraction = digits.dropFirst(whole)
            return digits.prefix(whole) + (fraction.isEmpty ? "" : "." + fraction) + " " + prefix
        }.padded(to: width)
    }

    /// `0:05.5`, `12:03`, `1:02:03`, `4 d 03 h`: a stretch of time, with tenths in the first ten minutes.
    package static func duration(seconds: Double?, width: Int = 0) -> SafeText {
        guard let seconds, seconds >= 0, seconds < 1e10 else { return SafeText("—").padded(to: width) }
        let tenths = Int((seconds * 10).rounded(.down))
        let whole = tenths / 10
        let text =
            switch whole {
            case ..<600: "\(whole / 60):\(two(whole % 60)).\(tenths % 10)"
            case ..<3600: "\(whole / 60):\(two(whole % 60))"
            case ..<360_000: "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))"
            default: "\(whole / 86_400) d \(two(whole / 3600 % 24)) h"
            }
        return SafeText(text).padded(to: width)
    }

    /// `0.01`, `0.005`, `3e-4`, `32`: the shortest text that reads back as the same number, for values that a person
    /// sets. An exponent where the plain form would begin with `0.000` or pass a million million.
    package static func shortest(_ value: Double?, width: Int = 0) -> SafeText {
        text(value) { magnitude in
            if magnitude == 0 { return "0" }
            let decimal = Decimal(shortest: magnitude)
            return decimal.exponent < -3 || decimal.exponent > 12 ? decimal.scientific : decimal.plain
        }.padded(to: width)
    }

    // MARK: - Pieces

    /// What all forms share: the dash, NaN, infinity and the sign.
    private static func text(_ value: Double?, _ magnitude: (Double) -> String) -> SafeText {
        guard let value else { return SafeText("—") }
        if value.isNaN { return "nan" }
        let number = value.isInfinite ? "inf" : magnitude(value.magnitude)
        // A negative number that rounds to zero is zero.
        let isZero = number.allSatisfy { $0 == "0" || $0 == "." }
        return SafeText(value < 0 && !isZero ? "−" + number : number)
    }

    /// A finite number from 0 up with so many decimals and its thousands apart.
    static func unsigned(_ value: Double, decimals: Int) -> String {
        let decimals = min(max(0, decimals), 12)
        let power = (0..<decimals).reduce(1.0) { product, _ in product * 10 }
        let scaled = (value * power).rounded()
        // Beyond 2^53 there are no decimals left to show, and soon no Int.
        guard scaled < 9e15 else { return Decimal(value, digits: 4).scientific }
        let (whole, fraction) = Int(scaled).quotientAndRemainder(dividingBy: Int(power))
        if decimals == 0 { return group(String(whole)) }
        let digits = String(fraction)
        return group(String(whole)) + "." + String(repeating: "0", count: decimals - digits.count) + digits
    }

    private static func group(_ digits: String) -> String {
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { result.append(",") }
            result.append(digit)
        }
        return result
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}

/// A positive finite number as decimal digits: `digits` with a point behind the first, times ten to the `exponent`.
struct Decimal: Equatable {
    /// The digits, the first one not zero.
    let digits: String
    /// The power of ten of the first digit.
    let exponent: Int

    /// The fewest digits that read back as the same number, as Swift's own description finds them.
    init(shortest value: Double) {
        let parts = value.description.split(separator: "e")
        let mantissa = parts[0]
        let point = mantissa.firstIndex(of: ".") ?? mantissa.endIndex
        let all = mantissa.filter { $0 != "." }
        let leadingZeros = all.prefix { $0 == "0" }.count
        var digits = all.dropFirst(leadingZeros)
        while digits.count > 1, digits.last == "0" { digits.removeLast() }
        self.digits = String(digits)
        let whole = mantissa.distance(from: mantissa.startIndex, to: point)
        exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) + whole - 1 - leadingZeros
    }

    /// Exactly so many digits, rounded half up from the shortest ones.
    init(_ value: Double, digits count: Int) {
        let shortest = Decimal(shortest: value)
        var digits = shortest.digits.utf8.map { $0 - 48 }
        var exponent = shortest.exponent
        if digits.count > count {
            var carry: UInt8 = digits[count] >= 5 ? 1 : 0
            digits.removeLast(digits.count - count)
            for index in digits.indices.reversed() where carry > 0 {
                digits[index] += carry
                carry = digits[index] == 10 ? 1 : 0
                if carry > 0 { digits[index] = 0 }
            }
            if carry > 0 {
                digits = [1] + digits.dropLast()
                exponent += 1
            }
        }
        digits += Array(repeating: 0, count: count - digits.count)
        self.digits = digits.map(String.init).joined()
        self.exponent = exponent
    }

    /// `2.84e7`
    var scientific: String {
        (digits.count > 1 ? "\(digits.prefix(1)).\(digits.dropFirst())" : digits) + "e\(exponent)"
    }

    /// `28400000`, `0.00284`
    var plain: String {
        if exponent < 0 { return "0." + String(repeating: "0", count: -exponent - 1) + digits }
        if exponent >= digits.count - 1 { return digits + String(repeating: "0", count: exponent - digits.count + 1) }
        return "\(digits.prefix(exponent + 1)).\(digits.dropFirst(exponent + 1))"
    }
}
