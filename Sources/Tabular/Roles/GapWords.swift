/// Which texts stand for nothing.
///
/// Everywhere: blank cells, `NA`, `N/A`, `#N/A`, `<NA>`, `NaN`, `null`, `?`, `-`, `--` and `.`. Among numbers, dates and
/// yes or no also `none`, `nil`, `missing`, `unknown` and `not available`: among texts these are levels like others, for
/// "no garage" and "nobody knows" may say much. Letter case makes no difference.
package enum GapWords {
    private static let everywhere: Set<String> = [
        "", "na", "n/a", "#n/a", "<na>", "nan", "null", "?", "-", "--", ".",
    ]
    private static let amongValues: Set<String> = [
        "none", "nil", "missing", "unknown", "not available", "n.a.", "na.",
    ]

    /// Bytes of the longest one.
    private static let longest = "not available".utf8.count

    /// The words in lower case, the empty one among them: those for any column, or all for numbers, dates, yes and no.
    package static func words(amongValues: Bool) -> Set<String> {
        amongValues ? everywhere.union(self.amongValues) : everywhere
    }

    /// Whether a trimmed text is a gap wherever it stands.
    static func isGap(_ text: String) -> Bool {
        text.utf8.count <= longest && everywhere.contains(text.lowercased())
    }

    /// Whether a trimmed text is a gap in a column of numbers, dates or yes and no.
    static func isGapAmongValues(_ text: String) -> Bool {
        guard text.utf8.count <= longest else { return false }
        let word = text.lowercased()
        return everywhere.contains(word) || amongValues.contains(word)
    }
}
