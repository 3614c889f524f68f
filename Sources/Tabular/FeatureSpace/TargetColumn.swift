/// A target, and how it becomes what the network is to put out.
public struct TargetColumn: Sendable, Equatable {
    /// The column's name, as it is in the file. Not safe to print as it is.
    public var name: String
    /// How it is written as numbers.
    public var coding: Coding

    /// How a target is written as numbers.
    public enum Coding: Sendable, Equatable {
        /// Its value: (y - center) / scale.
        case value(center: Double, scale: Double, notation: NumberNotation)
        /// Its place among these classes; the network has an output for each.
        case classes([String])
        /// 0 for the first of two classes, 1 for the second; the network has one output.
        case twoClasses([String])
    }

    /// The classes, empty where it is a value.
    public var classNames: [String] {
        switch coding {
        case .value: []
        case .classes(let names), .twoClasses(let names): names
        }
    }
}

extension TargetColumn {
    /// What the network is to put out for a value, or a class's number.
    func encode(_ value: Float) -> Float {
        guard case .value(let center, let scale, _) = coding else { return value }
        return Float((Double(value) - center) / scale)
    }

    /// The value that an output of the network stands for, in the target's own unit.
    public func decode(_ output: Float) -> Double {
        guard case .value(let center, let scale, _) = coding else { return Double(output) }
        return Double(output) * scale + center
    }
}
