/// A table as a network's input, row for row.
public struct AppliedTable: Sendable, Equatable {
    /// Rows, all of the table's.
    public internal(set) var rows: Int
    /// Features in a row.
    public internal(set) var features: Int
    /// The features, rows x features, row by row.
    public internal(set) var x: [Float]
    /// For each target the values of all rows in the target's own unit, or class numbers; NaN for gaps, and for classes
    /// that are not known. Empty where nobody asked for them.
    public internal(set) var targets: [[Float]]
    /// The table's name, safe to print.
    public internal(set) var source: String
    /// What a person should know, a line each, safe to print: which texts are no known level, and the like.
    public internal(set) var notes: [String]
}
