/// Random numbers by place, not by turn: 128 random bits for every 128-bit counter, and nothing to consume.
///
/// Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011). Whoever
/// asks for the same counter of the same seed and stream gets the same numbers, whatever was asked for before.
public struct Philox: Sendable, Equatable {
    /// What numbers are drawn for. Streams of one seed have nothing to do with one another.
    public enum Stream: UInt32, Sendable {
        /// Which rows make a batch.
        case batches
        /// Which rows are held back for validation and testing.
        case split
        /// How weights start.
        case initializers
        /// Which units are dropped.
        case dropout
        /// Which rows trade their cells of a column, to see what it is worth.
        case importance
    }

    let key: (UInt32, UInt32)

    /// The numbers of one stream of a seed.
    public init(seed: UInt64, stream: Stream) {
        self.init(seed: seed, stream: stream.rawValue)
    }

    /// The numbers of one stream of a seed. Stream 0 has the seed itself as its key.
    ///
    /// The key's high word is the seed's, XOR the stream times an odd constant. That product is another one for every
    /// stream, so the streams of one seed have different keys.
    public init(seed: UInt64, stream: UInt32) {
        key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32) ^ (stream &* 0x85EB_CA6B))
    }

    /// The four random words of a counter.
    public func block(_ c0: UInt32, _ c1: UInt32, _ c2: UInt32, _ c3: UInt32) -> (UInt32, UInt32, UInt32, UInt32) {
        var (x0, x1, x2, x3) = (c0, c1, c2, c3)
        var (k0, k1) = key
        for _ in 0..<10 {
            let left = x0.multipliedFullWidth(by: 0xD251_1F53)
            let right = x2.multipliedFullWidth(by: 0xCD9E_8D57)
            (x0, x1, x2, x3) = (right.high ^ x1 ^ k0, right.low, left.high ^ x3 ^ k1, left.low)
            // The golden ratio and the square root of 3, less 1, as fractions of 2^32.
            k0 &+= 0x9E37_79B9
            k1 &+= 0xBB67_AE85
        }
        return (x0, x1, x2, x3)
    }

    /// The same seed and stream.
    public static func == (left: Philox, right: Philox) -> Bool { left.key == right.key }
}
