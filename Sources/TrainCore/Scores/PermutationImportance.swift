/// How much worse a model predicts when one column's cells trade places among the rows: permutation importance (Breiman
/// 2001, "Random forests", section 10; for any model Fisher, Rudin and Dominici 2019), as in scikit-learn's
/// `permutation_importance`.
///
/// All features of a column move together. In the n-th repetition every column's cells trade places in the same order, which
/// the seed names: differences between columns are not those of orders.
package struct PermutationImportance: Sendable, Equatable {
    /// A column.
    package struct Column: Sendable, Equatable {
        /// Its name. Not safe to print as it is.
        package let name: String
        /// What the score loses in each repetition.
        package let drops: [Double]

        /// Their mean.
        package var mean: Double { drops.reduce(0, +) / Double(drops.count) }
        /// Their standard deviation, the population's.
        package var deviation: Double {
            let mean = mean
            return (drops.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(drops.count)).squareRoot()
        }
    }

    /// The score with every cell in its place.
    package let score: Double
    /// The columns, in the order of their features.
    package let columns: [Column]
    /// Rows that were looked at.
    package let rows: Int

    /// Measures it; nil where it left off.
    ///
    /// - Parameters:
    ///   - x: the features, rows x features, row by row.
    ///   - rows: the rows, at least one.
    ///   - columns: the columns by their names, each with how many features it has, in the order of the features.
    ///   - repeats: how often each column is permuted, at least once.
    ///   - goesOn: asked now and then; false leaves off.
    ///   - score: how good the model's predictions from such features are, the greater the better.
    package init?(
        x: [Float], rows: Int, columns: [(name: String, features: Int)], repeats: Int, seed: UInt64,
        while goesOn: () -> Bool = { true }, score: (_ x: [Float]) -> Double
    ) {
        let width = columns.reduce(0) { $0 + $1.features }
        precondition(x.count == rows * width, "x has \(x.count) values, not \(rows) x \(width)")
        let whole = score(x)
        let philox = Philox(seed: seed, stream: .importance)
        var drops = columns.map { _ in [Double]() }
        var moved = x
        var order: [UInt32] = []
        for repetition in 0..<repeats {
            permute(count: rows, philox: philox, epoch: UInt32(repetition), into: &order)
            var start = 0
            for (index, column) in columns.enumerated() {
                guard goesOn() else { return nil }
                let features = start..<start + column.features
                for (row, source) in order.enumerated() {
                    for feature in features { moved[row * width + feature] = x[Int(source) * width + feature] }
                }
                drops[index].append(whole - score(moved))
                for row in 0..<rows {
                    for feature in features { moved[row * width + feature] = x[row * width + feature] }
                }
                start = features.upperBound
            }
        }
        self.columns = zip(columns, drops).map { Column(name: $0.name, drops: $1) }
        self.score = whole
        self.rows = rows
    }
}
