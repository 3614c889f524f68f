/// All that it takes to turn rows of a table into a network's input, and its output back into predictions.
///
/// It is fitted to the training rows: nothing in it comes from the others. The word is Keras's
/// (`keras.utils.FeatureSpace`).
public struct FeatureSpace: Sendable, Equatable {
    /// How cells are taken.
    public var reading: CellReading
    /// The columns that features are made from, in the order of the features.
    public var columns: [InputColumn]
    /// What is predicted.
    public var targets: [TargetColumn]

    /// Features in a row.
    public var featureCount: Int { columns.reduce(0) { $0 + $1.featureCount } }

    /// The features' names. Not safe to print as they are.
    public var featureNames: [String] { columns.flatMap(\.featureNames) }

    /// The classes of the one target that has any, empty where values are predicted.
    public var classNames: [String] { targets.first { !$0.classNames.isEmpty }?.classNames ?? [] }

    /// What is predicted.
    public var task: LearningTask { classNames.isEmpty ? .regression : .classification }
}

/// How cells are taken: what is a gap, and which texts are the same.
public enum CellReading: String, Sendable, CaseIterable {
    /// Blank cells and `NA`, `NaN` and `null` are gaps; texts are the same where all their characters are.
    case exact
    /// There are more words for a gap, numbers are written in more ways, and letter case makes no difference.
    case lenient
}
