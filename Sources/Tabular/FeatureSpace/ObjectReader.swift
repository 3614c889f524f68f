import JSONText
import Wording

/// Reads one JSON object of a ``FeatureSpace`` member by member, and knows what to call it in errors.
struct ObjectReader {
    private let meaning: String
    private var seen: Set<String> = []

    /// - Parameter meaning: "a column".
    init(_ scanner: inout JSONScanner, _ meaning: String) throws(FeatureSpaceError) {
        self.meaning = meaning
        do throws(JSONScanner.Fault) { try scanner.beginObject() } catch { throw fault }
    }

    /// The error for an object that is not as it should be.
    var fault: FeatureSpaceError {
        FeatureSpaceError("has a feature space in which \(meaning) is not what is expected")
    }

    /// The error for a member that there is none of.
    func unknown(_ key: String) -> FeatureSpaceError {
        FeatureSpaceError("has a feature space in which \(meaning) has an unexpected '\(visible(key, limit: 40))'")
    }

    /// The next member's key, nil where the object ends. No key comes twice.
    mutating func next(_ scanner: inout JSONScanner) throws(FeatureSpaceError) -> String? {
        let key: String?
        do throws(JSONScanner.Fault) { key = try scanner.nextKey(isFirst: seen.isEmpty) } catch { throw fault }
        guard let key else { return nil }
        guard seen.insert(key).inserted else { throw unknown(key) }
        return key
    }

    /// A value, read by the scanner.
    func read<Value>(
        _ scanner: inout JSONScanner, _ value: (inout JSONScanner) throws(JSONScanner.Fault) -> Value
    ) throws(FeatureSpaceError) -> Value {
        do throws(JSONScanner.Fault) { return try value(&scanner) } catch { throw fault }
    }

    func text(_ scanner: inout JSONScanner) throws(FeatureSpaceError) -> String {
        try read(&scanner) { (scanner) throws(JSONScanner.Fault) in try scanner.string() }
    }

    func number(_ scanner: inout JSONScanner) throws(FeatureSpaceError) -> Double {
        try read(&scanner) { (scanner) throws(JSONScanner.Fault) in try scanner.number() }
    }

    func float(_ scanner: inout JSONScanner) throws(FeatureSpaceError) -> Float {
        try read(&scanner) { (scanner) throws(JSONScanner.Fault) in try scanner.float() }
    }

    func flag(_ scanner: inout JSONScanner) throws(FeatureSpaceError) -> Bool {
        try read(&scanner) { (scanner) throws(JSONScanner.Fault) in try scanner.boolean() }
    }

    /// One of some words.
    func word<Word: RawRepresentable>(
        _ scanner: inout JSONScanner
    ) throws(FeatureSpaceError) -> Word where Word.RawValue == String {
        guard let word = Word(rawValue: try text(&scanner)) else { throw fault }
        return word
    }

    func texts(_ scanner: inout JSONScanner) throws(FeatureSpaceError) -> [String] {
        try list(&scanner) { (scanner) throws(FeatureSpaceError) in try text(&scanner) }
    }

    func list<Value>(
        _ scanner: inout JSONScanner, _ value: (inout JSONScanner) throws(FeatureSpaceError) -> Value
    ) throws(FeatureSpaceError) -> [Value] {
        var values: [Value] = []
        var isFirst = true
        do throws(JSONScanner.Fault) { try scanner.beginList() } catch { throw fault }
        while try read(&scanner, { (scanner) throws(JSONScanner.Fault) in try scanner.hasNext(isFirst: isFirst) }) {
            isFirst = false
            values.append(try value(&scanner))
        }
        return values
    }
}
