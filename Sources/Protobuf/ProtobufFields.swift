/// The fields of one protocol buffer message, as they stand in its bytes.
///
/// Bytes of anybody's: where they are no message, the fields end, and ``isWhole`` says so.
package struct ProtobufFields: Sequence, IteratorProtocol {
    private var rest: ArraySlice<UInt8>
    /// Whether all bytes so far were fields.
    package private(set) var isWhole = true

    /// The fields of a message.
    package init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// What stands in a field.
    package enum Value {
        /// An integer or an enumeration's value.
        case varint(UInt64)
        /// A `double` or another number of eight bytes, by its bits.
        case eightBytes(UInt64)
        /// A `string`, `bytes`, a message or packed numbers.
        case counted(ArraySlice<UInt8>)
        /// A `float` or another number of four bytes, by its bits.
        case fourBytes(UInt32)
    }

    /// The next field's number and value.
    package mutating func next() -> (field: Int, value: Value)? {
        guard !rest.isEmpty else { return nil }
        guard let tag = Self.varint(&rest), let value = value(wire: tag & 7) else {
            isWhole = false
            rest = []
            return nil
        }
        return (Int(tag >> 3), value)
    }

    private mutating func value(wire: UInt64) -> Value? {
        switch wire {
        case 0: return Self.varint(&rest).map { .varint($0) }
        case 1: return bits(8).map { .eightBytes($0) }
        case 2:
            guard let count = Self.varint(&rest), count <= UInt64(rest.count) else { return nil }
            defer { rest = rest.dropFirst(Int(count)) }
            return .counted(rest.prefix(Int(count)))
        case 5: return bits(4).map { .fourBytes(UInt32($0)) }
        // Groups, which nobody writes any more, and kinds that there are not.
        default: return nil
        }
    }

    private mutating func bits(_ count: Int) -> UInt64? {
        guard rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return Self.littleEndian(rest.prefix(count))
    }

    /// A number whose lowest byte comes first, of eight bytes at most.
    package static func littleEndian(_ bytes: some Collection<UInt8>) -> UInt64 {
        bytes.enumerated().reduce(0) { $0 | UInt64($1.element) << (8 * $1.offset) }
    }

    /// Takes a number of seven bits a byte from the front; nil where it is cut off or has more than ten bytes.
    package static func varint(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for (place, byte) in bytes.prefix(10).enumerated() {
            value |= UInt64(byte & 0x7F) << (7 * place)
            if byte < 0x80 {
                bytes = bytes.dropFirst(place + 1)
                return value
            }
        }
        return nil
    }
}
