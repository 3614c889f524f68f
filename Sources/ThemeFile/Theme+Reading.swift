package import Canvas
import TOMLTree
import Wording

extension Theme {
    /// Reads a theme from the text of a TOML file; `file` is what to call it in errors.
    ///
    /// ```toml
    /// name = "dusk"
    /// summary = "One sentence."
    /// [palette]
    /// night = "#11151d"
    /// [roles]
    /// text = { fg = "#c5cede", bg = "night", bold = true }
    /// ```
    /// Every role must be there. One that names no `fg` or `bg` has that of `text`; where `text` names none it is the
    /// terminal's own.
    package init(toml text: String, file: String) throws(ThemeError) {
        do {
            try self.init(TOMLNode.document(text, file: file), file: file)
        } catch {
            throw ThemeError(error.description)
        }
    }

    init(_ document: TOMLNode, file: String) throws(TOMLError) {
        var top = TableReader(document: document, file: file)
        guard let name = try top.string("name") else { throw top.missing("name", "the name it is chosen by") }
        guard let summary = try top.string("summary") else { throw top.missing("summary", "one sentence about it") }
        var palette: [String: Color] = [:]
        if var table = try top.table("palette") {
            for key in table.keys { palette[key] = try table.color(key, palette: [:]) }
        }
        guard var table = try top.table("roles") else { throw top.missing("roles", "a table of styles") }
        try top.finish()

        var styles: [Role: Style] = [:]
        // The ground comes first: the others stand on it.
        for role in [.text] + Role.allCases.filter({ $0 != .text }) {
            guard var entry = try table.table(role.rawValue) else { continue }
            styles[role] = try entry.style(palette: palette, ground: styles[.text] ?? Style())
        }
        try table.finish()
        do {
            try self.init(name: name, summary: summary, styles: styles)
        } catch {
            let names = error.roles.map { "'\($0.rawValue)'" }.joined(separator: ", ")
            throw TOMLError(
                file: visible(file), at: table.position, "[roles] needs \(names); expected a style for every role")
        }
    }
}

extension TableReader {
    /// A role's style.
    fileprivate mutating func style(
        palette: [String: Theme.Color], ground: Theme.Style
    ) throws(TOMLError) -> Theme.Style {
        var style = Theme.Style(
            foreground: try color("fg", palette: palette) ?? ground.foreground,
            background: try color("bg", palette: palette) ?? ground.background)
        let attributes: [(String, Theme.Attributes)] = [
            ("bold", .bold), ("dim", .dim), ("underline", .underline), ("reverse", .reverse), ("italic", .italic),
        ]
        for (key, attribute) in attributes where try boolean(key) == true { style.attributes.insert(attribute) }
        try finish()
        return style
    }

    /// A colour: "#rrggbb", or a name of the palette.
    fileprivate mutating func color(
        _ key: String, palette: [String: Theme.Color]
    ) throws(TOMLError) -> Theme.Color? {
        guard let text = try string(key) else { return nil }
        if let color = palette[text] { return color }
        let digits = text.dropFirst()
        if text.hasPrefix("#"), digits.count == 6, digits.allSatisfy(\.isHexDigit),
            let value = UInt32(digits, radix: 16)
        {
            return Theme.Color(
                red: UInt8(value >> 16), green: UInt8(value >> 8 & 0xFF), blue: UInt8(value & 0xFF))
        }
        let form = "a colour is \"#rrggbb\""
        if palette.isEmpty || text.hasPrefix("#") {
            throw error(at: key, "'\(visible(key, limit: 40))' is '\(visible(text, limit: 40))'; \(form)")
        }
        let names = hint(for: text, among: palette.keys.sorted(), plural: "palette names")
        throw error(
            at: key,
            "'\(visible(key, limit: 40))' is '\(visible(text, limit: 40))'; \(form) or a name of the palette; \(names)")
    }
}
