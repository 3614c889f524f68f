/// Reads a document, by recursive descent: tables, headers, keys, lists, inline tables. Strings and plain words are in
/// extensions.
///
/// After the TOML 1.1.0 specification (toml.io/en/v1.1.0), which allows all that 1.0.0 does and more: line ends and a last
/// comma in inline tables, times without seconds, and the escapes `\e` and `\xHH`.
struct TOMLParser {
    var scanner: TOMLScanner

    init(_ text: TOMLText) { scanner = TOMLScanner(text) }

    /// The whole text, a table.
    mutating func document() throws(TOMLFault) -> TOMLNode {
        let start = scanner.position
        var table = TableDraft(at: start, depth: 0)
        while true {
            scanner.skipLines()
            guard let byte = scanner.current else { return TOMLNode(value: table.value, position: start) }
            if byte == UInt8(ascii: "[") { try header(in: &table) } else { try pair(in: &table) }
            scanner.skipToLineEnd()
            guard scanner.current == nil || scanner.current == .lineFeed else {
                throw scanner.unexpected("the line's end")
            }
        }
    }

    /// `[key]` or `[[key]]`.
    private mutating func header(in table: inout TableDraft) throws(TOMLFault) {
        let start = scanner.position
        scanner.advance()
        let isList = scanner.take(UInt8(ascii: "["))
        let key = try key()
        guard scanner.take(UInt8(ascii: "]"), times: isList ? 2 : 1) else {
            throw scanner.unexpected(isList ? "']]' behind the list's name" : "']' behind the table's name")
        }
        try table.open(key, isList: isList, at: start)
    }

    /// `key = value`.
    private mutating func pair(in table: inout TableDraft) throws(TOMLFault) {
        let start = scanner.position
        let key = try key()
        guard scanner.take(UInt8(ascii: "=")) else { throw scanner.unexpected("'=' behind the name") }
        let depth = table.depth(of: key)
        guard depth <= TOMLNode.greatestDepth else { throw TableDraft.tooDeep(start) }
        scanner.skipBlanks()
        try table.set(key, to: try value(depth: depth))
    }

    /// Names joined by dots, with the blanks around them.
    private mutating func key() throws(TOMLFault) -> [TOMLKey] {
        var parts: [TOMLKey] = []
        repeat {
            scanner.skipBlanks()
            let position = scanner.position
            guard parts.count < TOMLNode.greatestDepth else { throw TableDraft.tooDeep(position) }
            parts.append(TOMLKey(name: try name(), position: position))
            scanner.skipBlanks()
        } while scanner.take(UInt8(ascii: "."))
        return parts
    }

    private mutating func name() throws(TOMLFault) -> String {
        if let byte = scanner.current, byte == .quote || byte == .apostrophe { return try shortString(in: byte) }
        let name = scanner.take { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"),
                UInt8(ascii: "_"):
                true
            default: byte.isDigit
            }
        }
        guard !name.isEmpty else { throw scanner.unexpected("a name, of letters, digits, '-' and '_' or in quotes") }
        return String(decoding: name, as: UTF8.self)
    }

    /// A value that lies so many levels deep.
    private mutating func value(depth: Int) throws(TOMLFault) -> TOMLNode.Value {
        switch scanner.current {
        case UInt8(ascii: "["): try list(depth: depth)
        case UInt8(ascii: "{"): try inlineTable(depth: depth)
        case let byte? where byte == .quote || byte == .apostrophe: .string(try string(in: byte))
        default: try plainValue()
        }
    }

    /// `[value, value]`, over as many lines as one likes.
    private mutating func list(depth: Int) throws(TOMLFault) -> TOMLNode.Value {
        let start = scanner.position
        guard depth < TOMLNode.greatestDepth else { throw TableDraft.tooDeep(start) }
        scanner.advance()
        var items: [TOMLNode] = []
        scanner.skipLines()
        while !scanner.take(UInt8(ascii: "]")) {
            let position = scanner.position
            items.append(TOMLNode(value: try value(depth: depth + 1), position: position))
            scanner.skipLines()
            if scanner.take(UInt8(ascii: ",")) {
                scanner.skipLines()
            } else if scanner.current != UInt8(ascii: "]") {
                throw scanner.unexpected("',' or ']' in the list that begins in line \(start.line)")
            }
        }
        return .array(items)
    }

    /// `{ key = value, key = value }`, over as many lines as one likes.
    private mutating func inlineTable(depth: Int) throws(TOMLFault) -> TOMLNode.Value {
        let start = scanner.position
        guard depth < TOMLNode.greatestDepth else { throw TableDraft.tooDeep(start) }
        scanner.advance()
        var table = TableDraft(at: start, depth: depth)
        scanner.skipLines()
        while !scanner.take(UInt8(ascii: "}")) {
            try pair(in: &table)
            scanner.skipLines()
            if scanner.take(UInt8(ascii: ",")) {
                scanner.skipLines()
            } else if scanner.current != UInt8(ascii: "}") {
                throw scanner.unexpected("',' or '}' in the table that begins in line \(start.line)")
            }
        }
        return table.value
    }
}
