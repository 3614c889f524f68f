extension Frame {
    /// The frame as a picture: a file of SVG, in a theme's colours, that needs no font but any monospaced one.
    ///
    /// Dots, blocks and borders are drawn as shapes, for fonts differ in them; all else is text, each character where its
    /// cell is.
    package func svg(_ theme: Theme) -> String {
        let (width, height) = (size.width * SVGCell.width, size.height * SVGCell.height)
        var lines = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" viewBox=\"0 0 \(width) \(height)\" font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"15\">",
            "<rect width=\"100%\" height=\"100%\" fill=\"\(theme[.text].ground)\"/>",
        ]
        for y in 0..<size.height {
            var x = 0
            while x < size.width {
                let start = x
                while x < size.width, self[x, y].role == self[start, y].role { x += 1 }
                lines += run(start..<x, y, theme[self[start, y].role], theme)
            }
        }
        return lines.joined(separator: "\n") + "\n</svg>\n"
    }

    /// The frame as text, a line a row, without blanks at the ends.
    package var text: String {
        (0..<size.height).map { y in
            let row = (0..<size.width).filter { !self[$0, y].isContinuation }.map { self[$0, y].character }
            return String(row[..<(row.lastIndex { $0 != " " }.map { $0 + 1 } ?? 0)]) + "\n"
        }.joined()
    }

    /// Cells of one role.
    private func run(_ columns: Range<Int>, _ y: Int, _ style: Theme.Style, _ theme: Theme) -> [String] {
        var (ink, ground) = (style.ink, style.ground)
        if style.attributes.contains(.reverse) { (ink, ground) = (ground, ink) }
        let top = y * SVGCell.height
        var lines: [String] = []
        if ground != theme[.text].ground {
            let (x, width) = (columns.lowerBound * SVGCell.width, columns.count * SVGCell.width)
            lines.append(
                "<rect x=\"\(x)\" y=\"\(top)\" width=\"\(width)\" height=\"\(SVGCell.height)\" fill=\"\(ground)\"/>")
        }
        var path = ""
        var (text, places) = ("", [String]())
        for x in columns where self[x, y].character != " " && !self[x, y].isContinuation {
            let cell = SVGCell(x: x, y: y)
            if let shape = cell.shape(self[x, y].character) {
                path += shape
            } else {
                text += SVGCell.escaped(self[x, y].character)
                places.append("\(cell.left)")
            }
        }
        if !path.isEmpty { lines.append("<path d=\"\(path)\" fill=\"\(ink)\"/>") }
        if !text.isEmpty {
            let weight = style.attributes.contains(.bold) ? " font-weight=\"bold\"" : ""
            let faint = style.attributes.contains(.dim) ? " opacity=\"0.65\"" : ""
            let line = style.attributes.contains(.underline) ? " text-decoration=\"underline\"" : ""
            let x = places.joined(separator: " ")
            lines.append("<text x=\"\(x)\" y=\"\(top + 15)\" fill=\"\(ink)\"\(weight)\(faint)\(line)>\(text)</text>")
        }
        return lines
    }
}

/// A cell as an area of a picture.
private struct SVGCell {
    static let width = 9
    static let height = 19
    let left: Int
    let top: Int

    init(x: Int, y: Int) { (left, top) = (x * Self.width, y * Self.height) }

    /// The path that draws a character that is a shape; nil for others.
    func shape(_ character: Character) -> String? {
        guard let code = character.unicodeScalars.first?.value else { return nil }
        switch code {
        case 0x2801...0x28FF: return dots(code - 0x2800)
        case 0x2581...0x2588:
            let rows = Self.height * Int(code - 0x2580) / 8
            return rectangle(0, Self.height - rows, Self.width, rows)
        default: return Self.borders[character].map(border)
        }
    }

    private func dots(_ bits: UInt32) -> String {
        let places = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]
        return places.enumerated().filter { bits & (1 << UInt32($0.offset)) != 0 }.map { _, place in
            rectangle(1 + place.0 * 5, 1 + place.1 * 5, 2, 2)
        }.joined()
    }

    /// Lines from the middle to the left, right, top and bottom, so many pixels wide.
    private func border(_ lines: (left: Bool, right: Bool, up: Bool, down: Bool, width: Int)) -> String {
        let (middle, centre) = (Self.width / 2, Self.height / 2)
        let width = lines.width
        var path = ""
        if lines.left { path += rectangle(0, centre, middle + width, width) }
        if lines.right { path += rectangle(middle, centre, Self.width - middle, width) }
        if lines.up { path += rectangle(middle, 0, width, centre + width) }
        if lines.down { path += rectangle(middle, centre, width, Self.height - centre) }
        return path
    }

    private func rectangle(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> String {
        "M\(left + x) \(top + y)h\(width)v\(height)h-\(width)z"
    }

    private static let borders: [Character: (left: Bool, right: Bool, up: Bool, down: Bool, width: Int)] = [
        "─": (true, true, false, false, 1), "│": (false, false, true, true, 1), "╭": (false, true, false, true, 1),
        "╮": (true, false, false, true, 1), "╰": (false, true, true, false, 1), "╯": (true, false, true, false, 1),
        "━": (true, true, false, false, 2), "┃": (false, false, true, true, 2), "┏": (false, true, false, true, 2),
        "┓": (true, false, false, true, 2), "┗": (false, true, true, false, 2), "┛": (true, false, true, false, 2),
        "┤": (true, false, true, true, 1), "┬": (true, true, false, true, 1), "└": (false, true, true, false, 1),
        "╸": (true, false, false, false, 2),
    ]

    static func escaped(_ character: Character) -> String {
        switch character {
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        default: String(character)
        }
    }
}

extension Theme.Style {
    /// The character's colour, a light grey where that is the terminal's own.
    fileprivate var ink: String { foreground?.hexadecimal ?? "#d8d8d8" }
    /// The colour behind it, a dark grey where that is the terminal's own.
    fileprivate var ground: String { background?.hexadecimal ?? "#101418" }
}

extension Theme.Color {
    /// "#11151d".
    package var hexadecimal: String {
        "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
