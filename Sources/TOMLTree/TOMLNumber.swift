/// A number as TOML writes it.
enum TOMLNumber {
    /// A whole number.
    case integer(Int64)
    /// Any other, `inf` and `nan` included. One beyond the greatest becomes infinite, as IEEE 754 rounds it.
    case double(Double)
    /// A whole number that takes more than 64 bits.
    case tooLarge

    /// The number that a word is, nil if it is none.
    init?(_ word: ArraySlice<UInt8>) {
        let digits = word.first == UInt8(ascii: "+") || word.first == UInt8(ascii: "-") ? word.dropFirst() : word
        switch String(decoding: digits.prefix(3), as: UTF8.self) {
        case "inf" where digits.count == 3:
            self = .double(word.first == UInt8(ascii: "-") ? -.infinity : .infinity)
        case "nan" where digits.count == 3:
            self = .double(.nan)
        default:
            let radix: Int? =
                switch String(decoding: word.prefix(2), as: UTF8.self) {
                case "0x": 16
                case "0o": 8
                case "0b": 2
                default: nil
                }
            if let radix {
                guard let digits = Self.digits(word.dropFirst(2), radix: radix) else { return nil }
                self = Int64(digits, radix: radix).map(TOMLNumber.integer) ?? .tooLarge
            } else if let number = Self.decimal(word, digits) {
                self = number
            } else {
                return nil
            }
        }
    }

    /// - Parameter unsigned: the word without its sign.
    private static func decimal(_ word: ArraySlice<UInt8>, _ unsigned: ArraySlice<UInt8>) -> TOMLNumber? {
        var rest = unsigned
        func take(upTo isEnd: (UInt8) -> Bool) -> ArraySlice<UInt8> {
            let part = rest.prefix { !isEnd($0) }
            rest = rest[part.endIndex...]
            return part
        }
        let sign = word.first == UInt8(ascii: "-") ? "-" : ""
        let isPoint = { $0 == UInt8(ascii: ".") }
        let isExponent = { $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E") }
        let whole = take { isPoint($0) || isExponent($0) }
        guard let wholeDigits = digits(whole), whole.count == 1 || whole.first != UInt8(ascii: "0") else { return nil }
        var text = sign + wholeDigits
        if rest.isEmpty { return Int64(text).map(TOMLNumber.integer) ?? .tooLarge }
        if rest.first.map(isPoint) == true {
            rest = rest.dropFirst()
            guard let fraction = digits(take(upTo: isExponent)) else { return nil }
            text += ".\(fraction)"
        }
        if rest.first.map(isExponent) == true {
            rest = rest.dropFirst()
            text += "e"
            if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
                text.unicodeScalars.append(Unicode.Scalar(sign))
                rest = rest.dropFirst()
            }
            guard let exponent = digits(rest) else { return nil }
            text += exponent
        }
        return Double(text).map(TOMLNumber.double)
    }

    /// The digits, without the underscores that may stand between any two of them; nil if there is anything else, or
    /// nothing.
    private static func digits(_ part: ArraySlice<UInt8>, radix: Int = 10) -> String? {
        var digits: [UInt8] = []
        for group in part.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false) {
            guard !group.isEmpty else { return nil }
            for byte in group {
                guard Character(Unicode.Scalar(byte)).hexDigitValue.map({ $0 < radix }) == true else { return nil }
            }
            digits += group
        }
        return String(decoding: digits, as: UTF8.self)
    }
}
