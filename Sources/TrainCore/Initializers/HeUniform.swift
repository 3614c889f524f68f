/// Uniform with variance 2 / fan in (He et al. 2015).
public struct HeUniform: Initializer {
    public static let name = "he_uniform"

    /// The initializer; it has no parameters.
    public init() {}

    public func values(count: Int, fanIn: Int, fanOut: Int, random: inout RandomSequence) -> [Float] {
        VarianceScaling(scale: 2, fan: .in, distribution: .uniform)
            .values(count: count, fanIn: fanIn, fanOut: fanOut, random: &random)
    }
}

extension Initializer where Self == HeUniform {
    /// Uniform with variance 2 / fan in (He et al. 2015).
    public static var heUniform: HeUniform { HeUniform() }
}
