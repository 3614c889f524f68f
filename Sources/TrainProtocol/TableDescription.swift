/// The table that a run trains on: what each column is, and how its rows are shared out. Strings come from files: whoever
/// shows them sanitises them.
public struct TableDescription: Sendable, Equatable {
    /// Where the rows come from: "flats.csv".
    public var source: String
    /// The columns, in the order of the table.
    public var columns: [Column]
    /// What is predicted: "2 classes: no 607, yes 374"; "" where the job says what the columns are.
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
        /// Cells without a value; nil where nobody counted them.
        public var gaps: Int?
        /// Why it is taken for that: "text with 3 different values"; "" where the job says what it is.
        public var reason: String
        /// How often what is in it occurs among the rows to train on: numbers by their size, levels one after the other; nil
        /// for a column that is left out.
        public var shape: Histogram?
        /// How much it has to do with the first target there: Pearson's correlation of numbers, else from 0 to 1; nil where
        /// that says nothing.
        public var correlation: Correlation?

        /// How much a column has to do with the target.
        public enum Correlation: Sendable, Equatable {
            /// From -1 to 1, of two columns of numbers.
            case signed(Double)
            /// From 0 to 1, where one of them is levels or classes.
            case unsigned(Double)
        }

        /// A column.
        public init(
            name: String, role: String, use: Use, gaps: Int?, reason: String, shape: Histogram? = nil,
            correlation: Correlation? = nil
        ) {
            self.name = name
            self.role = role
            self.use = use
            self.gaps = gaps
            self.reason = reason
            self.shape = shape
            self.correlation = correlation
        }
    }

    /// Whether what its columns are was found by looking at them. Otherwise the job says so.
    public var isJudged: Bool { !task.isEmpty }

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
