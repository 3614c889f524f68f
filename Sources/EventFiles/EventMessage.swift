/// The fields' numbers in the messages of tensorboard/compat/proto/{event,summary,tensor,tensor_shape,types}.proto.
enum EventMessage {
    enum Event {
        static let wallTime = 1
        static let step = 2
        static let fileVersion = 3
        static let summary = 5
    }
    enum Summary { static let value = 1 }
    enum Value {
        static let tag = 1
        static let simpleValue = 2
        static let tensor = 8
        static let metadata = 9
    }
    enum Metadata {
        static let plugin = 1
        static let pluginName = 1
    }
    enum Tensor {
        static let type = 1
        static let shape = 2
        static let content = 4
        static let floats = 5
        static let doubles = 6
        static let integers = 7
        static let stringValue = 8
        static let longIntegers = 10
        static let halves = 13
        // Values of `DataType`.
        static let float = 1
        static let double = 2
        static let integer = 3
        static let strings = 7
        static let longInteger = 9
        static let bfloat16 = 14
        static let half = 19
    }
    enum Shape {
        static let dimension = 2
        static let size = 1
    }
}
