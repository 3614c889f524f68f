import TrainCore
import TrainProtocol

extension InspectedErrors {
    /// Compares a model's outputs for rows with what is true of them.
    ///
    /// - Parameter outputs: rows x units, row by row.
    init(_ outputs: [Float], _ data: Dataset, use: InspectedRows.Row.Use, shape: TrainingShape, meaning: DataMeaning) {
        func truth(_ target: Int) -> [Float] { (0..<data.rows).map { data.y[$0 * data.targets + target] } }
        func output(_ target: Int) -> [Float] { (0..<data.rows).map { outputs[$0 * shape.units + target] } }
        let targets = meaning.targets(of: shape).enumerated().map { index, target -> Target in
            let errors: Errors =
                switch target.coding {
                case .value(let center, let scale):
                    .values(
                        ValueErrors(
                            truth: truth(index).map { Double($0) * scale + center },
                            predicted: output(index).map { Double($0) * scale + center }))
                case .classes(let names):
                    .classes(
                        ClassErrors(
                            truth: truth(index), ClassPredictions(outputs, units: shape.units, count: names.count),
                            names: names))
                case .twoClasses(let names):
                    .classes(ClassErrors(truth: truth(index), ClassPredictions(ofTwo: output(index)), names: names))
                }
            return Target(name: target.name, errors: errors)
        }
        self.init(use: use, rows: data.rows, targets: targets)
    }
}

extension ValueErrors {
    /// Bins of the residuals, and the middle part of them that they show.
    private static let (bins, share) = (48, 0.98)

    init(truth: [Double], predicted: [Double]) {
        let scores = RegressionScores(values: truth, predictions: predicted)
        let residuals = zip(predicted, truth).map { $0 - $1 }
        let stride = max(1, (truth.count + Self.mostPoints - 1) / Self.mostPoints)
        self.init(
            r2: scores.r2, rootMeanSquare: scores.rootMeanSquaredError, meanAbsolute: scores.meanAbsoluteError,
            bias: residuals.reduce(0, +) / Double(residuals.count),
            residuals: Histogram(residuals, bins: Self.bins, share: Self.share),
            points: Swift.stride(from: 0, to: truth.count, by: stride).map {
                Point(truth: truth[$0], predicted: predicted[$0])
            })
    }
}

extension ClassErrors {
    /// Bins of probabilities, each a tenth wide, as scikit-learn's `calibration_curve` has them: an edge belongs to the
    /// bin below it.
    private static let bins = 10

    init(truth: [Float], _ predictions: ClassPredictions, names: [String]) {
        let truth = truth.map { min(max(0, Int(exactly: $0.rounded()) ?? 0), names.count - 1) }
        let (places, shown) = Self.places(of: truth, names)
        var confusion = Array(repeating: 0, count: shown.count * shown.count)
        var sums = Array(repeating: (probability: 0.0, hits: 0, rows: 0), count: Self.bins)
        let edges = (1..<Self.bins).map { Double($0) / Double(Self.bins) }
        for (row, (truth, predicted)) in zip(truth, predictions.classes).enumerated() {
            confusion[places[truth] * shown.count + places[predicted]] += 1
            let judged = names.count == 2 ? 1 : predicted
            let probability = Double(predictions.probabilities[row * names.count + judged])
            let bin = edges.count { $0 < probability }
            sums[bin].probability += probability
            sums[bin].hits += truth == judged ? 1 : 0
            sums[bin].rows += 1
        }
        self.init(
            names: shown,
            accuracy: Double(zip(truth, predictions.classes).count { $0 == $1 }) / Double(max(1, truth.count)),
            confusion: confusion,
            calibration: sums.filter { $0.rows > 0 }.map { bin in
                CalibrationBin(
                    probability: bin.probability / Double(bin.rows), share: Double(bin.hits) / Double(bin.rows),
                    rows: bin.rows)
            })
    }

    /// Where each class is shown, and under which names: of too many, the most frequent ones, and one place for the rest.
    private static func places(of truth: [Int], _ names: [String]) -> ([Int], [String]) {
        guard names.count > Self.mostClasses else { return (Array(names.indices), names) }
        var counts = names.map { _ in 0 }
        for truth in truth { counts[truth] += 1 }
        let frequent = names.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }.prefix(Self.mostClasses - 1)
            .sorted()
        var places = Array(repeating: frequent.count, count: names.count)
        for (place, index) in frequent.enumerated() { places[index] = place }
        return (places, frequent.map { names[$0] } + ["\(names.count - frequent.count) others"])
    }
}
