/// Zero for every weight.
public struct Zeros: Initializer {
    public static let name = "zeros"

    /// The initializer; it has no parameters.
    public init() {}

    public func values(count: Int, fanIn: Int, fanOut: Int, random: inout RandomSequence) -> [Float] {
        Array(repeating: 0, count: count)
    }
}

extension Initializer where Self == Zeros {
    /// Zero for every weight.
    public static var zeros: Zeros { Zeros() }
}
