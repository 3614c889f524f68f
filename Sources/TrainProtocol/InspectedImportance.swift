/// How much each column of a table is worth to a model: what its score loses where the column's cells trade places.
public struct InspectedImportance: Sendable, Equatable {
    /// Which rows were looked at: those for validation, or those to train with where there are none.
    public var use: InspectedRows.Row.Use
    /// How many rows were looked at.
    public var rows: Int
    /// What is measured: "R²", "accuracy"; "score" for a mean of both.
    public var measure: String
    /// The score with every cell in its place.
    public var score: Double
    /// The columns, in the order of their features.
    public var columns: [Column]

    /// A column.
    public struct Column: Sendable, Equatable {
        /// Its name. Comes from a file: whoever shows it sanitises it.
        public var name: String
        /// What the score loses: the mean over some repetitions.
        public var mean: Double
        /// The standard deviation over the repetitions.
        public var deviation: Double

        /// A column.
        public init(name: String, mean: Double, deviation: Double) {
            self.name = name
            self.mean = mean
            self.deviation = deviation
        }
    }

    /// Importances.
    public init(use: InspectedRows.Row.Use, rows: Int, measure: String, score: Double, columns: [Column]) {
        self.use = use
        self.rows = rows
        self.measure = measure
        self.score = score
        self.columns = columns
    }
}
