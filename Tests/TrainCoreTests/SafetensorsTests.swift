import Safetensors
import Testing
import TrainCore

struct SafetensorsTests {
    private let weights = [
        Weights(name: "layers.0.bias", shape: [3], values: [0, -0, .leastNonzeroMagnitude]),
        Weights(name: "layers.0.kernel", shape: [2, 3], values: [1, 2.5, -3, .greatestFiniteMagnitude, 5, 6]),
    ]

    /// A file with that header and `count` bytes of data.
    private func file(_ header: String, data count: Int = 0) -> [UInt8] {
        withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + header.utf8
            + Array(repeating: 0, count: count)
    }

    private func refusal(_ bytes: [UInt8]) -> String? {
        do {
            _ = try Safetensors.decode(bytes)
            return nil
        } catch {
            return error.description
        }
    }

    @Test("what is written is read again, bit for bit")
    func roundTrip() throws {
        let bytes = Safetensors.encode(weights)
        let read = try Safetensors.decode(bytes)
        #expect(read == weights)
        #expect(read[0].values.map(\.bitPattern) == weights[0].values.map(\.bitPattern))
        #expect(Safetensors.encode(read) == bytes)
        #expect(bytes.count % 4 == 0 && bytes[0] % 8 == 0)
        #expect(try Safetensors.decode(Safetensors.encode([])) == [])
    }

    @Test("metadata is passed over")
    func metadata() throws {
        #expect(try Safetensors.decode(file(#"{"__metadata__":{"format":"pt"}}"#)) == [])
    }

    @Test("each file that is no such file is told why")
    func errors() {
        #expect(refusal([1, 2, 3]) == "is too short for a safetensors file")
        #expect(
            refusal(Array(repeating: 0xff, count: 9))
                == "is not a safetensors file: its header would be 18446744073709551615 bytes long")
        #expect(refusal(file("nonsense")) == "is not a safetensors file: its header is not JSON")
        #expect(refusal(file("[1]")) == "is not a safetensors file: its header is not JSON")
        #expect(refusal(file(#"{"a":{"dtype":"F32"}}"#)) == "has no dtype, shape and data_offsets for 'a'")
        #expect(
            refusal(file(#"{"a":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}"#, data: 2))
                == "has 'a' as BF16; only F32 can be read")
        for shape in ["[-1]", "[4611686018427387904,4]"] {
            #expect(
                refusal(file(#"{"a":{"dtype":"F32","shape":\#(shape),"data_offsets":[0,4]}}"#, data: 4))?
                    .hasPrefix("has an impossible shape") == true)
        }
        for offsets in ["[0,8]", "[4,0]", "[-4,0]", "[0,3]", "[0,0]"] {
            #expect(
                refusal(file(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":\#(offsets)}}"#, data: 4))?
                    .hasSuffix("which do not fit its shape [1] or the file") == true)
        }
    }

    @Test("no cut or changed byte of a file crashes the reader")
    func damage() {
        let bytes = Safetensors.encode(weights)
        for index in bytes.indices {
            _ = refusal(Array(bytes[..<index]))
            for value: UInt8 in [0, 0x2d, 0x39, 0x5d, 0xff] {
                var damaged = bytes
                damaged[index] = value
                _ = refusal(damaged)
            }
        }
    }
}
