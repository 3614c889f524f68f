/// Random weights whose variance is `scale` over the fan, so that signals keep their size through the layers.
///
/// As Keras's class of that name: the normal distribution is cut off at two deviations and widened by the constant that
/// makes up for the cut.
struct VarianceScaling {
    enum Fan { case `in`, average }
    enum Distribution { case uniform, truncatedNormal }

    let scale: Double
    let fan: Fan
    let distribution: Distribution

    func values(count: Int, fanIn: Int, fanOut: Int, random: inout RandomSequence) -> [Float] {
        let size = fan == .in ? Double(fanIn) : Double(fanIn + fanOut) / 2
        let variance = scale / max(1, size)
        switch distribution {
        case .uniform:
            let limit = (3 * variance).squareRoot()
            return (0..<count).map { _ in Float((2 * random.uniform() - 1) * limit) }
        case .truncatedNormal:
            // 0.8796… is the deviation of a standard normal variable cut off at ±2.
            let deviation = variance.squareRoot() / 0.87962566103423978
            return (0..<count).map { _ in Float(random.truncatedNormal() * deviation) }
        }
    }
}
