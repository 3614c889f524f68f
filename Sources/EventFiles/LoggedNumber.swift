import Protobuf

/// A number that an event file tells of one step.
package struct LoggedNumber: Sendable, Equatable {
    /// What it is: "epoch_loss".
    package let tag: String
    /// The step as the writer counted.
    package let step: Int
    /// Seconds since 1970.
    package let time: Double
    /// The value.
    package let value: Double

    /// The numbers of an `Event` message: of summaries' scalars in both forms that there are, `simple_value` and a tensor of
    /// one element. Texts, pictures and histograms are none.
    ///
    /// - Parameter plugins: the plugin of each tag, which stands beside its first value only.
    /// - Returns: nil where the bytes are no such message.
    static func list(_ event: [UInt8], plugins: inout [String: String]) -> [LoggedNumber]? {
        var (step, time) = (0, 0.0)
        var summaries: [ArraySlice<UInt8>] = []
        var fields = ProtobufFields(event[...])
        while let (field, value) = fields.next() {
            switch (field, value) {
            case (EventMessage.Event.wallTime, .eightBytes(let bits)): time = Double(bitPattern: bits)
            case (EventMessage.Event.step, .varint(let number)): step = Int(truncatingIfNeeded: number)
            case (EventMessage.Event.summary, .counted(let bytes)): summaries.append(bytes)
            default: break
            }
        }
        guard fields.isWhole else { return nil }
        var numbers: [LoggedNumber] = []
        for summary in summaries {
            var values = ProtobufFields(summary)
            while let (field, value) = values.next() {
                guard field == EventMessage.Summary.value, case .counted(let bytes) = value else { continue }
                guard let (tag, value) = number(bytes, &plugins) else { return nil }
                if let value { numbers.append(LoggedNumber(tag: tag, step: step, time: time, value: value)) }
            }
            guard values.isWhole else { return nil }
        }
        return numbers
    }

    /// One value of a summary: its tag, and its number where it is one; nil where the bytes are none.
    private static func number(
        _ bytes: ArraySlice<UInt8>, _ plugins: inout [String: String]
    ) -> (tag: String, value: Double?)? {
        var tag = ""
        var number: Double?
        var tensor: ArraySlice<UInt8>?
        var plugin: String?
        var fields = ProtobufFields(bytes)
        while let (field, value) = fields.next() {
            switch (field, value) {
            case (EventMessage.Value.tag, .counted(let bytes)): tag = String(decoding: bytes, as: UTF8.self)
            case (EventMessage.Value.simpleValue, .fourBytes(let bits)): number = Double(Float(bitPattern: bits))
            case (EventMessage.Value.tensor, .counted(let bytes)): tensor = bytes
            case (EventMessage.Value.metadata, .counted(let bytes)): plugin = pluginName(bytes)
            default: break
            }
        }
        guard fields.isWhole else { return nil }
        if let plugin, plugins[tag] == nil { plugins[tag] = plugin }
        if let tensor, number == nil, (plugins[tag] ?? "scalars") == "scalars" { number = element(of: tensor) }
        return (tag, number)
    }

    private static func pluginName(_ metadata: ArraySlice<UInt8>) -> String? {
        for (field, value) in ProtobufFields(metadata) {
            guard field == EventMessage.Metadata.plugin, case .counted(let plugin) = value else { continue }
            for (field, value) in ProtobufFields(plugin) {
                if field == EventMessage.Metadata.pluginName, case .counted(let name) = value, !name.isEmpty {
                    return String(decoding: name, as: UTF8.self)
                }
            }
        }
        return nil
    }

    /// The one element of a tensor of numbers; nil for any other tensor.
    private static func element(of tensor: ArraySlice<UInt8>) -> Double? {
        typealias Tensor = EventMessage.Tensor
        var type = 0
        var content: ArraySlice<UInt8> = []
        var values: [Double] = []
        for (field, value) in ProtobufFields(tensor) {
            switch (field, value) {
            case (Tensor.type, .varint(let number)): type = Int(truncatingIfNeeded: number)
            case (Tensor.shape, .counted(let shape)): guard isOfOneElement(shape) else { return nil }
            case (Tensor.content, .counted(let bytes)): content = bytes
            case (Tensor.floats, .fourBytes(let bits)): values.append(Double(Float(bitPattern: bits)))
            case (Tensor.floats, .counted(let bytes)) where bytes.count == 4: values += number(bytes, Tensor.float)
            case (Tensor.doubles, .eightBytes(let bits)): values.append(Double(bitPattern: bits))
            case (Tensor.doubles, .counted(let bytes)) where bytes.count == 8: values += number(bytes, Tensor.double)
            case (Tensor.integers, .varint(let number)), (Tensor.longIntegers, .varint(let number)):
                values.append(Double(Int64(bitPattern: number)))
            case (Tensor.integers, .counted(var bytes)), (Tensor.longIntegers, .counted(var bytes)):
                values += ProtobufFields.varint(&bytes).map { [Double(Int64(bitPattern: $0))] } ?? []
            case (Tensor.halves, .varint(let number)): values += half(UInt16(truncatingIfNeeded: number), type)
            case (Tensor.halves, .counted(var bytes)):
                values += ProtobufFields.varint(&bytes).map { half(UInt16(truncatingIfNeeded: $0), type) } ?? []
            default: break
            }
        }
        // A proto that has no value means zeros.
        guard content.isEmpty else { return number(content, type).first }
        let isNumber = [
            Tensor.float, Tensor.double, Tensor.integer, Tensor.longInteger, Tensor.half, Tensor.bfloat16,
        ].contains(type)
        return isNumber && values.count < 2 ? values.first ?? 0 : nil
    }

    private static func isOfOneElement(_ shape: ArraySlice<UInt8>) -> Bool {
        for (field, value) in ProtobufFields(shape) {
            guard field == EventMessage.Shape.dimension, case .counted(let dimension) = value else { continue }
            var size: UInt64 = 0
            for (field, value) in ProtobufFields(dimension) {
                if field == EventMessage.Shape.size, case .varint(let number) = value { size = number }
            }
            guard size == 1 else { return false }
        }
        return true
    }

    /// The number that so many bytes of a type are; none where they are not.
    private static func number(_ bytes: ArraySlice<UInt8>, _ type: Int) -> [Double] {
        let bits = bytes.count <= 8 ? ProtobufFields.littleEndian(bytes) : 0
        switch (type, bytes.count) {
        case (EventMessage.Tensor.float, 4): return [Double(Float(bitPattern: UInt32(bits)))]
        case (EventMessage.Tensor.double, 8): return [Double(bitPattern: bits)]
        case (EventMessage.Tensor.integer, 4): return [Double(Int32(bitPattern: UInt32(bits)))]
        case (EventMessage.Tensor.longInteger, 8): return [Double(Int64(bitPattern: bits))]
        case (EventMessage.Tensor.half, 2), (EventMessage.Tensor.bfloat16, 2): return half(UInt16(bits), type)
        default: return []
        }
    }

    /// IEEE 754 binary16, or the upper half of a float. Made of the parts, for Swift has no Float16 on every CPU.
    private static func half(_ bits: UInt16, _ type: Int) -> [Double] {
        if type == EventMessage.Tensor.bfloat16 { return [Double(Float(bitPattern: UInt32(bits) << 16))] }
        let (exponent, fraction) = (Int(bits >> 10 & 0x1F), Double(bits & 0x3FF))
        let magnitude: Double
        switch exponent {
        case 0: magnitude = fraction * 0x1p-24
        case 0x1F: magnitude = fraction == 0 ? .infinity : .nan
        default: magnitude = Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
        }
        return [bits >> 15 == 0 ? magnitude : -magnitude]
    }
}
