import Wording

/// One JSON object, written in the order in which its values come.
///
/// Foundation's encoder has no order of its own but the alphabet's, in which nobody finds the event or the step. A
/// Double is written as the shortest decimal that reads to the same bits.
struct LineWriter {
    private var members: [String] = []

    /// The object, in one line.
    var text: String { "{\(members.joined(separator: ","))}" }

    mutating func add(_ key: String, _ value: String) { members.append("\"\(key)\":\(quoted(value))") }
    mutating func add(_ key: String, _ value: Int) { members.append("\"\(key)\":\(value)") }
    mutating func add(_ key: String, _ value: LineWriter) { members.append("\"\(key)\":\(value.text)") }

    mutating func add(_ key: String, _ values: [LineWriter]) {
        members.append("\"\(key)\":[\(values.map(\.text).joined(separator: ","))]")
    }

    /// JSON has no word for what is no finite number; no hyperparameter is.
    mutating func add(_ key: String, _ value: Double) {
        precondition(value.isFinite, "\(key) is \(value)")
        members.append("\"\(key)\":\(value)")
    }

    /// Sixteen hexadecimal digits.
    mutating func add(bits key: String, _ value: UInt64) {
        let digits = String(value, radix: 16)
        members.append("\"\(key)\":\"\(String(repeating: "0", count: 16 - digits.count))\(digits)\"")
    }
}
