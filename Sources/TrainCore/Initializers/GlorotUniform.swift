/// Uniform with variance 2 / (fan in + fan out) (Glorot & Bengio 2010).
public struct GlorotUniform: Initializer {
    public static let name = "glorot_uniform"

    /// The initializer; it has no parameters.
    public init() {}

    public func values(count: Int, fanIn: Int, fanOut: Int, random: inout RandomSequence) -> [Float] {
        VarianceScaling(scale: 1, fan: .average, distribution: .uniform)
            .values(count: count, fanIn: fanIn, fanOut: fanOut, random: &random)
    }
}

extension Initializer where Self == GlorotUniform {
    /// Uniform with variance 2 / (fan in + fan out) (Glorot & Bengio 2010).
    public static var glorotUniform: GlorotUniform { GlorotUniform() }
}
