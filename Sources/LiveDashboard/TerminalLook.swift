package import Canvas
package import Dashboard

/// How a dashboard uses the terminal: what a person chose once for all runs, and what a command says otherwise.
package struct TerminalLook: Sendable {
    /// The theme's name, or a theme file's path.
    package var theme: String
    /// The characters to draw with; nil for those that the terminal can show.
    package var glyphs: GlyphSet?
    /// Whether the mouse is the dashboard's.
    package var mouse: Bool
    /// Where the keys are.
    package var keys = KeyMaps()
    /// Whether the window's title tells of the run; whether its end, a divergence or a breakpoint rings the bell; and
    /// whether it shows a notification.
    package var notices = (title: false, bell: false, notification: false)

    /// A look without notices.
    package init(theme: String, glyphs: GlyphSet? = nil, mouse: Bool = true) {
        (self.theme, self.glyphs, self.mouse) = (theme, glyphs, mouse)
    }
}
