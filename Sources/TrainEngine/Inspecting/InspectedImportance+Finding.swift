import TrainCore
import TrainProtocol

extension InspectedImportance {
    /// How often each column's cells trade places.
    private static let repeats = 5

    /// Measures it; nil where it left off.
    init?(
        _ trainer: Trainer, on data: Dataset, use: InspectedRows.Row.Use, shape: TrainingShape, meaning: DataMeaning,
        while goesOn: () -> Bool
    ) {
        let targets = meaning.targets(of: shape)
        let known = meaning.inputs.map { ($0.name, $0.features) }
        let columns =
            known.reduce(0) { $0 + $1.1 } == shape.features ? known : meaning.features(of: shape).map { ($0, 1) }
        let importance = PermutationImportance(
            x: data.x, rows: data.rows, columns: columns.map { (name: $0.0, features: $0.1) }, repeats: Self.repeats,
            seed: trainer.job.seed, while: goesOn
        ) { x in
            let outputs = trainer.predict(x, rows: data.rows)
            let scores = targets.enumerated().map { $1.score(outputs, data, target: $0, shape: shape) }
            return scores.reduce(0, +) / Double(max(1, scores.count))
        }
        guard let importance else { return nil }
        let areClasses = Set(targets.map { if case .value = $0.coding { false } else { true } })
        self.init(
            use: use, rows: data.rows,
            measure: areClasses == [true] ? "accuracy" : areClasses == [false] ? "R²" : "score",
            score: importance.score,
            columns: importance.columns.map { Column(name: $0.name, mean: $0.mean, deviation: $0.deviation) })
    }
}

extension DataMeaning.Target {
    /// How good outputs are: R² of values, which is the same in any unit, the accuracy of classes.
    fileprivate func score(_ outputs: [Float], _ data: Dataset, target: Int, shape: TrainingShape) -> Double {
        let truth = (0..<data.rows).map { data.y[$0 * data.targets + target] }
        func own() -> [Float] { (0..<data.rows).map { outputs[$0 * shape.units + target] } }
        let classes: [Int]
        switch coding {
        case .value:
            return RegressionScores(values: truth.map { Double($0) }, predictions: own().map { Double($0) }).r2
        case .classes(let names):
            classes = ClassPredictions(outputs, units: shape.units, count: names.count).classes
        case .twoClasses:
            classes = ClassPredictions(ofTwo: own()).classes
        }
        return Double(zip(classes, truth).count { Float($0) == $1 }) / Double(data.rows)
    }
}
