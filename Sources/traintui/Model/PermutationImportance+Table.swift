import Tabular
import TrainCore

extension PermutationImportance {
    /// Measures it on a table. The score is R² for values and accuracy for classes, over several targets their mean.
    ///
    /// - Parameters:
    ///   - space: how the table became features.
    ///   - table: rows with all targets; rows without are left out. There must be one with them.
    ///   - units: the network's outputs.
    ///   - outputs: the network: rows x features to rows x units.
    init(
        _ space: FeatureSpace, _ table: AppliedTable, units: Int, repeats: Int, seed: UInt64,
        outputs: (_ x: [Float], _ rows: Int) -> [Float]
    ) {
        let known = (0..<table.rows).filter { row in table.targets.allSatisfy { $0[row].isFinite } }
        let width = table.features
        let targets = table.targets.map { target in known.map { target[$0] } }
        let measured = PermutationImportance(
            x: known.flatMap { table.x[$0 * width..<($0 + 1) * width] }, rows: known.count,
            columns: space.columns.map { ($0.name, $0.featureCount) }, repeats: repeats, seed: seed
        ) { x in
            Self.score(space.predictions(outputs(x, known.count), units: units), targets)
        }
        guard let measured else { preconditionFailure("nobody told it to leave off") }
        self = measured
    }

    private static func score(_ predictions: Predictions, _ targets: [[Float]]) -> Double {
        let scores = zip(predictions.columns, targets).map { column, truth in
            switch column {
            case .values(let values):
                return RegressionScores(values: truth.map { Double($0) }, predictions: values).r2
            case .classes(_, let classes, _):
                let hits = zip(classes, truth).count { Float($0) == $1 }
                return Double(hits) / Double(truth.count)
            }
        }
        return scores.reduce(0, +) / Double(scores.count)
    }
}
