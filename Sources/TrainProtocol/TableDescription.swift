/// The table that a run trains on: what each column is, and how its rows are shared out. Strings come from files: whoever
/// shows them sanitises them.
public struct TableDescription: Sendable, Equatable {
    /// Where the rows come from: "flats.csv".
    public var source: String
    /// The columns, in the order of the table.
    public var columns: [Column]
    /// What is predicted: "2 classes: no 607, yes 374"; "" where nobody says.
    public var task: String
    /// Rows to train on.
    public var trainingRows: Int
    /// Rows to validate on.
    public var validationRows: Int
    /// Rows to test on.
    public var testRows: Int

    /// A column.
    public struct Column: Sendable, Equatable {
        /// What it is used for.
        public enum Use: Sendable, Equatable {
            /// So many of the model's inputs are made of it.
            case features(Int)
            /// It is predicted.
            case target
            /// It is left out.
            case leftOut
        }

        /// The name.
        public var name: String
        /// What it is: "number", "category".
        public var role: String
        /// What it is used for.
        public var use: Use
        /// Cells without a value.
        public var gaps: Int
        /// Why it is taken for that: "text with 3 different values".
        public var reason: String

        /// A column.
        public init(name: String, role: String, use: Use, gaps: Int, reason: String) {
            self.name = name
            self.role = role
            self.use = use
            self.gaps = gaps
            self.reason = reason
        }
    }

    /// A table.
    public init(
        source: String, columns: [Column], task: String, trainingRows: Int, validationRows: Int, testRows: Int
    ) {
        self.source = source
        self.columns = columns
        self.task = task
        self.trainingRows = trainingRows
        self.validationRows = validationRows
        self.testRows = testRows
    }
}
