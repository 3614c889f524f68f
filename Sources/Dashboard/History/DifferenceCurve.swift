import Canvas
import RunModel

/// A difference as a curve: the mean over a twelfth of the steps around each, with its 95 % band.
struct DifferenceCurve {
    /// The curve.
    private(set) var line: [Plot.Point] = []
    private var band: [Plot.Span] = []
    /// From where to where the curve goes, and the last of its band.
    private(set) var range = 0.0...0.0

    init(_ difference: PairedDifference) {
        let count = difference.pieces.count
        var sums = [0.0]
        for piece in difference.pieces { sums.append(sums[sums.count - 1] + piece) }
        let reach = count / 24
        let width = Double(difference.width)
        // The variance of a mean over all pieces, times their number: that of a mean over one.
        let variance = PairedDifference.varianceOfMean(difference.pieces).map { $0 * Double(count) }
        for index in 0..<count {
            let around = max(0, index - reach)..<min(count, index + reach + 1)
            let mean = (sums[around.upperBound] - sums[around.lowerBound]) / Double(around.count)
            let x = Double(difference.start) + (Double(index) + 0.5) * width
            line.append(Plot.Point(x: x, y: mean))
            range = min(range.lowerBound, mean)...max(range.upperBound, mean)
            guard let variance else { continue }
            let half = 1.96 * (variance / Double(around.count)).squareRoot()
            band.append(Plot.Span(x0: x - width / 2, x1: x + width / 2, min: mean - half, max: mean + half))
        }
        if let last = band.last { range = min(range.lowerBound, last.min)...max(range.upperBound, last.max) }
    }

    /// Its band; none while there is too little to tell how sure it is. What lies outside of the frame is not worth a note.
    func band(within range: ClosedRange<Double>) -> [Plot.Span] {
        func inside(_ value: Double) -> Double { min(max(value, range.lowerBound), range.upperBound) }
        return band.map { Plot.Span(x0: $0.x0, x1: $0.x1, min: inside($0.min), max: inside($0.max)) }
    }
}
