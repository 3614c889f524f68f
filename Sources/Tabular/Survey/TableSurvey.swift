/// What a table is found to hold, before anything is trained: what each column is, and what there is to predict.
///
/// Roles come from the cells of all rows. What is measured for the training (medians, levels, deviations) comes from the
/// training rows alone, and is in a ``FeatureSpace``.
public struct TableSurvey: Sendable, Equatable {
    /// Where the rows come from, safe to print: "flats.csv".
    public internal(set) var source: String
    /// Rows of the table.
    public internal(set) var rows: Int
    /// Rows that have every target.
    public internal(set) var usableRows: Int
    /// All columns, in the order of the file, then derived ones.
    public internal(set) var columns: [SurveyedColumn]
    /// The targets' names, as they are in the file. Not safe to print as they are.
    public internal(set) var targets: [String]
    /// What is predicted; nil where no target is named.
    public internal(set) var task: LearningTask?
    /// Why, in a few words that are safe to print; "" where no target is named.
    public internal(set) var taskReason: String
    /// The classes in the order of their numbers, empty where values are predicted. Not safe to print as they are.
    public internal(set) var classNames: [String]
    /// Rows of each class.
    public internal(set) var classCounts: [Int]
    /// Features that are made of the table, were all its rows to train with. Of the training rows alone it may be fewer.
    public internal(set) var featureCount: Int
    /// What a person should know, a line each, safe to print.
    public internal(set) var warnings: [String]
}
