import Canvas
import Testing

struct ThemeQuantizedTests {
    private func color(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Theme.Color {
        Theme.Color(red: red, green: green, blue: blue)
    }

    @Test func `colours of the palette are found exactly`() {
        #expect(color(0, 0, 0).nearest(depth: .xterm256) == 16)
        #expect(color(255, 255, 255).nearest(depth: .xterm256) == 231)
        #expect(color(95, 135, 175).nearest(depth: .xterm256) == 67)
        #expect(color(18, 18, 18).nearest(depth: .xterm256) == 233)
        #expect(color(255, 0, 0).nearest(depth: .ansi16) == 9)
        #expect(color(255, 0, 0).nearest(depth: .ansi8) == 1)
    }

    @Test func `text never takes the colour behind it`() throws {
        var styles: [Role: Theme.Style] = [:]
        for role in Role.allCases {
            styles[role] = Theme.Style(foreground: color(60, 64, 80), background: color(20, 22, 30))
        }
        let theme = try Theme(name: "murky", summary: "", styles: styles)
        let style = theme.paletteStyle(of: .text, depth: .ansi8)
        #expect(style == Theme.PaletteStyle(foreground: 7, background: 0, attributes: .dim))
    }

    @Test func `without colours a background of its own becomes reverse video`() throws {
        var styles = Dictionary(
            uniqueKeysWithValues: Role.allCases.map { ($0, Theme.Style(background: color(0, 0, 0))) })
        styles[.selection] = Theme.Style(background: color(40, 40, 60), attributes: .bold)
        let theme = try Theme(name: "plain", summary: "", styles: styles)
        #expect(theme.paletteStyle(of: .text, depth: .none) == Theme.PaletteStyle(attributes: []))
        #expect(theme.paletteStyle(of: .selection, depth: .none) == Theme.PaletteStyle(attributes: [.bold, .reverse]))
    }

    @Test func `a terminal's number of colours gives the depth`() {
        #expect(
            [-1, 0, 7, 8, 15, 16, 88, 256, 1 << 24].map { ColorDepth(colors: $0).rawValue } == [
                0, 0, 0, 8, 8, 16, 16, 256, 256,
            ])
    }
}
