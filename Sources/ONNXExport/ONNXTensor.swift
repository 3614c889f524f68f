import Protobuf

/// What a tensor of ONNX holds; the raw values are those of `TensorProto.DataType`.
enum ONNXElement: Int {
    case float = 1
    case int64 = 7
    case string = 8
    case bool = 9
    case double = 11
}

/// Numbers or texts that are part of a model. Field numbers are those of `TensorProto` in onnx.proto.
struct ONNXTensor {
    private enum Values {
        case raw(ONNXElement, [UInt8])
        case texts([String])
    }

    private let shape: [Int]
    private let values: Values

    /// Floats, row by row.
    init(_ floats: [Float], shape: [Int]) {
        self.shape = shape
        values = .raw(.float, Self.bytes(of: floats) { $0.bitPattern.littleEndian })
    }

    /// One double, without a dimension.
    init(_ number: Double) {
        shape = []
        values = .raw(.double, Self.bytes(of: [number]) { $0.bitPattern.littleEndian })
    }

    /// One float, without a dimension.
    init(_ number: Float) { self.init([number], shape: []) }

    /// Whole numbers in a row.
    init(_ numbers: [Int]) {
        shape = [numbers.count]
        values = .raw(.int64, Self.bytes(of: numbers) { Int64($0).littleEndian })
    }

    /// Texts in a row.
    init(_ texts: [String]) {
        shape = [texts.count]
        values = .texts(texts)
    }

    private static func bytes<Value, Bits>(of values: [Value], _ bits: (Value) -> Bits) -> [UInt8] {
        values.flatMap { value in withUnsafeBytes(of: bits(value)) { Array($0) } }
    }

    /// The `TensorProto`.
    func message(named name: String) -> ProtobufMessage {
        var message = ProtobufMessage()
        for size in shape { message.set(1, size) }  // dims
        switch values {
        case .raw(let element, let bytes):
            message.set(2, element.rawValue)  // data_type
            message.set(9, bytes)  // raw_data
        case .texts(let texts):
            message.set(2, ONNXElement.string.rawValue)
            for text in texts { message.set(6, text) }  // string_data
        }
        message.set(8, name)  // name
        return message
    }
}
