/// One for every weight.
public struct Ones: Initializer {
    public static let name = "ones"

    /// The initializer; it has no parameters.
    public init() {}

    public func values(count: Int, fanIn: Int, fanOut: Int, random: inout RandomSequence) -> [Float] {
        Array(repeating: 1, count: count)
    }
}

extension Initializer where Self == Ones {
    /// One for every weight.
    public static var ones: Ones { Ones() }
}
