import JSONText
import Wording

/// A JSON value as it came, or as it goes.
package indirect enum JSONTree: Sendable, Equatable {
    case null
    case flag(Bool)
    case number(Double)
    case string(String)
    case list([JSONTree])
    case object([String: JSONTree])

    /// Lists and objects inside of each other that a message may have. The deepest one of the protocol has 6.
    package static let deepest = 32

    /// Reads one value that fills the bytes; nil where they are no such JSON.
    package init?(_ bytes: ArraySlice<UInt8>) {
        var scanner = JSONScanner(bytes)
        do throws(JSONScanner.Fault) {
            self = try Self.read(&scanner, depth: 1)
            try scanner.finish()
        } catch {
            return nil
        }
    }

    private static func read(_ scanner: inout JSONScanner, depth: Int) throws(JSONScanner.Fault) -> JSONTree {
        guard depth <= deepest else { throw JSONScanner.Fault() }
        switch try scanner.peek() {
        case UInt8(ascii: "{"):
            var members: [String: JSONTree] = [:]
            try scanner.beginObject()
            var isFirst = true
            while let key = try scanner.nextKey(isFirst: isFirst) {
                isFirst = false
                members[key] = try read(&scanner, depth: depth + 1)
            }
            return .object(members)
        case UInt8(ascii: "["):
            var elements: [JSONTree] = []
            try scanner.beginList()
            while try scanner.hasNext(isFirst: elements.isEmpty) {
                elements.append(try read(&scanner, depth: depth + 1))
            }
            return .list(elements)
        case UInt8(ascii: "\""): return .string(try scanner.string())
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .flag(try scanner.boolean())
        case UInt8(ascii: "n"):
            try scanner.word("null")
            return .null
        default: return .number(try scanner.number())
        }
    }

    /// The value in one line of ASCII, members in the order of their keys. A number that is not finite is null.
    package var text: String {
        switch self {
        case .null: "null"
        case .flag(let isOn): isOn ? "true" : "false"
        case .number(let number):
            if !number.isFinite {
                "null"
            } else if number == number.rounded(), abs(number) < 0x1p53 {
                "\(Int(number))"
            } else {
                "\(number)"
            }
        case .string(let text): asciiJSON(quoted(text))
        case .list(let elements): "[\(elements.map(\.text).joined(separator: ","))]"
        case .object(let members):
            "{\(members.sorted { $0.key < $1.key }.map { "\(asciiJSON(quoted($0.key))):\($0.value.text)" }.joined(separator: ","))}"
        }
    }
}

extension JSONTree: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByDictionaryLiteral {
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .number(Double(value)) }
    package init(dictionaryLiteral elements: (String, JSONTree)...) {
        self = .object(Dictionary(elements) { $1 })
    }
}
