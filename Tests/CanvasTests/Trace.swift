import Canvas

/// A made-up but realistic run: 1,715 noisy losses that fall from 28 to about 0.98, learning rate halved at step 700.
enum Trace {
    static let losses: [Double] = {
        var state: UInt64 = 42
        func uniform() -> Double {
            // SplitMix64 (Steele, Lea, Flood 2014).
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return Double((z ^ (z >> 31)) >> 11) / Double(1 << 53)
        }
        return (1...1715).map { step in
            let level = 0.95 + 27 / (1 + Double(step * step) / 40) + 0.8 * max(0, 1 - Double(step) / 500)
            let noise = (0..<4).reduce(0) { sum, _ in sum + uniform() } / 2 - 1
            let spike = uniform() < 0.02 ? uniform() : 0
            return level * (1 + 0.45 * noise) + spike
        }
    }()

    static let smooth: [Plot.Point] = {
        var mean = losses[0]
        return losses.enumerated().map { index, loss in
            mean += 0.1 * (loss - mean)
            return Plot.Point(x: Double(index + 1), y: mean)
        }
    }()

    static var plot: Plot {
        let spans = losses.enumerated().map {
            Plot.Span(x0: Double($0.offset), x1: Double($0.offset + 1), min: $0.element, max: $0.element)
        }
        let validation = [(343.0, 1.083), (686, 0.998), (1372, 0.9856)].map { Plot.Point(x: $0.0, y: $0.1) }
        let epochs = [0, 343, 686, 1029, 1372, 1715].map { Plot.Tick(x: Double($0), label: NumberFormat.grouped($0)) }
        return Plot(
            xRange: 0...1715, yRange: 0...2.5, layers: [.band(spans), .line(smooth), .points(validation)],
            markers: [Plot.Marker(x: 700, label: "lr 0.01→0.005")], xTicks: epochs)
    }
}
