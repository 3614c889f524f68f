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

    @Test("texts beside the weights are read again, and change no byte behind the header")
    func texts() throws {
        let texts = ["b": "{\"x\": 1}\n\u{1B}é😀", "a": "", "\"": "\\"]
        let bytes = Safetensors.encode(weights, metadata: texts)
        #expect(try Safetensors.contents(of: bytes).metadata == texts)
        #expect(try Safetensors.decode(bytes) == weights)
        #expect(bytes == Safetensors.encode(weights, metadata: texts))
        let plain = Safetensors.encode(weights)
        #expect(bytes.suffix(36) == plain.suffix(36) && bytes[0] % 8 == 0)
        #expect(Safetensors.encode(weights, metadata: [:]) == plain)
        #expect(try Safetensors.contents(of: plain).metadata == [:])
    }

    @Test("metadata of others is passed over")
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
            refusal(file(#"{"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}"#, data: 8))
                == "has 'a' as I64; weights are F64, F32, F16, BF16")
        for shape in ["[-1]", "[4611686018427387904,4]"] {
            #expect(
                refusal(file(#"{"a":{"dtype":"F32","shape":\#(shape),"data_offsets":[0,4]}}"#, data: 4))?
                    .hasPrefix(shape == "[-1]" ? "has no dtype, shape" : "has an impossible shape") == true)
        }
        for offsets in ["[0,8]", "[4,0]", "[0,3]", "[0,0]"] {
            #expect(
                refusal(file(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":\#(offsets)}}"#, data: 4))?
                    .hasSuffix("which do not fit its shape [1]") == true)
        }
        let entry = #"{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#
        for (header, count, words) in [
            (#"{"a":\#(entry)}"#, 5, "has 5 bytes of values, where its header tells of 4"),
            (#"{"a":\#(entry)}"#, 3, "has 3 bytes of values, where its header tells of 4"),
            (#"{"a":\#(entry),"b":\#(entry)}"#, 4, "expected them to begin at 4, where those before end"),
            (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8, "expected them to begin at 0"),
            (#"{"a":\#(entry),"a":\#(entry)}"#, 4, "has 'a' twice in its header"),
            (#"{"a":["F32",[1],[0,4]]}"#, 4, "has no object for 'a'"),
            (#"{"__metadata__":["x"]}"#, 0, "its __metadata__ is no object of strings"),
            (#"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#, 4, "has no dtype, shape and data_offsets"),
            ("\u{FEFF}{}", 0, "its header is not JSON"), ("{} \0", 0, "its header is not JSON"),
            (#"{"\u{1B}[31m\u{9B}":{"dtype":"\u{202E}","shape":[1],"data_offsets":[0,4]}}"#, 4, "is not a"),
            (
                #"{"\u001b[31m\u009b":{"dtype":"\u202e\u0007","shape":[1],"data_offsets":[0,4]}}"#, 4,
                "has '␛[31m�' as �␇;"
            ),
        ] {
            #expect(refusal(file(header, data: count))?.contains(words) == true, "\(header)")
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
