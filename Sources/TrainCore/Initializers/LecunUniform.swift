/// Uniform with variance 1 / fan in (LeCun et al. 1998).
public struct LecunUniform: Initializer {
    public static let name = "lecun_uniform"

    /// The initializer; it has no parameters.
    public init() {}

    public func values(count: Int, fanIn: Int, fanOut: Int, random: inout RandomSequence) -> [Float] {
        VarianceScaling(scale: 1, fan: .in, distribution: .uniform)
            .values(count: count, fanIn: fanIn, fanOut: fanOut, random: &random)
    }
}

extension Initializer where Self == LecunUniform {
    /// Uniform with variance 1 / fan in (LeCun et al. 1998).
    public static var lecunUniform: LecunUniform { LecunUniform() }
}
