/// Why a text is no feature space, in one line that is safe to print, as a sentence's second half.
public struct FeatureSpaceError: Error, Equatable, CustomStringConvertible, Sendable {
    /// "has a column 'x' without a role".
    public let description: String

    init(_ description: String) { self.description = description }
}
