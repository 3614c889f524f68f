import Foundation
import TrainProtocol
import Wording

/// Takes the values out of one JSON object of a journal, and says of each what it should have been.
struct LineReader {
    /// The file and the line: "journal.jsonl:7".
    private let place: String
    private var members: [String: JSONValue]
    private var known: [String] = []
    /// The format that the journal is written in, as its header says.
    var format = JournalHeader.format

    /// Counts stay where Double has every whole number, so that no sum of two of them is too large for Int.
    private static let greatestCount = (1 << 53) - 1

    init(_ bytes: some Sequence<UInt8>, file: String, line: Int) throws(JournalFileError) {
        place = "\(visible(file)):\(line)"
        do {
            members = try JSONDecoder().decode([String: JSONValue].self, from: Data(bytes))
        } catch {
            throw JournalFileError("\(place): expected one JSON object in a line")
        }
    }

    private init(_ place: String, _ members: [String: JSONValue], format: Int) {
        self.place = place
        self.members = members
        self.format = format
    }

    /// An error about the line.
    func error(_ message: String) -> JournalFileError { JournalFileError("\(place): \(message)") }

    mutating func string(_ key: String) throws(JournalFileError) -> String {
        guard let text = try optionalString(key) else { throw missing(key) }
        return text
    }

    mutating func optionalString(_ key: String) throws(JournalFileError) -> String? {
        guard let value = take(key) else { return nil }
        guard case .string(let text) = value else { throw error("'\(key)' must be a string") }
        return text
    }

    /// One of some words.
    mutating func word<Word: RawRepresentable & CaseIterable>(
        _ key: String, _ plural: String, _: Word.Type
    ) throws(JournalFileError) -> Word where Word.RawValue == String {
        let text = try string(key)
        guard let word = Word(rawValue: text) else {
            let names = Word.allCases.map(\.rawValue)
            throw error(
                "there is no \(key) '\(visible(text, limit: 40))'; \(hint(for: text, among: names, plural: plural))")
        }
        return word
    }

    /// A whole number of `least` or more.
    mutating func count(_ key: String, from least: Int = 0) throws(JournalFileError) -> Int {
        guard let count = try optionalCount(key, from: least) else { throw missing(key) }
        return count
    }

    mutating func optionalCount(_ key: String, from least: Int = 0) throws(JournalFileError) -> Int? {
        guard let value = take(key) else { return nil }
        guard case .number(let number) = value, let count = Int(exactly: number),
            (least...Self.greatestCount).contains(count)
        else { throw error("'\(key)' must be a whole number from \(least) to 2^53 - 1") }
        return count
    }

    /// A hyperparameter's value: a number, a switch or a name. Format 1 has numbers for all of them.
    mutating func value(_ key: String) throws(JournalFileError) -> SettingValue {
        guard let value = try optionalValue(key) else { throw missing(key) }
        return value
    }

    mutating func optionalValue(_ key: String) throws(JournalFileError) -> SettingValue? {
        guard let value = take(key) else { return nil }
        switch value {
        case .number(let number) where number.isFinite: return .number(number)
        case .flag(let isOn) where format > 1: return .flag(isOn)
        case .string(let name) where format > 1: return .choice(name)
        default: throw error("'\(key)' must be a number\(format > 1 ? ", true, false or a name" : "")")
        }
    }

    /// Sixteen hexadecimal digits.
    mutating func bits(_ key: String) throws(JournalFileError) -> UInt64 {
        let text = try string(key)
        guard Self.isHexadecimal(text, digits: 16), let bits = UInt64(text, radix: 16) else {
            throw error("'\(key)' must be 16 hexadecimal digits, in quotes")
        }
        return bits
    }

    mutating func optionalSHA256(_ key: String) throws(JournalFileError) -> String? {
        guard let text = try optionalString(key) else { return nil }
        guard Self.isHexadecimal(text, digits: 64) else {
            throw error("'\(key)' must be 64 hexadecimal digits, in quotes")
        }
        return text
    }

    mutating func object(_ key: String) throws(JournalFileError) -> LineReader {
        guard let object = try optionalObject(key) else { throw missing(key) }
        return object
    }

    mutating func optionalObject(_ key: String) throws(JournalFileError) -> LineReader? {
        guard let value = take(key) else { return nil }
        guard case .object(let members) = value else { throw error("'\(key)' must be an object") }
        return LineReader(place, members, format: format)
    }

    mutating func objects(_ key: String) throws(JournalFileError) -> [LineReader] {
        guard members[key] != nil else {
            known.append(key)
            throw missing(key)
        }
        return try optionalObjects(key)
    }

    /// None where there is no such key.
    mutating func optionalObjects(_ key: String) throws(JournalFileError) -> [LineReader] {
        guard let value = take(key) else { return [] }
        guard case .list(let list) = value else { throw error("'\(key)' must be a list of objects") }
        var objects: [LineReader] = []
        for element in list {
            guard case .object(let members) = element else { throw error("'\(key)' must be a list of objects") }
            objects.append(LineReader(place, members, format: format))
        }
        return objects
    }

    /// Throws for what is left: nothing in a journal is passed over.
    func finish() throws(JournalFileError) {
        guard let key = members.keys.min() else { return }
        throw error("unknown key '\(visible(key, limit: 40))'; \(hint(for: key, among: known, plural: "keys"))")
    }

    private mutating func take(_ key: String) -> JSONValue? {
        known.append(key)
        return members.removeValue(forKey: key)
    }

    private func missing(_ key: String) -> JournalFileError {
        // Perhaps it is there under a name that was mistyped.
        let guess = closest(key, among: members.keys.sorted()).map {
            "; is '\(visible($0, limit: 40))' meant to be it?"
        }
        return error("'\(key)' is missing\(guess ?? "")")
    }

    private static func isHexadecimal(_ text: String, digits: Int) -> Bool {
        text.utf8.count == digits
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}

/// Any JSON value that a journal can have; `null` it has not.
private enum JSONValue: Decodable {
    case string(String)
    case number(Double)
    case flag(Bool)
    case list([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        // In the order of how often each comes: an attempt that fails is slow.
        if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .string(text)
        } else if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let list = try? container.decode([JSONValue].self) {
            self = .list(list)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }
}
