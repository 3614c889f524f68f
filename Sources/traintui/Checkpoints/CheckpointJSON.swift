import Wording

/// JSON that is written as it is told, without a value for each part of it: a checkpoint has ten thousand numbers, and
/// Foundation's encoder took ten times as long for them as all else that a checkpoint needs.
struct CheckpointJSON {
    private(set) var bytes: [UInt8] = []
    /// Whether what comes next is the first of its object or list.
    private var isFirst = true

    private static let digits = Array("0123456789abcdef".utf8)

    mutating func object(_ members: (inout CheckpointJSON) -> Void) {
        enclose("{", "}", members)
    }

    mutating func list<Items: Sequence>(
        _ name: StaticString, _ items: Items, _ write: (inout CheckpointJSON, Items.Element) -> Void
    ) {
        key(name)
        enclose("[", "]") { output in
            for item in items {
                output.separate()
                write(&output, item)
            }
        }
    }

    /// A list of objects.
    mutating func objects<Items: Sequence>(
        _ name: StaticString, _ items: Items, _ members: (inout CheckpointJSON, Items.Element) -> Void
    ) {
        list(name, items) { output, item in output.object { members(&$0, item) } }
    }

    mutating func object(_ name: StaticString, _ members: (inout CheckpointJSON) -> Void) {
        key(name)
        object(members)
    }

    // MARK: Members, which are left out where there is none

    mutating func add(_ name: StaticString, _ number: Int?) {
        guard let number else { return }
        key(name)
        bytes += String(number).utf8
    }

    mutating func add(_ name: StaticString, _ bits: CheckpointText.Bits?) {
        guard let bits else { return }
        key(name)
        write(bits)
    }

    mutating func add(_ name: StaticString, _ flag: Bool?) {
        guard let flag else { return }
        key(name)
        bytes += (flag ? "true" : "false").utf8
    }

    mutating func add(_ name: StaticString, _ text: String?) {
        guard let text else { return }
        key(name)
        bytes += quoted(text).utf8
    }

    mutating func add(_ name: StaticString, _ values: [CheckpointText.Bits]) {
        list(name, values) { $0.write($1) }
    }

    /// A member whose name is a text of the run's.
    mutating func add(named name: String, _ bits: CheckpointText.Bits) {
        separate()
        bytes += quoted(name).utf8
        bytes.append(UInt8(ascii: ":"))
        write(bits)
    }

    // MARK: Pieces

    /// Sixteen digits at most, without zeros in front.
    private mutating func write(_ bits: CheckpointText.Bits) {
        let pattern = bits.value.bitPattern
        bytes.append(UInt8(ascii: "\""))
        for shift in stride(from: max(0, (63 - pattern.leadingZeroBitCount) & ~3), through: 0, by: -4) {
            bytes.append(Self.digits[Int(pattern >> UInt64(shift) & 15)])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func key(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func separate() {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
    }

    private mutating func enclose(
        _ start: Unicode.Scalar, _ end: Unicode.Scalar, _ body: (inout CheckpointJSON) -> Void
    ) {
        bytes.append(UInt8(ascii: start))
        isFirst = true
        body(&self)
        bytes.append(UInt8(ascii: end))
        isFirst = false
    }
}
