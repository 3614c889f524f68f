import Testing

@testable import Wire

@Suite("Bytes become lines")
struct LineBufferTests {
    @Test("however they are cut")
    func cuts() throws {
        let bytes = Array("one\n\ntwo\r\nthree".utf8)
        for width in 1...bytes.count {
            var buffer = LineBuffer()
            var lines: [String] = []
            for start in stride(from: 0, to: bytes.count, by: width) {
                let part = bytes[start..<min(start + width, bytes.count)]
                lines += try buffer.append(part).map { String(decoding: $0, as: UTF8.self) }
            }
            #expect(lines == ["one", "", "two\r"])
        }
    }

    @Test("and one of more than a mebibyte is an error")
    func tooLong() throws {
        let long = [UInt8](repeating: 0x61, count: LineBuffer.longestLine - 1)
        var buffer = LineBuffer()
        #expect(try buffer.append(long + [0x0A]).count == 1)
        #expect(throws: WireError.self) { try buffer.append(long + [0x61]) }
        var another = LineBuffer()
        #expect(throws: WireError.self) { try another.append(long + [0x61, 0x0A]) }
    }
}
