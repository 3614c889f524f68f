/// Why a theme cannot be used, as one line that is safe to print: `dusk.toml:7:1: unknown key 'txt' in [roles]; ...`.
public struct ThemeError: Error, Equatable, CustomStringConvertible, Sendable {
    /// What is wrong, where, and what was expected.
    public let description: String

    /// An error.
    init(_ description: String) {
        self.description = description
    }
}
