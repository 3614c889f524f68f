import Tabular
import TrainCore

/// How much worse a model predicts when one column's cells trade places among the rows: permutation importance (Breiman
/// 2001, "Random forests", section 10; for any model Fisher, Rudin and Dominici 2019), as in scikit-learn's
/// `permutation_importance`.
///
/// The score is R² for values and accuracy for classes, over several targets their mean. All features of a column move
/// together, and a derived column is one of its own. In the n-th repetition every column's cells trade places in the same
/// order, which the seed names: differences between columns are not those of orders.
struct PermutationImportance {
    /// A column.
    struct Column: Equatable {
        /// Its name. Not safe to print as it is.
        let name: String
        /// What the score loses in each repetition.
        let drops: [Double]

        /// Their mean.
        var mean: Double { drops.reduce(0, +) / Double(drops.count) }
        /// Their standard deviation, the population's.
        var deviation: Double {
            let mean = mean
            return (drops.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(drops.count)).squareRoot()
        }
    }

    /// The score with every cell in its place.
    let score: Double
    /// The columns, in the order of their features.
    let columns: [Column]
    /// Rows that were looked at.
    let rows: Int

    /// Measures it.
    ///
    /// - Parameters:
    ///   - space: how the table became features.
    ///   - table: rows with all targets; rows without are left out. There must be one with them.
    ///   - units: the network's outputs.
    ///   - repeats: how often each column is permuted, at least once.
    ///   - outputs: the network: rows x features to rows x units.
    init(
        _ space: FeatureSpace, _ table: AppliedTable, units: Int, repeats: Int, seed: UInt64,
        outputs: (_ x: [Float], _ rows: Int) -> [Float]
    ) {
        let known = (0..<table.rows).filter { row in table.targets.allSatisfy { $0[row].isFinite } }
        let width = table.features
        let x = known.flatMap { table.x[$0 * width..<($0 + 1) * width] }
        let targets = table.targets.map { target in known.map { target[$0] } }
        func score(_ x: [Float]) -> Double {
            Self.score(space.predictions(outputs(x, known.count), units: units), targets)
        }
        let whole = score(x)
        let philox = Philox(seed: seed, stream: .importance)
        var drops = space.columns.map { _ in [Double]() }
        var moved = x
        var order: [UInt32] = []
        for repetition in 0..<repeats {
            permute(count: known.count, philox: philox, epoch: UInt32(repetition), into: &order)
            var start = 0
            for (index, column) in space.columns.enumerated() {
                let features = start..<start + column.featureCount
                for (row, source) in order.enumerated() {
                    for feature in features { moved[row * width + feature] = x[Int(source) * width + feature] }
                }
                drops[index].append(whole - score(moved))
                for row in known.indices {
                    for feature in features { moved[row * width + feature] = x[row * width + feature] }
                }
                start = features.upperBound
            }
        }
        columns = zip(space.columns, drops).map { Column(name: $0.name, drops: $1) }
        self.score = whole
        rows = known.count
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
