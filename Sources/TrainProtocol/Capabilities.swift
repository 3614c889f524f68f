/// What can be asked of an engine now, and why the rest cannot.
public struct Capabilities: Sendable, Equatable {
    /// What cannot be asked for, each with the reason as a sentence.
    public private(set) var unavailable: [Command.Kind: String]

    /// Everything.
    public static let all = Capabilities(unavailable: [:])

    /// Everything but these.
    public init(unavailable: [Command.Kind: String]) { self.unavailable = unavailable }

    /// These and nothing else, all others for one reason.
    public init(only kinds: some Sequence<Command.Kind>, reason: String) {
        let offered = Set(kinds)
        unavailable = Dictionary(
            uniqueKeysWithValues: Command.Kind.allCases.filter { !offered.contains($0) }.map { ($0, reason) })
    }

    /// Whether this can be asked for.
    public func allows(_ kind: Command.Kind) -> Bool { unavailable[kind] == nil }

    /// Why this cannot be asked for, as a sentence; nil where it can.
    public func objection(to kind: Command.Kind) -> String? { unavailable[kind] }

    /// The same without what the other one does not allow; its reasons are told first.
    public func restricted(by other: Capabilities) -> Capabilities {
        Capabilities(unavailable: unavailable.merging(other.unavailable) { $1 })
    }
}
