/// Bytes of one protocol buffer message, field by field.
///
/// Two of the wire types are all that a model takes: varints, and bytes with their count before them; a `float` is four
/// bytes. The source is protobuf.dev/programming-guides/encoding.
struct ProtobufMessage {
    private(set) var bytes: [UInt8] = []

    private enum Wire: UInt64 {
        case varint = 0
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
    mutating func set(_ field: Int, _ value: Int) {
        append(tag: field, .varint)
        append(varint: UInt64(bitPattern: Int64(value)))
    }

    /// A `float`.
    mutating func set(_ field: Int, _ value: Float) {
        append(tag: field, .fourBytes)
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// A `bytes`.
    mutating func set(_ field: Int, _ value: [UInt8]) {
        append(tag: field, .counted)
        append(varint: UInt64(value.count))
        bytes += value
    }

    /// A `string`.
    mutating func set(_ field: Int, _ value: String) { set(field, Array(value.utf8)) }

    /// A message within the message.
    mutating func set(_ field: Int, _ value: ProtobufMessage) { set(field, value.bytes) }
}
