/// A style for every role.
public struct Theme: Equatable, Sendable {
    /// The name it is chosen by.
    public let name: String
    /// One sentence about it.
    public let summary: String
    /// The style of each role; complete, or the theme could not have been made.
    public let styles: [Role: Style]

    /// How a role looks.
    public struct Style: Hashable, Sendable {
        /// The colour of the character, nil for the terminal's own.
        public var foreground: Color?
        /// The colour behind it, nil for the terminal's own.
        public var background: Color?
        /// How the character is drawn beside its colour.
        public var attributes: Attributes

        /// A style.
        public init(foreground: Color? = nil, background: Color? = nil, attributes: Attributes = []) {
            self.foreground = foreground
            self.background = background
            self.attributes = attributes
        }
    }

    /// A colour, red, green and blue from 0 to 255.
    public struct Color: Hashable, Sendable {
        /// Red.
        public var red: UInt8
        /// Green.
        public var green: UInt8
        /// Blue.
        public var blue: UInt8

        /// A colour.
        public init(red: UInt8, green: UInt8, blue: UInt8) {
            self.red = red
            self.green = green
            self.blue = blue
        }
    }

    /// Ways to draw a character.
    public struct Attributes: OptionSet, Hashable, Sendable {
        /// The bits.
        public let rawValue: UInt8
        /// From bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// Bright or heavy.
        public static let bold = Attributes(rawValue: 1)
        /// Faint.
        public static let dim = Attributes(rawValue: 2)
        /// Underlined.
        public static let underline = Attributes(rawValue: 4)
        /// Foreground and background exchanged.
        public static let reverse = Attributes(rawValue: 8)
        /// Slanted.
        public static let italic = Attributes(rawValue: 16)
    }

    /// A theme, or the roles that have no style.
    public init(name: String, summary: String, styles: [Role: Style]) throws(MissingRoles) {
        let missing = Role.allCases.filter { styles[$0] == nil }
        guard missing.isEmpty else { throw MissingRoles(roles: missing) }
        self.name = name
        self.summary = summary
        self.styles = styles
    }

    /// Roles that a theme gives no style.
    public struct MissingRoles: Error, Equatable {
        /// Which ones.
        public let roles: [Role]
    }

    /// The style of a role.
    public subscript(role: Role) -> Style { styles[role]! }
}
