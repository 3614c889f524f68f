/// A record of an event file as TensorBoard reads them: a TFRecord with an `Event` message in it.
///
/// ```
/// length, 8 bytes     masked CRC-32C of these, 4 bytes     the message     masked CRC-32C of it, 4 bytes
/// ```
///
/// The messages are those of tensorboard/compat/proto/{event,summary,tensor}.proto, written by hand: there are few of
/// them. A file begins with ``version(at:)``.
package struct EventRecord: Sendable {
    /// The record's bytes.
    package let bytes: [UInt8]

    /// The first one of every file.
    ///
    /// - Parameter time: seconds since 1970.
    package static func version(at time: Double) -> EventRecord {
        EventRecord(at: time, step: 0) { $0.add(Event.fileVersion, "brain.Event:2") }
    }

    /// Numbers of one step. TensorBoard has them as 32-bit floats.
    package static func scalars(_ values: [(tag: String, value: Float)], step: Int, at time: Double) -> EventRecord {
        EventRecord(at: time, step: step) { event in
            event.add(Event.summary) { summary in
                for (tag, value) in values {
                    summary.add(Summary.value) { message in
                        message.add(Value.tag, tag)
                        message.add(Value.simpleValue, value)
                    }
                }
            }
        }
    }

    /// A text, which is read as Markdown.
    package static func text(_ tag: String, _ text: String, step: Int, at time: Double) -> EventRecord {
        EventRecord(at: time, step: step) { event in
            event.add(Event.summary) { summary in
                summary.add(Summary.value) { message in
                    message.add(Value.tag, tag)
                    message.add(Value.tensor) { tensor in
                        tensor.add(Tensor.type, Tensor.strings)
                        tensor.add(Tensor.shape) { shape in shape.add(Shape.dimension) { $0.add(Shape.size, 1) } }
                        tensor.add(Tensor.stringValue, text)
                    }
                    message.add(Value.metadata) { metadata in
                        metadata.add(Metadata.plugin) { $0.add(Metadata.pluginName, "text") }
                    }
                }
            }
        }
    }

    // The fields' numbers in the messages of those names.

    private enum Event {
        static let wallTime: UInt64 = 1
        static let step: UInt64 = 2
        static let fileVersion: UInt64 = 3
        static let summary: UInt64 = 5
    }
    private enum Summary { static let value: UInt64 = 1 }
    private enum Value {
        static let tag: UInt64 = 1
        static let simpleValue: UInt64 = 2
        static let tensor: UInt64 = 8
        static let metadata: UInt64 = 9
    }
    private enum Metadata {
        static let plugin: UInt64 = 1
        static let pluginName: UInt64 = 1
    }
    private enum Tensor {
        static let type: UInt64 = 1
        static let shape: UInt64 = 2
        static let stringValue: UInt64 = 8
        /// DT_STRING.
        static let strings = 7
    }
    private enum Shape {
        static let dimension: UInt64 = 2
        static let size: UInt64 = 1
    }

    private init(at time: Double, step: Int, _ fill: (inout ProtobufWriter) -> Void) {
        var event = ProtobufWriter()
        event.add(Event.wallTime, time)
        event.add(Event.step, step)
        fill(&event)
        var bytes = withUnsafeBytes(of: UInt64(event.bytes.count).littleEndian) { Array($0) }
        Self.append(CRC32C.masked(bytes), to: &bytes)
        bytes += event.bytes
        Self.append(CRC32C.masked(event.bytes), to: &bytes)
        self.bytes = bytes
    }

    private static func append(_ checksum: UInt32, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: checksum.littleEndian) { bytes.append(contentsOf: $0) }
    }
}
