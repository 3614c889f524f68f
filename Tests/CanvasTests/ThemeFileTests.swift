import Canvas
import Foundation
import Testing
import ThemeFile

struct ThemeFileTests {
    /// A whole theme whose line 4 is the style of text.
    private func text(_ style: String = "{ fg = \"#ffffff\" }", without missing: Role? = nil, more: String = "")
        -> String
    {
        let others = Role.allCases.filter { $0 != .text && $0 != missing }.map { "\($0.rawValue) = {}" }
        return "name = \"dusk\"\nsummary = \"A test.\"\n[roles]\ntext = \(style)\n" + others.joined(separator: "\n")
            + "\n" + more
    }

    private func message(_ text: String) -> String? {
        #expect(throws: ThemeError.self) { try Theme(toml: text, file: "dusk.toml") }?.description
    }

    @Test func `the built-in themes are whole, and midnight is the standard one`() {
        #expect(Set(ThemeLibrary.builtins.map(\.name)).isSuperset(of: ["paper", "high-contrast", "okabe-ito", "mono"]))
        #expect(ThemeLibrary.standard.name == "midnight")
    }

    @Test(arguments: ThemeLibrary.builtins.filter { $0.name != "mono" })
    func `coloured themes set their ground and can be read on it`(theme: Theme) throws {
        for role in Role.allCases {
            let (ink, ground) = (try #require(theme[role].foreground), try #require(theme[role].background))
            #expect(ink.contrast(with: ground) >= role.leastContrast, "\(theme.name) \(role)")
        }
    }

    @Test(arguments: ThemeLibrary.builtins.filter { $0.name != "mono" }, [ColorDepth.xterm256, .ansi16, .ansi8])
    func `what a terminal makes of them can be read, too`(theme: Theme, depth: ColorDepth) throws {
        for role in Role.allCases {
            let style = theme.paletteStyle(of: role, depth: depth)
            let ink = Theme.Color.palette[try #require(style.foreground)]
            let ground = Theme.Color.palette[try #require(style.background)]
            #expect(ink.contrast(with: ground) >= role.leastContrast, "\(theme.name) \(role): \(style)")
        }
    }

    @Test(arguments: ThemeLibrary.builtins, ColorDepth.allCases)
    func `what must be told apart looks different at every depth`(theme: Theme, depth: ColorDepth) {
        // Without colours nothing but mono is drawn with.
        guard depth > .none || theme.name == "mono" else { return }
        let look = { (role: Role) in theme.paletteStyle(of: role, depth: depth) }
        for (one, other) in [
            (Role.curve, Role.band), (.text, .selection), (.border, .borderFocused), (.text, .bad), (.strong, .dim),
        ] {
            #expect(look(one) != look(other), "\(theme.name): \(one), \(other)")
        }
    }

    @Test func `mono names no colour`() throws {
        let mono = try ThemeLibrary.load(named: "mono")
        #expect(Role.allCases.allSatisfy { mono[$0].foreground == nil && mono[$0].background == nil })
    }

    @Test func `a role takes what it does not name from text, and colours may have names`() throws {
        let source = text("{ fg = \"snow\", bg = \"#010203\", bold = true }", more: "[palette]\nsnow = \"#FFFFFF\"\n")
        let theme = try Theme(toml: source, file: "dusk.toml")
        let white = Theme.Color(red: 255, green: 255, blue: 255)
        let ground = Theme.Color(red: 1, green: 2, blue: 3)
        #expect(theme[.text] == Theme.Style(foreground: white, background: ground, attributes: .bold))
        #expect(theme[.bad] == Theme.Style(foreground: white, background: ground))
    }

    @Test func `errors name the place and what was expected`() {
        #expect(
            message(text(without: .ghost)) == "dusk.toml:3:1: [roles] needs 'ghost'; expected a style for every role")
        #expect(
            message(text("{ fgg = \"#ffffff\" }"))
                == "dusk.toml:4:10: unknown key 'fgg' in [roles.text]; did you mean 'fg'?")
        #expect(message(text("{ fg = \"#12345\" }")) == "dusk.toml:4:10: 'fg' is '#12345'; a colour is \"#rrggbb\"")
        #expect(
            message(text("{ fg = \"snw\" }", more: "[palette]\nsnow = \"#ffffff\"\n"))
                == "dusk.toml:4:10: 'fg' is 'snw'; a colour is \"#rrggbb\" or a name of the palette; did you mean 'snow'?"
        )
        #expect(message(text("{ bold = 1 }")) == "dusk.toml:4:10: 'bold' must be true or false, not a whole number")
        #expect(message("summary = \"\"") == "dusk.toml:1:1: the file needs 'name', the name it is chosen by")
    }

    @Test func `a folder of one's own comes before the built-in themes`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("themes-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(text().utf8).write(to: folder.appendingPathComponent("paper.toml"))
        #expect(try ThemeLibrary.load(named: "paper", searchFolders: ["/none", folder.path]).summary == "A test.")
        #expect(try ThemeLibrary.load(named: "mono", searchFolders: [folder.path]).name == "mono")
    }

    @Test func `a file that is no theme is one line with its place, and no end of the program`() throws {
        let path = FileManager.default.temporaryDirectory.path + "/\(UUID().uuidString).toml"
        defer { try? FileManager.default.removeItem(atPath: path) }
        for bytes in [Array("[\n".utf8), [0xFF], Array("roles = 1 = 2".utf8), Array(repeating: 0x5B, count: 1 << 19)] {
            try Data(bytes).write(to: URL(filePath: path))
            let wrong = #expect(throws: ThemeError.self) { try ThemeLibrary.load(path: path) }
            #expect(wrong?.description.hasPrefix("\(path):1:") == true)
            #expect(wrong?.description.contains("\n") == false)
        }
        try Data(repeating: 0x20, count: (1 << 20) + 1).write(to: URL(filePath: path))
        let long = #expect(throws: ThemeError.self) { try ThemeLibrary.load(path: path) }
        #expect(long?.description == "\(path): is too large; expected at most 1 MiB; expected a theme, a TOML file")
    }

    @Test func `a theme that is not there is a message with a suggestion`() {
        let wrong = #expect(throws: ThemeError.self) { try ThemeLibrary.load(named: "midnigth") }
        #expect(wrong?.description == "there is no theme 'midnigth'; did you mean 'midnight'?")
        let path = #expect(throws: ThemeError.self) { try ThemeLibrary.load(named: "/none/a.toml") }
        #expect(
            path?.description
                == "/none/a.toml: cannot be read: No such file or directory; expected a theme, a TOML file")
        let folder = #expect(throws: ThemeError.self) { try ThemeLibrary.load(path: "/") }
        #expect(folder?.description == "/: is a directory, not a theme; expected a theme, a TOML file")
    }
}
