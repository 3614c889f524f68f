import Testing

@testable import Protobuf

/// The bytes are those of the encoding's own description, protobuf.dev/programming-guides/encoding.
@Suite struct ProtobufMessageTests {
    @Test("Numbers are varints, texts have their count before them")
    func fields() {
        var message = ProtobufMessage()
        message.set(1, 150)
        #expect(message.bytes == [0x08, 0x96, 0x01])
        message = ProtobufMessage()
        message.set(2, "testing")
        #expect(message.bytes == [0x12, 0x07] + Array("testing".utf8))
        message = ProtobufMessage()
        message.set(1, -2)
        #expect(message.bytes == [0x08, 0xFE] + Array(repeating: 0xFF, count: 8) + [0x01])
    }

    @Test("A message is in another one, and a field above 15 has a tag of two bytes")
    func nested() {
        var inner = ProtobufMessage()
        inner.set(1, 150)
        var message = ProtobufMessage()
        message.set(3, inner)
        message.set(20, 1)
        message.set(2, Float(1))
        #expect(message.bytes == [0x1A, 0x03, 0x08, 0x96, 0x01] + [0xA0, 0x01, 0x01] + [0x15, 0, 0, 0x80, 0x3F])
    }
}
