package import RunModel

/// The runs there are, for the list that shows them. Its methods may be called from any thread.
package protocol RunShelf: Sendable {
    /// All names, the oldest first.
    func names() -> [String]
    /// Whether there may be others than when the names were asked for last.
    func hasChanged() -> Bool
    /// What there is to say of these runs in a list.
    func read(_ names: [String]) -> [RunFacts]
    /// All there is to say of a run, line by line.
    func description(of name: String) throws -> [String]
    /// Runs side by side, line by line.
    func comparison(of names: [String]) throws -> [String]
    /// Writes a note about a run; an empty one removes it.
    func note(_ text: String, about name: String) throws
    /// Keeps a run, or no longer.
    func pin(_ name: String, _ isPinned: Bool) throws
    /// Removes a run; one that is pinned or trained stays.
    func remove(_ name: String) throws
    /// What is said of an error.
    func sentence(_ error: any Error) -> String
}
