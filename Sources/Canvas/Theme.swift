/// A style for every role.
package struct Theme: Equatable, Sendable {
    /// The name it is chosen by.
    package let name: String
    /// One sentence about it.
    package let summary: String
    /// The style of each role; complete, or the theme could not have been made.
    package let styles: [Role: Style]

    /// How a role looks.
    package struct Style: Hashable, Sendable {
        /// The colour of the character, nil for the terminal's own.
        package var foreground: Color?
        /// The colour behind it, nil for the terminal's own.
        package var background: Color?
        /// How the character is drawn beside its colour.
        package var attributes: Attributes

        /// A style.
        package init(foreground: Color? = nil, background: Color? = nil, attributes: Attributes = []) {
            self.foreground = foreground
            self.background = background
            self.attributes = attributes
        }
    }

    /// A colour, red, green and blue from 0 to 255.
    package struct Color: Hashable, Sendable {
        /// Red.
        package var red: UInt8
        /// Green.
        package var green: UInt8
        /// Blue.
        package var blue: UInt8

        /// A colour.
        package init(red: UInt8, green: UInt8, blue: UInt8) {
            self.red = red
            self.green = green
            self.blue = blue
        }
    }

    /// Ways to draw a character.
    package struct Attributes: OptionSet, Hashable, Sendable {
        /// The bits.
        package let rawValue: UInt8
        /// From bits.
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        /// Bright or heavy.
        package static let bold = Attributes(rawValue: 1)
        /// Faint.
        package static let dim = Attributes(rawValue: 2)
        /// Underlined.
        package static let underline = Attributes(rawValue: 4)
        /// Foreground and background exchanged.
        package static let reverse = Attributes(rawValue: 8)
        /// Slanted.
        package static let italic = Attributes(rawValue: 16)
    }

    /// A theme, or the roles that have no style.
    package init(name: String, summary: String, styles: [Role: Style]) throws(MissingRoles) {
        let missing = Role.allCases.filter { styles[$0] == nil }
        guard missing.isEmpty else { throw MissingRoles(roles: missing) }
        self.name = name
        self.summary = summary
        self.styles = styles
    }

    /// Roles that a theme gives no style.
    package struct MissingRoles: Error, Equatable {
        /// Which ones.
        package let roles: [Role]
    }

    /// The style of a role.
    package subscript(role: Role) -> Style { styles[role]! }
}
