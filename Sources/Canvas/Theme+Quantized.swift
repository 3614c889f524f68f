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
    /// Where a colour's nearest is too near the ground to be made out, the colour is made lighter or darker until one is
    /// found that is not; a style that asks for less contrast than its role needs gets what it asks for. Without colours a
    /// background that is not the ground's becomes reverse video. With 256 colours a curve is not bold: its colour
    /// tells it apart, and a style that begins and ends with every cell of a curve would be most of what a frame sends to the
    /// terminal.
    package func paletteStyle(of role: Role, depth: ColorDepth) -> PaletteStyle {
        var style = self[role]
        if role == .curve, depth == .xterm256, style.foreground != nil { style.attributes.remove(.bold) }
        guard depth > .none else {
            var attributes = style.attributes
            // What stood out by its background must still stand out.
            if style.background != self[.text].background, style.background != nil { attributes.insert(.reverse) }
            return PaletteStyle(attributes: attributes)
        }
        guard let front = style.foreground, let ground = style.background, front != ground else {
            return PaletteStyle(
                foreground: style.foreground?.nearest(depth: depth),
                background: style.background?.nearest(depth: depth), attributes: style.attributes)
        }
        let background = ground.nearest(depth: depth)
        let own = front.contrast(with: ground)
        let (foreground, contrast) = front.nearest(
            depth: depth, on: Color.palette[background], contrast: min(role.leastContrast, own))
        var attributes = style.attributes
        // What was meant to be quiet stays so.
        if own < 4, contrast > 3 * own { attributes.insert(.dim) }
        return PaletteStyle(foreground: foreground, background: background, attributes: attributes)
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

    /// The nearest that has so much contrast with a ground, of the colour itself or of a lighter or darker one; where there
    /// is none, the best there is.
    func nearest(
        depth: ColorDepth, on ground: Theme.Color, contrast least: Double
    ) -> (number: Int, contrast: Double) {
        let end: Theme.Color = Theme.Color(grey: ground.luminance < 0.18 ? 255 : 0)
        let tries = (0...20).lazy.map { part in
            let number = self.mixed(with: end, Double(part) / 20).nearest(depth: depth)
            return (number: number, contrast: Self.palette[number].contrast(with: ground))
        }
        return tries.first { $0.contrast >= least } ?? tries.max { $0.contrast < $1.contrast }!
    }

    /// The colour with a part of another one in it.
    private func mixed(with other: Theme.Color, _ part: Double) -> Theme.Color {
        func mixed(_ one: UInt8, _ other: UInt8) -> UInt8 {
            UInt8((Double(one) + part * (Double(other) - Double(one))).rounded())
        }
        return Theme.Color(
            red: mixed(red, other.red), green: mixed(green, other.green), blue: mixed(blue, other.blue))
    }

    /// The nearest colour's number in the palette of that depth.
    ///
    /// Of 256 colours the first 16 are left alone: people give them colours of their own. Of 16
    /// a colour that has a hue takes one that has, and a grey a grey: so few that the nearest might be anything.
    package func nearest(depth: ColorDepth) -> Int {
        let hasHue = max(red, green, blue) - min(red, green, blue) >= Self.leastHue
        let candidates =
            switch depth {
            case .none, .ansi8: hasHue ? Array(1..<7) : [0, 7]
            case .ansi16: hasHue ? Array(1..<7) + Array(9..<15) : [0, 7, 8, 15]
            case .xterm256: Array(16..<256)
            }
        return candidates.min { distance(to: Self.palette[$0]) < distance(to: Self.palette[$1]) } ?? 0
    }

    /// The least difference of a colour's parts that a person calls a hue.
    private static let leastHue: UInt8 = 48

    /// How different two colours look: the weighted distance of Riemersma's "Colour metric" (compuphase.com/cmetric.htm).
    private func distance(to other: Theme.Color) -> Int {
        let meanRed = (Int(red) + Int(other.red)) / 2
        let (r, g, b) = (Int(red) - Int(other.red), Int(green) - Int(other.green), Int(blue) - Int(other.blue))
        return ((512 + meanRed) * r * r) / 256 + 4 * g * g + ((767 - meanRed) * b * b) / 256
    }

    /// xterm's 256 colours: 16 ANSI ones, the cube, the greys.
    package static let palette: [Theme.Color] = {
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
