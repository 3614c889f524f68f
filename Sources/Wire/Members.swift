package import TrainProtocol
import Wording

/// An object of a message, out of which values are taken. What is not asked for is passed over: a later version may have
/// more.
package struct Members: Sendable, Equatable {
    private let place: String
    private let members: [String: JSONTree]

    /// Counts stay where Double has every whole number.
    private static let greatestCount = (1 << 53) - 1

    /// - Parameter place: what it is part of, for errors: "samples".
    package init(_ tree: JSONTree?, of place: String) throws(WireError) {
        guard case .object(let members)? = tree else { throw WireError("\(place): expected an object") }
        self.place = visible(place, limit: 40)
        self.members = members
    }

    /// The value of a key, nil where there is none or null.
    package func value(_ key: String) -> JSONTree? {
        let value = members[key]
        return value == .null ? nil : value
    }

    package func string(_ key: String) throws(WireError) -> String {
        guard let text = try optionalString(key) else { throw wrong(key, "a string") }
        return text
    }

    package func optionalString(_ key: String) throws(WireError) -> String? {
        guard let value = value(key) else { return nil }
        guard case .string(let text) = value else { throw wrong(key, "a string") }
        return text
    }

    package func flag(_ key: String, else fallback: Bool = false) throws(WireError) -> Bool {
        guard let value = value(key) else { return fallback }
        guard case .flag(let isOn) = value else { throw wrong(key, "true or false") }
        return isOn
    }

    package func optionalNumber(_ key: String) throws(WireError) -> Double? {
        guard let value = value(key) else { return nil }
        guard case .number(let number) = value else { throw wrong(key, "a number") }
        return number
    }

    package func number(_ key: String) throws(WireError) -> Double {
        guard let number = try optionalNumber(key) else { throw wrong(key, "a number") }
        return number
    }

    package func optionalCount(_ key: String, from least: Int = 0) throws(WireError) -> Int? {
        guard let value = value(key) else { return nil }
        guard let count = Self.count(value, from: least) else { throw wrong(key, "a whole number from \(least)") }
        return count
    }

    package func count(_ key: String, from least: Int = 0) throws(WireError) -> Int {
        guard let count = try optionalCount(key, from: least) else { throw wrong(key, "a whole number from \(least)") }
        return count
    }

    package func setting(_ key: String) throws(WireError) -> SettingValue {
        switch value(key) {
        case .number(let number)?: return .number(number)
        case .flag(let isOn)?: return .flag(isOn)
        case .string(let name)?: return .choice(name)
        case .null?, .list?, .object?, nil: throw wrong(key, "a number, true, false or a name")
        }
    }

    /// The elements of a list as values of hyperparameters.
    package func settings(_ key: String) throws(WireError) -> [SettingValue] {
        var settings: [SettingValue] = []
        for element in try list(key) {
            settings.append(try Members(["value": element], of: "\(place).\(key)").setting("value"))
        }
        return settings
    }

    /// The elements of a list, none where there is no list.
    package func list(_ key: String) throws(WireError) -> [JSONTree] {
        guard let value = value(key) else { return [] }
        guard case .list(let list) = value else { throw wrong(key, "a list") }
        return list
    }

    /// The objects of a list, none where there is no list.
    package func objects(_ key: String) throws(WireError) -> [Members] {
        var objects: [Members] = []
        for element in try list(key) { objects.append(try Members(element, of: "\(place).\(key)")) }
        return objects
    }

    /// An object, nil where there is none.
    package func optionalObject(_ key: String) throws(WireError) -> Members? {
        guard let value = value(key) else { return nil }
        return try Members(value, of: "\(place).\(key)")
    }

    /// Numbers, of which some may be null.
    package func numbers(_ key: String) throws(WireError) -> [Double?] {
        var numbers: [Double?] = []
        for element in try list(key) {
            switch element {
            case .number(let number): numbers.append(number)
            case .null: numbers.append(nil)
            case .flag, .string, .list, .object: throw wrong(key, "a list of numbers")
            }
        }
        return numbers
    }

    /// The keys with their texts; other values are passed over.
    package func texts(_ key: String) throws(WireError) -> [String: String] {
        guard let object = try optionalObject(key) else { return [:] }
        return object.members.compactMapValues { if case .string(let text) = $0 { text } else { nil } }
    }

    /// What is wrong with a value.
    package func wrong(_ key: String, _ expected: String) -> WireError {
        WireError("\(place): '\(key)' must be \(expected)")
    }

    package static func count(_ value: JSONTree, from least: Int = 0) -> Int? {
        guard case .number(let number) = value, let count = Int(exactly: number),
            (least...greatestCount).contains(count)
        else { return nil }
        return count
    }
}
