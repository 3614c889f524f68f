import Wording

/// Reads a table key by key, and in the end finds the keys that nobody asked for.
///
/// Every method takes a key and returns nil where the table does not have it; a value of the wrong kind is an error
/// that names its place. Ask for all that there may be, then call ``finish()``.
package struct TableReader {
    /// The file's name, safe to print.
    package let file: String
    /// The table's name as errors show it, safe to print: "[optimizer]"; "" for the document.
    package let name: String
    /// Where the table stands.
    package let position: TOMLPosition
    private let path: String
    private let entries: KeyedValues<TOMLNode>
    /// The keys asked for, each once, in order and for looking up.
    private var asked: [String] = []
    private var askedSet: Set<String> = []

    /// Reads a document.
    package init(document: TOMLNode, file: String) {
        self.init(document, file: visible(file), path: "")
    }

    /// Reads a text.
    package init(_ text: String, file: String) throws(TOMLError) {
        self.init(document: try TOMLNode.document(text, file: file), file: file)
    }

    private init(_ node: TOMLNode, file: String, path: String) {
        self.file = file
        self.path = path
        name = path.isEmpty ? "" : "[\(path)]"
        position = node.position
        if case .table(let entries) = node.value { self.entries = entries } else { entries = KeyedValues() }
    }

    /// The keys of the table, in the order of the file.
    package var keys: [String] { entries.keys }

    /// The value of a key.
    package mutating func node(_ key: String) -> TOMLNode? {
        if askedSet.insert(key).inserted { asked.append(key) }
        return entries[key]
    }

    /// A text.
    package mutating func string(_ key: String) throws(TOMLError) -> String? {
        guard let node = node(key) else { return nil }
        guard case .string(let value) = node.value else { throw wrong(key, node, "a string") }
        return value
    }

    /// A number, whole or not.
    package mutating func double(_ key: String) throws(TOMLError) -> Double? {
        guard let node = node(key) else { return nil }
        guard let value = node.number else { throw wrong(key, node, "a number") }
        return value
    }

    /// A list of numbers, whole or not.
    package mutating func doubles(_ key: String) throws(TOMLError) -> [Double]? {
        guard let node = node(key) else { return nil }
        guard case .array(let items) = node.value else { throw wrong(key, node, "a list of numbers") }
        var values: [Double] = []
        for item in items {
            guard let value = item.number else {
                throw TOMLError(
                    file: file, at: item.position, "'\(key)' must be a list of numbers, but this item is \(item.kind)")
            }
            values.append(value)
        }
        return values
    }

    /// A whole number of a range.
    package mutating func integer(_ key: String, in range: ClosedRange<Int>) throws(TOMLError) -> Int? {
        guard let node = node(key) else { return nil }
        guard case .integer(let value) = node.value else {
            if case .double(let value) = node.value {
                throw error(at: key, "'\(key)' must be a whole number, not \(value)")
            }
            throw wrong(key, node, "a whole number")
        }
        guard value >= range.lowerBound else {
            throw error(at: key, "'\(key)' must be at least \(range.lowerBound), not \(value)")
        }
        guard value <= range.upperBound else {
            throw error(at: key, "'\(key)' must be at most \(range.upperBound), not \(value)")
        }
        return Int(value)
    }

    /// `true` or `false`.
    package mutating func boolean(_ key: String) throws(TOMLError) -> Bool? {
        guard let node = node(key) else { return nil }
        guard case .boolean(let value) = node.value else { throw wrong(key, node, "true or false") }
        return value
    }

    /// A list of texts; a text alone is a list of one.
    package mutating func strings(_ key: String) throws(TOMLError) -> [String]? {
        guard let node = node(key) else { return nil }
        if case .string(let value) = node.value { return [value] }
        guard case .array(let items) = node.value else { throw wrong(key, node, "a string or a list of strings") }
        var values: [String] = []
        for item in items {
            guard case .string(let value) = item.value else {
                throw TOMLError(
                    file: file, at: item.position, "'\(key)' must be a list of strings, but this item is \(item.kind)")
            }
            values.append(value)
        }
        return values
    }

    /// A table.
    package mutating func table(_ key: String) throws(TOMLError) -> TableReader? {
        guard let node = node(key) else { return nil }
        guard case .table = node.value else { throw wrong(key, node, "a table") }
        return TableReader(node, file: file, path: self.path(of: key))
    }

    /// A list of tables, such as those of `[[layers]]`.
    package mutating func tables(_ key: String) throws(TOMLError) -> [TableReader]? {
        guard let node = node(key) else { return nil }
        guard case .array(let items) = node.value else { throw wrong(key, node, "a list of tables") }
        var readers: [TableReader] = []
        for item in items {
            guard case .table = item.value else {
                throw TOMLError(
                    file: file, at: item.position, "'\(key)' must be a list of tables, but this item is \(item.kind)")
            }
            readers.append(TableReader(item, file: file, path: path(of: key)))
        }
        return readers
    }

    /// Throws for the first key of the table that nobody asked for.
    package func finish() throws(TOMLError) {
        guard let key = keys.first(where: { !askedSet.contains($0) }) else { return }
        let place = name.isEmpty ? "" : " in \(name)"
        throw error(
            at: key, "unknown key '\(shown(key))'\(place); \(hint(for: key, among: asked, plural: "known keys"))")
    }

    /// An error about a key's value, at the key; about the table, at the table, where there is no such key.
    package func error(at key: String, _ message: String) -> TOMLError {
        TOMLError(file: file, at: entries[key]?.position ?? position, message)
    }

    /// The error for a key that must be there.
    package func missing(_ key: String, _ expected: String) -> TOMLError {
        let place = name.isEmpty ? "the file" : name
        return TOMLError(file: file, at: position, "\(place) needs '\(key)', \(expected)")
    }

    private func wrong(_ key: String, _ node: TOMLNode, _ expected: String) -> TOMLError {
        error(at: key, "'\(shown(key))' must be \(expected), not \(node.kind)")
    }

    /// A key as errors show it.
    private func shown(_ key: String) -> String { visible(key, limit: 40) }

    private func path(of key: String) -> String { path.isEmpty ? shown(key) : "\(path).\(shown(key))" }
}

extension TOMLNode {
    /// The number, whole or not, nil where it is something else.
    fileprivate var number: Double? {
        switch value {
        case .double(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
    }
}
