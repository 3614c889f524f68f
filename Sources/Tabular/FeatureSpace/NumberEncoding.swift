/// How a quantity becomes features.
///
/// One is the number in its scale. Another, where gaps are many, says where there is one. And it may be given in pieces
/// too: between each two neighbours of some edges one feature, which rises from 0 to 1 between them. That is the piecewise
/// linear encoding of Gorishniy, Rubachev and Babenko (2022, arXiv:2203.05556), by which a network can bend at each edge.
public struct NumberEncoding: Sendable, Equatable {
    /// How the numbers are written.
    public var notation: NumberNotation
    /// What takes the place of a gap, before scaling.
    public var fill: Float
    /// Whether a second feature is 1 where there is a gap, and 0 elsewhere.
    public var hasGapIndicator: Bool
    /// What is done to the number then.
    public var scaling: FittedScaling
    /// The edges of the pieces in the number's scale, rising; at least two, or none for no pieces.
    public var edges: [Float]

    /// Where at least this share of the training rows has a gap, a second feature says so.
    static let indicatorShare = 0.01
    /// A column of fewer different numbers is not given in pieces.
    static let fewestInPieces = 5

    init(
        notation: NumberNotation, fill: Float, hasGapIndicator: Bool, scaling: FittedScaling, edges: [Float] = []
    ) {
        self.notation = notation
        self.fill = fill
        self.hasGapIndicator = hasGapIndicator
        self.scaling = scaling
        self.edges = edges
    }

    /// Features that are pieces.
    public var pieces: Int { max(0, edges.count - 1) }

    /// Features.
    var width: Int { (hasGapIndicator ? 2 : 1) + pieces }

    /// The features' names, behind the column's.
    func featureNames(_ name: String) -> [String] {
        [name] + (hasGapIndicator ? ["\(name) missing"] : []) + (0..<pieces).map { "\(name) piece \($0 + 1)" }
    }

    /// Writes the features of a value; NaN is a gap.
    @inline(__always)
    func encode(_ value: Float, into features: UnsafeMutablePointer<Float>) {
        let isGap = !value.isFinite
        let scaled = scaling.apply(isGap ? fill : value)
        features[0] = scaled
        if hasGapIndicator { features[1] = isGap ? 1 : 0 }
        guard !edges.isEmpty else { return }
        let place = features + (hasGapIndicator ? 2 : 1)
        edges.withUnsafeBufferPointer { edges in
            for piece in 0..<edges.count - 1 {
                let part = (scaled - edges[piece]) / (edges[piece + 1] - edges[piece])
                place[piece] = min(max(part, 0), 1)
            }
        }
    }

    /// Edges at the quantiles of the training rows' numbers, those that coincide once; none where there are too few
    /// different numbers.
    ///
    /// - Parameter sorted: the numbers in order.
    static func edges(_ pieces: Int, _ scaling: FittedScaling, _ sorted: [Float]) -> [Float] {
        var different = 1
        for index in sorted.indices.dropFirst() where sorted[index] != sorted[index - 1] { different += 1 }
        guard pieces > 0, different >= fewestInPieces else { return [] }
        let scaled = sorted.map(scaling.apply)
        var edges: [Float] = []
        for piece in 0...pieces {
            let edge = Float(FittedScaling.quantile(Double(piece) / Double(pieces), scaled))
            if edges.last.map({ $0 < edge }) ?? true { edges.append(edge) }
        }
        return edges.count > 2 ? edges : []
    }
}
