/// Bytes of one protocol buffer message, field by field.
///
/// The source is protobuf.dev/programming-guides/encoding.
package struct ProtobufMessage: Sendable {
    /// The message as it is so far.
    package private(set) var bytes: [UInt8] = []

    /// A message without a field.
    package init() {}

    private enum Wire: UInt64 {
        case varint = 0
        case eightBytes = 1
        case counted = 2
        case fourBytes = 5
    }

    /// Seven bits a byte, the lowest first; the highest bit says that more follow.
    private mutating func append(varint value: UInt64) {
        var rest = value
        while rest > 0x7F {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private mutating func append(tag field: Int, _ wire: Wire) { append(varint: UInt64(field) << 3 | wire.rawValue) }

    /// An `int64` or an enumeration's value.
    package mutating func set(_ field: Int, _ value: Int) {
        append(tag: field, .varint)
        append(varint: UInt64(bitPattern: Int64(value)))
    }

    /// A `float`.
    package mutating func set(_ field: Int, _ value: Float) {
        append(tag: field, .fourBytes)
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// A `double`.
    package mutating func set(_ field: Int, _ value: Double) {
        append(tag: field, .eightBytes)
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// A `bytes`.
    package mutating func set(_ field: Int, _ value: [UInt8]) {
        append(tag: field, .counted)
        append(varint: UInt64(value.count))
        bytes += value
    }

    /// A `string`.
    package mutating func set(_ field: Int, _ value: String) { set(field, Array(value.utf8)) }

    /// A message within the message.
    package mutating func set(_ field: Int, _ value: ProtobufMessage) { set(field, value.bytes) }

    /// A message within the message, which `fill` makes.
    package mutating func set(_ field: Int, _ fill: (inout ProtobufMessage) -> Void) {
        var inner = ProtobufMessage()
        fill(&inner)
        set(field, inner)
    }
}
