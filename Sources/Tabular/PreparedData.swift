public import TrainCore

/// A table ready to train on.
public struct PreparedData: Sendable, Equatable {
    /// Rows to train on, at least one, in file order.
    public internal(set) var training: Dataset
    /// Rows to validate on, in file order; nil where there are none.
    public internal(set) var validation: Dataset?
    /// Rows to test on, in file order; nil where there are none.
    public internal(set) var test: Dataset?
    /// The features' names, as they are in the file; `column=text` for one-hot ones. Not safe to print as they are.
    public internal(set) var featureNames: [String]
    /// The targets' names, as they are in the file. Not safe to print as they are.
    public internal(set) var targetNames: [String]
    /// What each class number stands for, empty where targets are values. Not safe to print as they are.
    public internal(set) var classNames: [String]
    /// The two texts that became 0 and 1, for each target of text that is not of classes. Not safe to print.
    public internal(set) var textTargets: [String: [String]]
    /// Columns that are no features because they hold text. Not safe to print as they are.
    public internal(set) var skippedColumns: [String]
    /// What a person should know, a line each, safe to print.
    public internal(set) var warnings: [String]
    /// Why there are no rows for validation, "" where there are.
    public internal(set) var validationNote: String
    /// What was done to each feature. With automatic roles it is the ``featureSpace`` that says so, and this nothing.
    public internal(set) var standardization: Standardization
    /// How any table with these columns is turned into the model's input, and its output into predictions.
    public internal(set) var featureSpace: FeatureSpace
    /// What the table was found to hold; nil where no roles are automatic.
    public internal(set) var survey: TableSurvey?
    /// Where the rows come from, safe to print: "storms.csv".
    public internal(set) var source: String
    /// The rows' lines in the table.
    public internal(set) var origin: RowOrigin
    /// What separates the table's cells: a comma, a semicolon or a tab.
    public internal(set) var delimiter: Character

    /// Reads and prepares a table. The same bytes, recipe and seed give the same data.
    ///
    /// With `targetsAreClasses` the one target becomes class numbers from 0: its texts, or its whole numbers, in sorted
    /// order. Without, a target of text must have exactly two texts, which become 0 and 1. A recipe with ``TableRecipe/roles``
    /// is read by the rules of ``TableSurvey``.
    ///
    /// - Parameters:
    ///   - seed: Names the split.
    ///   - directory: Where a relative path begins; nil for the current directory.
    ///   - progress: Called now and then, on the caller's thread, with how much is read; it never goes back.
    public static func load(
        _ recipe: TableRecipe, seed: UInt64, targetsAreClasses: Bool = false, relativeTo directory: String? = nil,
        progress: ((ReadingProgress) -> Void)? = nil
    ) throws(DataError) -> PreparedData {
        if recipe.roles != nil {
            return try SurveyedTable.read(
                recipe, targetsAreClasses: targetsAreClasses, relativeTo: directory, progress: progress
            ).prepared(seed: seed, targetsAreClasses: targetsAreClasses)
        }
        let bytes = try TableBytes.open(recipe.source, relativeTo: directory, progress: progress)
        var preparation = try TablePreparation(recipe, bytes, targetsAreClasses: targetsAreClasses, progress: progress)
        return try preparation.finish(seed: seed)
    }
}
