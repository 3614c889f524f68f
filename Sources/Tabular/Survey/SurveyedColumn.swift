/// What a column is found to be, and why.
public struct SurveyedColumn: Sendable, Equatable {
    /// What the column is for.
    public enum Use: String, Sendable {
        /// Features are made of it.
        case feature
        /// It is predicted.
        case target
        /// It is left out.
        case leftOut = "left_out"
    }

    /// The column's name, as it is in the file. Not safe to print as it is.
    public internal(set) var name: String
    /// What it is for.
    public internal(set) var use: Use
    /// What it is.
    public internal(set) var role: ColumnRole
    /// Why, in a few words that are safe to print: "text with 12 different values".
    public internal(set) var reason: String
    /// Cells without a value, out of all rows.
    public internal(set) var gaps: Int
    /// Different values; nil where there are more than anybody counted.
    public internal(set) var distinct: Int?
    /// The least number; nil where the column is none of numbers.
    public internal(set) var minimum: Double?
    /// The greatest number; nil where the column is none of numbers.
    public internal(set) var maximum: Double?
    /// Some of its values, the most frequent ones first, safe to print; empty for numbers.
    public internal(set) var examples: [String]
    /// Features that are made of it.
    public internal(set) var features: Int
}
