import TOMLTree

/// Values as one text each, the same for the same value whoever read it: numbers by their bits, keys in order of their
/// bytes, whatever is no letter or digit by its bytes.
enum CanonicalText {
    static func string(_ text: String) -> String {
        var result = "'"
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            if scalar.isASCII, scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                let digits = String(byte, radix: 16)
                result += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return result + "'"
    }

    static func integer(_ value: Int64) -> String { "i\(value)" }

    static func double(_ value: Double) -> String {
        value.isNaN ? "dnan" : "d" + String(value.bitPattern, radix: 16)
    }

    static func boolean(_ value: Bool) -> String { value ? "true" : "false" }

    /// - Parameter kind: as the official cases name it.
    static func dateTime(_ text: String, kind: String) -> String { "\(kind) \(normal(text))" }

    static func list(_ items: [String]) -> String { "[" + items.joined(separator: ",") + "]" }

    static func table(_ entries: [(key: String, value: String)]) -> String {
        let sorted = entries.map { (string($0.key), $0.value) }.sorted {
            $0.0.utf8.lexicographicallyPrecedes($1.0.utf8)
        }
        return "{" + sorted.map { "\($0.0)=\($0.1)" }.joined(separator: ",") + "}"
    }

    /// A date or time written one way: `T` and `Z` large, seconds there, their fraction to the microsecond and without
    /// noughts at its end, no distance from Greenwich as `+00:00`.
    private static func normal(_ text: String) -> String {
        var rest = Substring(text)
        var result = ""
        if rest.dropFirst(4).first == "-" {
            result += rest.prefix(10)
            rest = rest.dropFirst(10)
            guard !rest.isEmpty else { return result }
            result += "T"
            rest = rest.dropFirst()
        }
        let offset = rest.firstIndex { "Zz+-".contains($0) } ?? rest.endIndex
        let time = rest[..<offset].split(separator: ".")
        result += time[0] + (time[0].count == 5 ? ":00" : "")
        if time.count > 1 {
            let fraction = String(time[1].prefix(6).reversed().drop { $0 == "0" }.reversed())
            result += fraction.isEmpty ? "" : ".\(fraction)"
        }
        switch rest[offset...] {
        case "": return result
        case "Z", "z", "-00:00": return result + "+00:00"
        default: return result + rest[offset...]
        }
    }
}

extension TOMLNode.Value {
    /// See ``CanonicalText``.
    var canonicalText: String {
        switch self {
        case .string(let text): CanonicalText.string(text)
        case .integer(let value): CanonicalText.integer(value)
        case .double(let value): CanonicalText.double(value)
        case .boolean(let value): CanonicalText.boolean(value)
        case .dateTime(let value): CanonicalText.dateTime(value.text, kind: value.kind.officialName)
        case .array(let items): CanonicalText.list(items.map(\.value.canonicalText))
        case .table(let entries):
            CanonicalText.table(entries.keys.map { ($0, entries[$0]?.value.canonicalText ?? "") })
        }
    }
}

extension TOMLDateTime.Kind {
    fileprivate var officialName: String {
        switch self {
        case .offsetDateTime: "datetime"
        case .localDateTime: "datetime-local"
        case .localDate: "date-local"
        case .localTime: "time-local"
        }
    }
}
