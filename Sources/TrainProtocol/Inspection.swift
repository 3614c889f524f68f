/// What can be looked at inside of a training, beside its losses.
public enum Inspection: Sendable, Hashable {
    /// The rows of the step with the greatest loss among these, as it saw them; nil for the last step taken, or the first
    /// one where none was.
    case batch(ClosedRange<Int>?)
    /// The rows that the model gets most wrong, of those to train and to validate with; when the test was told, of its rows
    /// too.
    case worstRows
    /// How predictions differ from what is true, for the rows to validate with, or to train with where there are none.
    case errors
    /// How the layers fare in the next step.
    case layers
    /// How much each column of the table is worth, for the same rows as the errors.
    case importance
}

/// What was seen inside of a training, at one moment.
public struct Findings: Sendable, Equatable {
    /// What was looked at.
    public var inspection: Inspection
    /// The branch.
    public var branch: BranchID
    /// The step that the model had taken.
    public var step: Int
    /// What was seen.
    public var content: Content

    /// What can be seen.
    public enum Content: Sendable, Equatable {
        /// Rows with what the model makes of them.
        case rows(InspectedRows)
        /// How predictions differ from what is true.
        case errors(InspectedErrors)
        /// How the layers fare.
        case layers(InspectedLayers)
        /// How much each column is worth.
        case importance(InspectedImportance)
        /// Nothing, for this reason.
        case nothing(reason: String)
    }

    /// Findings.
    public init(_ inspection: Inspection, branch: BranchID, step: Int, _ content: Content) {
        self.inspection = inspection
        self.branch = branch
        self.step = step
        self.content = content
    }
}

/// Rows with what the model makes of them, the greatest loss first. Texts come from files: whoever shows them sanitises
/// them.
public struct InspectedRows: Sendable, Equatable {
    /// The rows that were looked at, those included that are not told.
    public var count: Int
    /// The mean of their losses, without penalties; not finite where one of them is not.
    public var loss: Double
    /// The penalties on the weights, which a batch's loss has on top.
    public var penalty: Double
    /// The names of each row's cells.
    public var columns: [String]
    /// The names of what is predicted.
    public var targets: [String]
    /// The first rows, at most ``limit``.
    public var rows: [Row]

    /// So many rows are told.
    public static let limit = 256

    /// A row.
    public struct Row: Sendable, Equatable {
        /// What it is for.
        public var use: Use
        /// Its line in the file, else its number among the rows of its use; from 1.
        public var number: Int
        /// The cells, as they stand in the file or as the model sees them.
        public var cells: [Cell]
        /// What is true.
        public var targets: [Cell]
        /// What is predicted.
        public var predictions: [Cell]
        /// Its loss.
        public var loss: Double
        /// Its part of the sum of all losses, from 0 to 1; nil where that sum is not above 0.
        public var share: Double?

        /// What rows are for.
        public enum Use: Sendable, Hashable { case training, validation, test }

        /// A row.
        public init(
            use: Use, number: Int, cells: [Cell], targets: [Cell], predictions: [Cell], loss: Double, share: Double?
        ) {
            self.use = use
            self.number = number
            self.cells = cells
            self.targets = targets
            self.predictions = predictions
            self.loss = loss
            self.share = share
        }
    }

    /// What stands in a cell.
    public enum Cell: Sendable, Equatable {
        /// A number.
        case number(Double)
        /// A text, as it stands in the file.
        case text(String)
    }

    /// Rows.
    public init(
        count: Int, loss: Double, penalty: Double, columns: [String], targets: [String], rows: [Row]
    ) {
        self.count = count
        self.loss = loss
        self.penalty = penalty
        self.columns = columns
        self.targets = targets
        self.rows = rows
    }
}
