import CNcurses
import Canvas

/// A theme's roles as ncurses attributes and colour pairs.
struct Pen {
    private var inks: [Role: (attributes: attr_t, pair: Int32)] = [:]
    private var grounds: [Role: Ground] = [:]
    private var taken = Role.text

    /// What shows of a blank.
    struct Ground: Equatable {
        let background: Int32
        let attributes: attr_t
    }

    /// Gives every colour combination of the theme its pair.
    init(theme: Theme, depth: ColorDepth, hasDefaultColors: Bool) {
        var pairs: [ColorPair: Int32] = [:]
        for role in Role.allCases {
            let style = theme.paletteStyle(of: role, depth: depth)
            var ink: (attributes: attr_t, pair: Int32) = (Self.bits(style.attributes), 0)
            if depth > .none {
                // A terminal that cannot name its own colours gets light on dark.
                let colors = ColorPair(
                    foreground: Int32(style.foreground ?? (hasDefaultColors ? -1 : 7)),
                    background: Int32(style.background ?? (hasDefaultColors ? -1 : 0)))
                let pair = pairs[colors] ?? Int32(pairs.count + 1)
                // With more combinations than pairs the rest is drawn in the terminal's own colours.
                if pair < shim_color_pairs() {
                    if pairs[colors] == nil { init_extended_pair(pair, colors.foreground, colors.background) }
                    pairs[colors] = pair
                    ink.pair = pair
                }
            }
            inks[role] = ink
            // Where there is a line below it or the colours are exchanged, a blank is not like others.
            let visible = Self.bits(style.attributes.intersection([.underline, .reverse]))
            grounds[role] = Ground(
                background: style.background.map { Int32($0) } ?? -1, attributes: visible)
        }
        take(.text)
        // Colours only: attributes of the ground would be added to every character.
        shim_set_background(inks[.text]?.pair ?? 0)
    }

    /// What shows of a blank of this role.
    func ground(of role: Role) -> Ground? { grounds[role] }

    /// What follows is blanks of this role: any ink of their ground will do.
    mutating func takeForBlanks(_ role: Role) {
        if ground(of: role) != ground(of: taken) { take(role) }
    }

    /// What follows is written in the style of this role.
    mutating func take(_ role: Role) {
        taken = role
        guard let ink = inks[role] else { return }
        shim_set_style(ink.attributes, ink.pair)
    }

    private struct ColorPair: Hashable {
        let foreground: Int32
        let background: Int32
    }

    private static func bits(_ attributes: Theme.Attributes) -> attr_t {
        let table: [(Theme.Attributes, attr_t)] = [
            (.bold, shim_bold()), (.dim, shim_dim()), (.underline, shim_underline()), (.reverse, shim_reverse()),
            (.italic, shim_italic()),
        ]
        return table.reduce(0) { attributes.contains($1.0) ? $0 | $1.1 : $0 }
    }
}
