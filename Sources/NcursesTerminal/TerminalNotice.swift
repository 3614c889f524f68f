import Canvas

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What reaches a person who looks at another window: a title, the bell, a notification (xterm's control sequences,
/// "Operating System Commands"; the notification is iTerm2's OSC 9, which kitty, WezTerm, Ghostty and others know).
///
/// Terminals of unknown kinds get none of them: they might print what they do not know.
enum TerminalNotice {
    /// Keeps the title that the terminal has, and brings it back.
    static let keepTitle = "\u{1B}[22;2t"
    static let bringBackTitle = "\u{1B}[23;2t"

    /// Gives the window a title.
    static func title(_ text: SafeText) -> String { "\u{1B}]2;\(text)\u{7}" }

    /// Says something in a notification.
    static func notification(_ text: SafeText) -> String { "\u{1B}]9;\(text)\u{7}" }

    static let bell = "\u{7}"

    /// Whether a terminal of that type knows these, or passes over them.
    static func isKnown(to terminal: String) -> Bool {
        let kinds = [
            "xterm", "screen", "tmux", "rxvt", "alacritty", "foot", "kitty", "wezterm", "ghostty", "konsole", "gnome",
            "vte",
            "st", "iterm",
        ]
        return kinds.contains { terminal.hasPrefix($0) }
    }
}
