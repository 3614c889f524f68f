/// Truncated normal with variance 2 / (fan in + fan out) (Glorot & Bengio 2010).
public struct GlorotNormal: Initializer {
    public static let name = "glorot_normal"

    /// The initializer; it has no parameters.
    public init() {}

    public func values(count: Int, fanIn: Int, fanOut: Int, random: inout RandomSequence) -> [Float] {
        VarianceScaling(scale: 1, fan: .average, distribution: .truncatedNormal)
            .values(count: count, fanIn: fanIn, fanOut: fanOut, random: &random)
    }
}

extension Initializer where Self == GlorotNormal {
    /// Truncated normal with variance 2 / (fan in + fan out) (Glorot & Bengio 2010).
    public static var glorotNormal: GlorotNormal { GlorotNormal() }
}
