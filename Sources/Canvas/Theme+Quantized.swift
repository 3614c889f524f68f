/// How many colours a terminal has.
package enum ColorDepth: Int, CaseIterable, Comparable, Sendable {
    /// None: bold, dim, reverse and underline carry everything.
    case none = 0
    /// The eight ANSI colours.
    case ansi8 = 8
    /// The eight and their bright forms.
    case ansi16 = 16
    /// xterm's palette: a 6 x 6 x 6 cube and 24 greys.
    case xterm256 = 256

    /// The deepest that a terminal with so many colours can show.
    package init(colors: Int) {
        self = Self.allCases.last { $0.rawValue <= max(0, colors) } ?? .none
    }

    /// By the number of colours.
    package static func < (left: ColorDepth, right: ColorDepth) -> Bool { left.rawValue < right.rawValue }
}

extension Theme {
    /// A style in numbers of a terminal's palette; nil is the terminal's own colour.
    package struct PaletteStyle: Hashable, Sendable {
        /// The character's colour.
        package var foreground: Int?
        /// The colour behind it.
        package var background: Int?
        /// How it is drawn beside its colour.
        package var attributes: Attributes

        /// A style.
        package init(foreground: Int? = nil, background: Int? = nil, attributes: Attributes) {
            self.foreground = foreground
            self.background = background
            self.attributes = attributes
        }
    }

    /// A role's style on a terminal of that many colours.
    ///
    /// Where two different colours of a style become the same one, which would hide the text, black or white is taken
    /// instead, whichever can be read. Without colours a background that is not the ground's becomes reverse video. With 256
    /// of them a curve is not bold: its colour tells it apart, and a style that begins and ends with every cell of a curve
    /// would be most of what a frame sends to the terminal.
    package func paletteStyle(of role: Role, depth: ColorDepth) -> PaletteStyle {
        var style = self[role]
        if role == .curve, depth == .xterm256, style.foreground != nil { style.attributes.remove(.bold) }
        guard depth > .none else {
            var attributes = style.attributes
            // What stood out by its background must still stand out.
            if style.background != self[.text].background, style.background != nil { attributes.insert(.reverse) }
            return PaletteStyle(attributes: attributes)
        }
        let foreground = style.foreground.map { $0.nearest(depth: depth) }
        let background = style.background.map { $0.nearest(depth: depth) }
        if foreground != nil, foreground == background, style.foreground != style.background {
            // Dark ground, light text or the other way round: the nearest that still can be read.
            let isDark = style.background.map { $0.luminance < 0.18 } ?? true
            let readable = Color(grey: isDark ? 255 : 0).nearest(depth: depth)
            var attributes = style.attributes
            // What was meant to be quiet stays so.
            if let front = style.foreground, let ground = style.background, front.contrast(with: ground) < 4 {
                attributes.insert(.dim)
            }
            return PaletteStyle(foreground: readable, background: background, attributes: attributes)
        }
        return PaletteStyle(foreground: foreground, background: background, attributes: style.attributes)
    }
}

extension Theme.Color {
    /// A shade of grey.
    init(grey: UInt8) {
        self.init(red: grey, green: grey, blue: grey)
    }

    /// Relative luminance from 0 to 1, as WCAG 2.1 defines it.
    package var luminance: Double {
        func linear(_ part: UInt8) -> Double {
            let value = Double(part) / 255
            return value <= 0.04045 ? value / 12.92 : Logarithm.power((value + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    /// Contrast with another colour from 1 to 21, as WCAG 2.1 defines it.
    package func contrast(with other: Theme.Color) -> Double {
        let (light, dark) = (max(luminance, other.luminance), min(luminance, other.luminance))
        return (light + 0.05) / (dark + 0.05)
    }

    /// The nearest colour's number in the palette of that depth.
    ///
    /// Of 256 colours the first 16 are left alone: people give them colours of their own.
    package func nearest(depth: ColorDepth) -> Int {
        let candidates =
            switch depth {
            case .none, .ansi8: 0..<8
            case .ansi16: 0..<16
            case .xterm256: 16..<256
            }
        return candidates.min { distance(to: Self.palette[$0]) < distance(to: Self.palette[$1]) } ?? 0
    }

    /// How different two colours look: the weighted distance of Riemersma's "Colour metric" (compuphase.com/cmetric.htm).
    private func distance(to other: Theme.Color) -> Int {
        let meanRed = (Int(red) + Int(other.red)) / 2
        let (r, g, b) = (Int(red) - Int(other.red), Int(green) - Int(other.green), Int(blue) - Int(other.blue))
        return ((512 + meanRed) * r * r) / 256 + 4 * g * g + ((767 - meanRed) * b * b) / 256
    }

    /// xterm's 256 colours: 16 ANSI ones, the cube, the greys.
    static let palette: [Theme.Color] = {
        let ansi: [(UInt8, UInt8, UInt8)] = [
            (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205),
            (229, 229, 229), (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255),
            (0, 255, 255), (255, 255, 255),
        ]
        let levels: [UInt8] = [0, 95, 135, 175, 215, 255]
        let cube = levels.flatMap { red in
            levels.flatMap { green in levels.map { Theme.Color(red: red, green: green, blue: $0) } }
        }
        let greys = (0..<24).map { Theme.Color(grey: UInt8(8 + 10 * $0)) }
        return ansi.map { Theme.Color(red: $0.0, green: $0.1, blue: $0.2) } + cube + greys
    }()
}
