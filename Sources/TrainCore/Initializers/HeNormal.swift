/// Truncated normal with variance 2 / fan in (He et al. 2015).
public struct HeNormal: Initializer {
    public static let name = "he_normal"

    /// The initializer; it has no parameters.
    public init() {}

    public func values(count: Int, fanIn: Int, fanOut: Int, random: inout RandomSequence) -> [Float] {
        VarianceScaling(scale: 2, fan: .in, distribution: .truncatedNormal)
            .values(count: count, fanIn: fanIn, fanOut: fanOut, random: &random)
    }
}

extension Initializer where Self == HeNormal {
    /// Truncated normal with variance 2 / fan in (He et al. 2015).
    public static var heNormal: HeNormal { HeNormal() }
}
