/// Finds where each key of a TOML document stands. The parser behind ``TOMLNode`` tells positions only for what it cannot
/// read, so this reads the text once more, for places alone.
///
/// The text must be valid TOML; what it makes of other text is not specified, but it ends.
struct KeyLocator {
    /// One step from the document to a value in it.
    enum Step: Hashable {
        case key(String)
        case index(Int)
    }

    /// The place of every key, every item of a list and every `[[table]]`.
    static func positions(in text: String) -> [[Step]: TOMLPosition] {
        var locator = KeyLocator(text)
        locator.readDocument()
        return locator.positions
    }

    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var line = 1
    private var lineStart = 0
    private var positions: [[Step]: TOMLPosition] = [:]
    /// For each list of `[[tables]]`, how many there are so far.
    private var tableCounts: [[Step]: Int] = [:]

    private init(_ text: String) { scalars = Array(text.unicodeScalars) }

    private var current: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }
    private var here: TOMLPosition { TOMLPosition(line: line, column: index - lineStart + 1) }

    private mutating func advance(_ count: Int = 1) {
        for _ in 0..<count where index < scalars.count {
            index += 1
            if scalars[index - 1] == "\n" {
                line += 1
                lineStart = index
            }
        }
    }

    private func startsWith(_ text: String) -> Bool {
        scalars[index...].starts(with: text.unicodeScalars)
    }

    private mutating func note(_ path: [Step], _ position: TOMLPosition) {
        if positions[path] == nil { positions[path] = position }
    }

    private mutating func skipBlanks(lineEndsToo: Bool) {
        while let scalar = current {
            if scalar == "#" {
                while let next = current, next != "\n" { advance() }
            } else if scalar == " " || scalar == "\t" || (lineEndsToo && (scalar == "\n" || scalar == "\r")) {
                advance()
            } else {
                return
            }
        }
    }

    private mutating func readDocument() {
        if current == "\u{FEFF}" { advance() }
        var table: [Step] = []
        while true {
            skipBlanks(lineEndsToo: true)
            guard current != nil else { return }
            let start = index
            if startsWith("[[") {
                table = readHeader(brackets: 2)
            } else if current == "[" {
                table = readHeader(brackets: 1)
            } else {
                readPair(in: table)
            }
            if index == start { advance() }
        }
    }

    private mutating func readHeader(brackets: Int) -> [Step] {
        let position = here
        advance(brackets)
        let keys = readKeys()
        advance(brackets)
        var path: [Step] = []
        for (place, key) in keys.enumerated() {
            path.append(.key(key.name))
            note(path, position)
            if place == keys.count - 1, brackets == 2 {
                tableCounts[path, default: 0] += 1
                path.append(.index((tableCounts[path] ?? 1) - 1))
                note(path, position)
            } else if let count = tableCounts[path] {
                path.append(.index(count - 1))
            }
        }
        return path
    }

    private mutating func readPair(in table: [Step]) {
        var path = table
        for key in readKeys() {
            path.append(.key(key.name))
            note(path, key.position)
        }
        skipBlanks(lineEndsToo: false)
        guard current == "=" else { return }
        advance()
        skipBlanks(lineEndsToo: false)
        readValue(path)
    }

    /// Dotted keys, up to what follows them.
    private mutating func readKeys() -> [(name: String, position: TOMLPosition)] {
        var keys: [(name: String, position: TOMLPosition)] = []
        while true {
            skipBlanks(lineEndsToo: false)
            let position = here
            keys.append((readKey(), position))
            skipBlanks(lineEndsToo: false)
            guard current == "." else { return keys }
            advance()
        }
    }

    private mutating func readKey() -> String {
        if current == "\"" || current == "'" { return readString() }
        var name = String.UnicodeScalarView()
        while let scalar = current, scalar == "-" || scalar == "_" || scalar.isASCIILetterOrDigit {
            name.append(scalar)
            advance()
        }
        return String(name)
    }

    private mutating func readValue(_ path: [Step]) {
        switch current {
        case "\"", "'":
            _ = readString()
        case "[":
            advance()
            var item = 0
            while true {
                skipBlanks(lineEndsToo: true)
                guard let scalar = current, scalar != "]" else { break }
                let start = index
                note(path + [.index(item)], here)
                readValue(path + [.index(item)])
                item += 1
                skipBlanks(lineEndsToo: true)
                if current == "," { advance() }
                if index == start { advance() }
            }
            advance()
        case "{":
            advance()
            while true {
                skipBlanks(lineEndsToo: true)
                guard let scalar = current, scalar != "}" else { break }
                let start = index
                readPair(in: path)
                skipBlanks(lineEndsToo: true)
                if current == "," { advance() }
                if index == start { advance() }
            }
            advance()
        default:
            while let scalar = current, !",]}#\r\n".unicodeScalars.contains(scalar) { advance() }
        }
    }

    /// A string of any of the four kinds; its text, escapes resolved.
    private mutating func readString() -> String {
        let quote = current ?? "\""
        let triple = String(repeating: Character(quote), count: 3)
        let isLong = startsWith(triple)
        advance(isLong ? 3 : 1)
        var text = String.UnicodeScalarView()
        while let scalar = current {
            if isLong ? startsWith(triple) : scalar == quote {
                advance(isLong ? 3 : 1)
                // Up to two quotes may stand before the closing ones.
                while isLong, current == quote { advance() }
                break
            }
            if quote == "\"", scalar == "\\" {
                if let escaped = readEscape() { text.append(escaped) }
            } else {
                text.append(scalar)
                advance()
            }
        }
        return String(text)
    }

    private mutating func readEscape() -> Unicode.Scalar? {
        advance()
        guard let letter = current else { return nil }
        advance()
        switch letter {
        case "n": return "\n"
        case "t": return "\t"
        case "r": return "\r"
        case "b": return "\u{8}"
        case "f": return "\u{C}"
        case "u", "U":
            let count = min(letter == "u" ? 4 : 8, scalars.count - index)
            let digits = String(String.UnicodeScalarView(scalars[index..<index + count]))
            advance(count)
            return UInt32(digits, radix: 16).flatMap { Unicode.Scalar($0) }
        default: return letter
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isASCIILetterOrDigit: Bool {
        ("a"..."z").contains(self) || ("A"..."Z").contains(self) || ("0"..."9").contains(self)
    }
}
