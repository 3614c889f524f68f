import Protobuf
import Testing

@testable import EventFiles

@Suite("Event files that are read")
struct EventReaderTests {
    private static func read(_ bytes: [UInt8]) -> (end: EventReader.End, numbers: [LoggedNumber]) {
        var (place, numbers) = (0, [LoggedNumber]())
        let end = EventReader.read { (count: Int) throws(Never) in
            let piece = bytes[place..<min(bytes.count, place + count)]
            place += piece.count
            return Array(piece)
        } take: {
            numbers.append($0)
        }
        return (end, numbers)
    }

    /// Twenty records: a version, numbers, and a text among them.
    private static let records: [EventRecord] =
        [.version(at: 1.5)]
        + (1..<19).map { .scalars([("loss", 1 / Float($0)), ("größe", Float($0))], step: $0, at: 2 + Double($0)) }
        + [.text("edits", "learning rate 0.1 → 0.2", step: 19, at: 30)]

    @Test("have the numbers that were written")
    func whole() {
        let (end, numbers) = Self.read(Self.records.flatMap(\.bytes))
        #expect(end == .whole && numbers.count == 36)
        #expect(numbers[0] == LoggedNumber(tag: "loss", step: 1, time: 3, value: 1))
        #expect(numbers[35] == LoggedNumber(tag: "größe", step: 18, time: 20, value: 18))
        #expect(numbers[4].value == Double(Float(1) / 3))
    }

    @Test("are read up to their last whole record wherever they were cut off")
    func truncations() {
        let bytes = Self.records.flatMap(\.bytes)
        var ends = [0]
        for record in Self.records { ends.append((ends.last ?? 0) + record.bytes.count) }
        for count in 1..<bytes.count {
            let (end, numbers) = Self.read(Array(bytes.prefix(count)))
            let whole = ends.lastIndex { $0 <= count } ?? 0
            #expect(end == (ends[whole] == count ? .whole : .cutOff(after: whole)), "cut after \(count)")
            #expect(numbers.count == 2 * min(18, max(0, whole - 1)), "cut after \(count)")
        }
        #expect(Self.read([]).end == .cutOff(after: 0))
    }

    @Test("end before a record in which any bit is another one")
    func flippedBits() {
        let bytes = Self.records.flatMap(\.bytes)
        let all = Self.read(bytes).numbers
        for place in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[place] ^= 1 << bit
                let (end, numbers) = Self.read(changed)
                guard case .damaged = end else {
                    Issue.record("bit \(bit) of byte \(place) was not seen: \(end)")
                    continue
                }
                #expect(numbers.count < 37 && numbers.elementsEqual(all.prefix(numbers.count)))
            }
        }
    }

    @Test("with sizes that cannot be are refused without an attempt to take them in")
    func hostileSizes() {
        let length: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0x10]
        let checksum = withUnsafeBytes(of: CRC32C.masked(length).littleEndian) { Array($0) }
        #expect(
            Self.read(Self.records[0].bytes + length + checksum + [1, 2, 3]).end
                == .damaged(record: 2, "has 1152921504606846976 bytes; expected at most 256 MiB"))
        // Right by their checksums: a field that is longer than the record, and a number of eleven bytes.
        for message: [UInt8] in [[0x2A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 1], [0x10] + Array(repeating: 0x80, count: 11)] {
            #expect(Self.read(EventRecord(message: message).bytes).end == .damaged(record: 1, "is no event"))
        }
    }

    @Test("have numbers as tensors too, of every type that a number has there")
    func tensors() {
        typealias Tensor = EventMessage.Tensor
        func read(_ type: Int, plugin: String = "scalars", _ fill: (inout ProtobufMessage) -> Void) -> Double? {
            let record = EventRecord(at: 1, step: 7) { event in
                event.set(EventMessage.Event.summary) { summary in
                    summary.set(EventMessage.Summary.value) { value in
                        value.set(EventMessage.Value.tag, "loss")
                        value.set(EventMessage.Value.tensor) { tensor in
                            tensor.set(Tensor.type, type)
                            tensor.set(Tensor.shape) { _ in }
                            fill(&tensor)
                        }
                        value.set(EventMessage.Value.metadata) { metadata in
                            metadata.set(EventMessage.Metadata.plugin) {
                                $0.set(EventMessage.Metadata.pluginName, plugin)
                            }
                        }
                    }
                }
            }
            return Self.read(record.bytes).numbers.first?.value
        }
        func bytes(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
        #expect(read(Tensor.float) { $0.set(Tensor.floats, Float(0.1)) } == Double(Float(0.1)))
        #expect(read(Tensor.float) { $0.set(Tensor.floats, bytes(Float(2.5).bitPattern)) } == 2.5)
        #expect(read(Tensor.float) { $0.set(Tensor.content, bytes(Float(-0.1).bitPattern)) } == Double(Float(-0.1)))
        #expect(read(Tensor.double) { $0.set(Tensor.doubles, 0.1) } == 0.1)
        #expect(read(Tensor.double) { $0.set(Tensor.content, bytes(Double.pi.bitPattern)) } == .pi)
        #expect(read(Tensor.integer) { $0.set(Tensor.integers, -3) } == -3)
        #expect(read(Tensor.integer) { $0.set(Tensor.content, bytes(Int32(-4))) } == -4)
        #expect(read(Tensor.longInteger) { $0.set(Tensor.longIntegers, 1 << 40) } == 1_099_511_627_776)
        #expect(read(Tensor.half) { $0.set(Tensor.content, bytes(UInt16(0xC500))) } == -5)
        #expect(read(Tensor.half) { $0.set(Tensor.halves, 0x0001) } == 0x1p-24)
        #expect(read(Tensor.half) { $0.set(Tensor.halves, 0x7C00) } == .infinity)
        #expect(read(Tensor.bfloat16) { $0.set(Tensor.content, bytes(UInt16(0x3FC0))) } == 1.5)
        // A proto without a value means zero.
        #expect(read(Tensor.float) { _ in } == 0)
        // Several numbers, a text and another plugin's tensor are none.
        #expect(read(Tensor.float) { $0.set(Tensor.content, [0, 0, 0, 0, 0, 0, 0, 0]) } == nil)
        #expect(read(Tensor.strings) { $0.set(Tensor.stringValue, "a") } == nil)
        #expect(read(Tensor.double, plugin: "histograms") { $0.set(Tensor.doubles, 0.1) } == nil)
    }
}
