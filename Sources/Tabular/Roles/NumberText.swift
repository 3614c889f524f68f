/// How a column's numbers are written.
public enum NumberNotation: String, Sendable, CaseIterable {
    /// 1,234.5
    case point
    /// 1.234,5
    case comma
}

/// Numbers as people write them: `1,234`, `12%`, `$1,200.50`, `5 €`, `(3)`, and with a decimal comma `1.234,5`.
///
/// A sign, a currency's sign and a percent sign are taken off; 12% is 12, for that is the unit that it is written in.
/// Thousands are apart by a comma (by a point where the comma is decimal), a blank or an apostrophe, in groups of three;
/// groups of two before the last are India's.
enum NumberText {
    private static let currencies: Set<Unicode.Scalar> = ["$", "€", "£", "¥", "₹", "₩", "₽"]
    private static let blanks: Set<Unicode.Scalar> = [" ", "\t", "\u{A0}", "\u{202F}", "\u{2009}"]

    /// The number that a text says, nil where it says none, or none that a float can be.
    static func read(_ text: String, _ notation: NumberNotation) -> Float? {
        // The longest number that somebody could have meant: beyond it nothing is looked at.
        guard text.utf8.count <= 400 else { return nil }
        var scalars = Array(text.unicodeScalars)[...]
        var isNegative = false
        var isPercent = false
        var hasCurrency = false
        trim(&scalars)
        if scalars.first == "(", scalars.last == ")" {
            isNegative = true
            scalars = scalars.dropFirst().dropLast()
        }
        var isSigned = isNegative
        while let first = scalars.first {
            if first == "-" || first == "\u{2212}" || first == "+", !isSigned {
                isSigned = true
                isNegative = first != "+"
            } else if currencies.contains(first), !hasCurrency {
                hasCurrency = true
            } else if !blanks.contains(first) {
                break
            }
            scalars.removeFirst()
        }
        while let last = scalars.last {
            if last == "%", !isPercent {
                isPercent = true
            } else if currencies.contains(last), !hasCurrency {
                hasCurrency = true
            } else if !blanks.contains(last) {
                break
            }
            scalars.removeLast()
        }
        guard let plain = plain(scalars, notation), let value = number(plain) else { return nil }
        return isNegative ? -value : value
    }

    /// Whether a text is a number only where the comma is decimal: `12,5`, `1.234,50`.
    static func needsComma(_ text: String) -> Bool { read(text, .comma) != nil && read(text, .point) == nil }

    private static func trim(_ scalars: inout ArraySlice<Unicode.Scalar>) {
        while let first = scalars.first, blanks.contains(first) { scalars.removeFirst() }
        while let last = scalars.last, blanks.contains(last) { scalars.removeLast() }
    }

    /// The digits without what sets thousands apart, with a decimal point; nil where the groups are none.
    private static func plain(_ scalars: ArraySlice<Unicode.Scalar>, _ notation: NumberNotation) -> [UInt8]? {
        let (decimal, thousands): (Unicode.Scalar, Unicode.Scalar) = notation == .point ? (".", ",") : (",", ".")
        var whole: [UInt8] = []
        var groups: [Int] = []
        var digits = 0
        var separator: Unicode.Scalar?
        var rest = scalars
        while let scalar = rest.first {
            if ("0"..."9").contains(scalar) {
                whole.append(UInt8(ascii: scalar))
                digits += 1
            } else if digits > 0, scalar == thousands || scalar == "'" || blanks.contains(scalar) {
                guard separator == nil || separator == scalar else { return nil }
                separator = scalar
                groups.append(digits)
                digits = 0
            } else {
                break
            }
            rest.removeFirst()
        }
        if !groups.isEmpty {
            groups.append(digits)
            let isGrouped =
                digits == 3 && groups[0] <= 3 && groups.dropFirst().dropLast().allSatisfy { (2...3).contains($0) }
            // With a decimal comma, a point that sets nothing apart is a decimal one all the same: 12.5 is 12.5.
            if !isGrouped, notation == .comma, groups.count == 2, separator == "." {
                whole.insert(UInt8(ascii: "."), at: groups[0])
            } else if !isGrouped {
                return nil
            }
        }
        guard let mark = rest.first else { return whole.isEmpty ? nil : whole }
        if mark == decimal {
            guard !whole.contains(UInt8(ascii: ".")) else { return nil }
            whole.append(UInt8(ascii: "."))
            rest.removeFirst()
        }
        // What is left: decimals, and an exponent where nothing was set apart.
        for scalar in rest {
            let isExponent = groups.isEmpty && "eE+-".unicodeScalars.contains(scalar)
            guard ("0"..."9").contains(scalar) || isExponent else { return nil }
            whole.append(UInt8(ascii: scalar))
        }
        return whole
    }

    private static func number(_ bytes: [UInt8]) -> Float? {
        guard let first = bytes.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-") else { return nil }
        let reading = bytes.withUnsafeBufferPointer { DecimalText.read($0.baseAddress!, $0.indices) }
        guard case .number(let value) = reading else { return nil }
        return value
    }
}
