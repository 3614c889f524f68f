import Protobuf

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
        EventRecord(at: time, step: 0) { $0.set(Event.fileVersion, "brain.Event:2") }
    }

    /// Numbers of one step. TensorBoard has them as 32-bit floats.
    package static func scalars(_ values: [(tag: String, value: Float)], step: Int, at time: Double) -> EventRecord {
        EventRecord(at: time, step: step) { event in
            event.set(Event.summary) { summary in
                for (tag, value) in values {
                    summary.set(Summary.value) { message in
                        message.set(Value.tag, tag)
                        message.set(Value.simpleValue, value)
                    }
                }
            }
        }
    }

    /// A text, which is read as Markdown.
    package static func text(_ tag: String, _ text: String, step: Int, at time: Double) -> EventRecord {
        EventRecord(at: time, step: step) { event in
            event.set(Event.summary) { summary in
                summary.set(Summary.value) { message in
                    message.set(Value.tag, tag)
                    message.set(Value.tensor) { tensor in
                        tensor.set(Tensor.type, Tensor.strings)
                        tensor.set(Tensor.shape) { shape in shape.set(Shape.dimension) { $0.set(Shape.size, 1) } }
                        tensor.set(Tensor.stringValue, text)
                    }
                    message.set(Value.metadata) { metadata in
                        metadata.set(Metadata.plugin) { $0.set(Metadata.pluginName, "text") }
                    }
                }
            }
        }
    }

    private typealias Event = EventMessage.Event
    private typealias Summary = EventMessage.Summary
    private typealias Value = EventMessage.Value
    private typealias Metadata = EventMessage.Metadata
    private typealias Tensor = EventMessage.Tensor
    private typealias Shape = EventMessage.Shape

    /// A record of a message's bytes, whatever they are.
    package init(message: [UInt8]) {
        var bytes = withUnsafeBytes(of: UInt64(message.count).littleEndian) { Array($0) }
        Self.append(CRC32C.masked(bytes), to: &bytes)
        bytes += message
        Self.append(CRC32C.masked(message), to: &bytes)
        self.bytes = bytes
    }

    /// A record with what `fill` puts into the message.
    init(at time: Double, step: Int, _ fill: (inout ProtobufMessage) -> Void) {
        var event = ProtobufMessage()
        event.set(Event.wallTime, time)
        event.set(Event.step, step)
        fill(&event)
        self.init(message: event.bytes)
    }

    private static func append(_ checksum: UInt32, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: checksum.littleEndian) { bytes.append(contentsOf: $0) }
    }
}
