/// How weights start.
public protocol Initializer: CatalogueEntry {
    /// One value for each weight, drawn from `random` in order.
    ///
    /// `fanIn` and `fanOut` are the layer's inputs and units.
    func values(count: Int, fanIn: Int, fanOut: Int, random: inout RandomSequence) -> [Float]
}

/// Random numbers in a row: uniform, and normal cut off at two deviations.
public struct RandomSequence: Sendable {
    private let philox: Philox
    private let tensor: UInt32
    private var next: UInt32 = 0

    /// The numbers for one tensor of a run: the same for the same seed and tensor.
    init(seed: UInt64, tensor: Int) {
        philox = Philox(seed: seed, stream: .initializers)
        self.tensor = UInt32(truncatingIfNeeded: tensor)
    }

    /// A number from 0 to 1, neither of them included, with 52 random bits.
    public mutating func uniform() -> Double {
        let words = philox.block(next, tensor, 0, 0)
        next &+= 1
        let bits = (UInt64(words.0) << 32 | UInt64(words.1)) >> 12
        return (Double(bits) + 0.5) * 0x1p-52
    }

    /// A standard normal number, given that it lies within two deviations.
    public mutating func truncatedNormal() -> Double {
        // The normal distribution's share below -2.
        let tail = 0.022750131948179207
        return PortableMath.normalQuantile(tail + uniform() * (1 - 2 * tail))
    }
}
