import Protobuf

/// A graph of ONNX that grows node by node: every operation names what it takes and gives what comes out.
///
/// Field numbers are those of `GraphProto`, `NodeProto`, `AttributeProto` and `ValueInfoProto` in onnx.proto.
struct ONNXGraph {
    /// Something that a node puts out, or that is put in.
    struct Value: Equatable {
        let name: String
    }

    /// A setting of a node.
    enum Attribute {
        case float(Float)
        case int(Int)
        case text(String)
    }

    private var nodes: [ProtobufMessage] = []
    private var tensors: [ProtobufMessage] = []
    private var inputs: [ProtobufMessage] = []
    private var outputs: [ProtobufMessage] = []
    private var names: Set<String> = []
    private var doubles: [UInt64: Value] = [:]

    /// The name, or where it is taken already the name with a number behind it.
    private mutating func unique(_ name: String) -> String {
        var (found, number) = (name, 1)
        while !names.insert(found).inserted {
            number += 1
            found = "\(name)_\(number)"
        }
        return found
    }

    /// What the caller gives: rows x 1. Inputs come before anything else, so that their names are as they are asked for.
    mutating func input(_ name: String, _ element: ONNXElement, _ documentation: String) -> Value {
        let value = Value(name: unique(name))
        inputs.append(Self.information(value.name, element, columns: 1, documentation))
        return value
    }

    /// What the caller gets: rows x `columns`, or a value a row where there are no columns. Returns its name.
    mutating func output(_ value: Value, _ name: String, _ element: ONNXElement, columns: Int?) -> String {
        let name = unique(name)
        append("Identity", [value], to: [name], [])
        outputs.append(Self.information(name, element, columns: columns, nil))
        return name
    }

    /// A `ValueInfoProto`. The number of rows is `N`, whatever the caller has.
    private static func information(
        _ name: String, _ element: ONNXElement, columns: Int?, _ documentation: String?
    ) -> ProtobufMessage {
        var shape = ProtobufMessage()
        var rows = ProtobufMessage()
        rows.set(2, "N")  // dim_param
        shape.set(1, rows)  // dim
        if let columns {
            var size = ProtobufMessage()
            size.set(1, columns)  // dim_value
            shape.set(1, size)
        }
        var tensor = ProtobufMessage()
        tensor.set(1, element.rawValue)  // elem_type
        tensor.set(2, shape)  // shape
        var type = ProtobufMessage()
        type.set(1, tensor)  // tensor_type
        var information = ProtobufMessage()
        information.set(1, name)  // name
        information.set(2, type)  // type
        if let documentation { information.set(3, documentation) }  // doc_string
        return information
    }

    /// Numbers or texts that are part of the model.
    mutating func constant(_ tensor: ONNXTensor, _ name: String) -> Value {
        let value = Value(name: unique(name))
        tensors.append(tensor.message(named: value.name))
        return value
    }

    /// A double; the same one is there once.
    mutating func double(_ number: Double) -> Value {
        if let known = doubles[number.bitPattern] { return known }
        let value = constant(ONNXTensor(number), "\(number)")
        doubles[number.bitPattern] = value
        return value
    }

    /// The outcome of an operation of the default domain.
    ///
    /// - Parameter name: what it is, for whoever looks at the graph; the operation's name where it is nothing special.
    mutating func add(
        _ operation: String, _ values: Value..., name: String? = nil, attributes: [(String, Attribute)] = []
    ) -> Value {
        add(operation, values, name: name, attributes: attributes)
    }

    /// The outcome of an operation that takes any number of values.
    mutating func add(
        _ operation: String, _ values: [Value], name: String? = nil, attributes: [(String, Attribute)] = []
    ) -> Value {
        let value = Value(name: unique(name ?? operation))
        append(operation, values, to: [value.name], attributes)
        return value
    }

    /// The values as something else.
    mutating func cast(_ value: Value, to element: ONNXElement) -> Value {
        add("Cast", value, attributes: [("to", .int(element.rawValue))])
    }

    private mutating func append(
        _ operation: String, _ values: [Value], to outputs: [String], _ attributes: [(String, Attribute)]
    ) {
        var node = ProtobufMessage()
        for value in values { node.set(1, value.name) }  // input
        for output in outputs { node.set(2, output) }  // output
        node.set(3, outputs[0])  // name
        node.set(4, operation)  // op_type
        for (name, attribute) in attributes {
            var message = ProtobufMessage()
            message.set(1, name)  // name
            // The numbers of type are those of AttributeProto.AttributeType.
            switch attribute {
            case .float(let value):
                message.set(2, value)  // f
                message.set(20, 1)  // type
            case .int(let value):
                message.set(3, value)  // i
                message.set(20, 2)
            case .text(let value):
                message.set(4, value)  // s
                message.set(20, 3)
            }
            node.set(5, message)  // attribute
        }
        nodes.append(node)
    }

    /// The `GraphProto`.
    func message(named name: String) -> ProtobufMessage {
        var message = ProtobufMessage()
        for node in nodes { message.set(1, node) }  // node
        message.set(2, name)  // name
        for tensor in tensors { message.set(5, tensor) }  // initializer
        for input in inputs { message.set(11, input) }  // input
        for output in outputs { message.set(12, output) }  // output
        return message
    }
}
