/// Values by their keys, in the order in which they were added.
///
/// Keys are the same only where their bytes are, as TOML has it; two Swift strings are equal also where one writes `é` as
/// one character and the other as two.
package struct KeyedValues<Value> {
    private var entries: [(key: String, value: Value)] = []
    /// Where each key stands among the entries; empty while they are so few that looking through them is as fast.
    private var places: [ExactKey: Int] = [:]

    private static var fewEntries: Int { 8 }

    /// None.
    package init() {}

    /// How many there are.
    package var count: Int { entries.count }

    /// The keys in their order.
    package var keys: [String] { entries.map(\.key) }

    /// The value of a key, nil if there is none.
    package subscript(key: String) -> Value? { place(of: key).map { entries[$0].value } }

    /// Where the key stands in the order, nil if it is not there.
    func place(of key: String) -> Int? {
        if entries.count > Self.fewEntries { return places[ExactKey(text: key)] }
        return entries.firstIndex { ExactKey(text: $0.key) == ExactKey(text: key) }
    }

    /// The value at a place of the order.
    subscript(place: Int) -> Value {
        get { entries[place].value }
        set { entries[place].value = newValue }
    }

    /// Adds a key that is not there yet.
    mutating func append(_ key: String, _ value: Value) {
        entries.append((key, value))
        if entries.count == Self.fewEntries + 1 {
            for (place, entry) in entries.enumerated() { places[ExactKey(text: entry.key)] = place }
        } else if entries.count > Self.fewEntries {
            places[ExactKey(text: key)] = entries.count - 1
        }
    }

    /// The same keys with other values.
    func mapValues<Other>(_ transform: (Value) -> Other) -> KeyedValues<Other> {
        var result = KeyedValues<Other>()
        result.entries = entries.map { ($0.key, transform($0.value)) }
        result.places = places
        return result
    }
}

extension KeyedValues: Sendable where Value: Sendable {}

extension KeyedValues: Equatable where Value: Equatable {
    /// Whether both have the same keys in the same order with equal values.
    package static func == (left: KeyedValues, right: KeyedValues) -> Bool {
        left.entries.elementsEqual(right.entries) {
            ExactKey(text: $0.key) == ExactKey(text: $1.key) && $0.value == $1.value
        }
    }
}

/// A text that is equal to another only byte for byte.
private struct ExactKey: Hashable {
    let text: String

    static func == (left: ExactKey, right: ExactKey) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
