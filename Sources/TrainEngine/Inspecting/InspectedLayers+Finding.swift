import TrainCore
import TrainProtocol

extension InspectedLayers {
    /// Bins of each histogram.
    private static let bins = 32
    /// Rows for which units are looked at, at most.
    private static let mostRows = 1024

    /// What a trainer's next step is like for each layer, and its units for some rows.
    init(_ trainer: Trainer, data: Dataset) {
        let (readings, loss) = trainer.readLayers()
        let stride = max(1, data.rows / Self.mostRows)
        let places = Array(Swift.stride(from: 0, to: data.rows, by: stride)).prefix(Self.mostRows)
        let rows = places.count
        let x = places.flatMap { place in data.x[place * data.features..<(place + 1) * data.features] }
        let slopes = trainer.unitSlopes(on: x, rows: rows)
        self.init(
            layers: zip(readings, trainer.job.model.layers).enumerated().map { index, pair in
                let (reading, spec) = pair
                return Layer(
                    units: spec.units, activation: type(of: spec.activation).name,
                    weights: Self.spread(reading.weights),
                    gradients: Self.spread(reading.gradients), updates: reading.updates.map(Self.spread),
                    dead: slopes[index]?.dead, saturated: slopes[index]?.saturated, penalty: reading.penalty)
            }, loss: loss, rows: rows)
    }

    private static func spread(_ numbers: [Float]) -> Spread {
        Spread(
            norm: numbers.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot(),
            histogram: Histogram(numbers.lazy.map { Double($0) }, bins: bins, share: 0.98))
    }
}
