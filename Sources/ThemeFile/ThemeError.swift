/// Why a theme cannot be used, as one line that is safe to print: `dusk.toml:7:1: unknown key 'txt' in [roles]; ...`.
package struct ThemeError: Error, Equatable, CustomStringConvertible, Sendable {
    /// What is wrong, where, and what was expected.
    package let description: String

    /// An error.
    init(_ description: String) {
        self.description = description
    }
}
