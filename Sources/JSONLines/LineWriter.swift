import TrainProtocol
import Wording

/// One JSON object, written in the order in which its values come.
///
/// Foundation's encoder has no order of its own but the alphabet's, in which nobody finds the event or the step. A
/// Double is written as the shortest decimal that reads to the same bits. JSON has no word for what is no finite
/// number: it is null.
struct LineWriter {
    private var members: [String] = []

    /// A line that begins with its event's word.
    init(event: String) { add("event", event) }

    /// An object in a line.
    init() {}

    /// The object, in one line.
    var text: String { "{\(members.joined(separator: ","))}" }

    mutating func add(_ key: String, _ value: String) { add(key, raw: quoted(value)) }
    mutating func add(_ key: String, _ value: some BinaryInteger) { add(key, raw: "\(value)") }
    mutating func add(_ key: String, _ value: Double?) { add(key, raw: Self.text(value)) }
    mutating func add(_ key: String, _ value: LineWriter) { add(key, raw: value.text) }

    mutating func add(_ key: String, _ values: [LineWriter]) {
        add(key, raw: "[\(values.map(\.text).joined(separator: ","))]")
    }

    /// Numbers, switches and names each as what they are.
    mutating func add(_ key: String, _ value: SettingValue) {
        switch value {
        case .number(let number): add(key, number)
        case .flag(let isOn): add(key, raw: isOn ? "true" : "false")
        case .choice(let name): add(key, name)
        }
    }

    /// Sixteen hexadecimal digits.
    mutating func add(bits key: String, _ value: UInt64) {
        let digits = String(value, radix: 16)
        add(key, String(repeating: "0", count: 16 - digits.count) + digits)
    }

    private mutating func add(_ key: String, raw value: String) { members.append("\(quoted(key)):\(value)") }

    private static func text(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "null" }
        return "\(value)"
    }
}
