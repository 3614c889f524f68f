/// Truncated normal with variance 1 / fan in (LeCun et al. 1998).
public struct LecunNormal: Initializer {
    public static let name = "lecun_normal"

    /// The initializer; it has no parameters.
    public init() {}

    public func values(count: Int, fanIn: Int, fanOut: Int, random: inout RandomSequence) -> [Float] {
        VarianceScaling(scale: 1, fan: .in, distribution: .truncatedNormal)
            .values(count: count, fanIn: fanIn, fanOut: fanOut, random: &random)
    }
}

extension Initializer where Self == LecunNormal {
    /// Truncated normal with variance 1 / fan in (LeCun et al. 1998).
    public static var lecunNormal: LecunNormal { LecunNormal() }
}
