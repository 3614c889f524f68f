/// Which characters a terminal can show: the repertoire that pictures are drawn with.
public enum Face: String, CaseIterable, Sendable {
    /// Braille dots, eighth blocks, rounded borders.
    case braille
    /// Half and eighth blocks, for fonts without braille.
    case blocks
    /// Nothing but ASCII, for locales without UTF-8.
    case ascii
}
