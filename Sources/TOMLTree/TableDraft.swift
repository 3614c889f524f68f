import Wording

/// A part of a dotted key, or a whole key that has one part.
struct TOMLKey {
    let name: String
    let position: TOMLPosition

    /// The name as errors show it.
    var shown: String { visible(name, limit: 40) }
}

/// A table while its keys are read, with all tables below it: those of a document, or of one inline table.
///
/// It keeps TOML's rules about what may be written once and what may be added to. Tables refer to each other by number,
/// so that adding to one copies none.
struct TableDraft {
    /// What made a table, which decides what may be added to it.
    private enum Origin {
        /// The longer header of a table within. It may have a header of its own, or get keys, as if it were not there yet.
        case implied
        /// A header of its own. Only what follows that is added to it, and tables within.
        case header
        /// Dotted keys. Only other dotted keys of the same table add to it, and headers of tables within.
        case dotted
    }

    private struct Table {
        var origin: Origin
        var position: TOMLPosition
        /// Levels above it.
        let depth: Int
        var entries = KeyedValues<Entry>()
    }

    private struct Entry {
        let position: TOMLPosition
        let content: Content
    }

    private enum Content {
        /// A value that is complete, such as an inline table.
        case value(TOMLNode.Value)
        /// The table of that number.
        case table(Int)
        /// The list of `[[tables]]` of that number.
        case list(Int)
    }

    private var tables: [Table]
    private var lists: [[Int]] = []
    /// The table that keys go to: that of the last header.
    private var current = 0

    /// A table that stands so many levels deep.
    init(at position: TOMLPosition, depth: Int) {
        tables = [Table(origin: .header, position: position, depth: depth)]
    }

    /// How deep the value of that key lies.
    func depth(of key: [TOMLKey]) -> Int { tables[current].depth + key.count }

    /// The table, complete.
    var value: TOMLNode.Value { value(of: 0) }

    private func value(of table: Int) -> TOMLNode.Value {
        .table(
            tables[table].entries.mapValues { entry in
                switch entry.content {
                case .value(let value):
                    TOMLNode(value: value, position: entry.position)
                case .table(let table):
                    TOMLNode(value: value(of: table), position: tables[table].position)
                case .list(let list):
                    TOMLNode(
                        value: .array(
                            lists[list].map { TOMLNode(value: value(of: $0), position: tables[$0].position) }),
                        position: entry.position)
                }
            })
    }
}

// MARK: Keys

extension TableDraft {
    /// Gives a key its value in the table of the last header.
    mutating func set(_ key: [TOMLKey], to value: TOMLNode.Value) throws(TOMLFault) {
        guard let last = key.last else { return }
        var table = current
        for part in key.dropLast() { table = try dottedTable(part, in: table) }
        if let place = tables[table].entries.place(of: last.name) {
            throw TOMLFault(
                last.position,
                "'\(last.shown)' is there already, in line \(line(of: tables[table].entries[place])); "
                    + "expected every key once")
        }
        tables[table].entries.append(last.name, Entry(position: last.position, content: .value(value)))
    }

    /// The table that a part of a dotted key names, a new one where there is none.
    private mutating func dottedTable(_ part: TOMLKey, in table: Int) throws(TOMLFault) -> Int {
        guard let place = tables[table].entries.place(of: part.name) else {
            return addTable(part.name, .dotted, at: part.position, in: table)
        }
        let entry = tables[table].entries[place]
        guard case .table(let number) = entry.content else { throw notATable(part, entry) }
        guard tables[number].origin != .header else {
            throw TOMLFault(
                part.position,
                "'\(part.shown)' has a header of its own, in line \(line(of: entry)); expected its keys there")
        }
        tables[number].origin = .dotted
        return number
    }
}

// MARK: Headers

extension TableDraft {
    /// Lets the keys that follow go to the table of a header: of `[key]`, or with `isList` of `[[key]]`.
    mutating func open(_ key: [TOMLKey], isList: Bool, at position: TOMLPosition) throws(TOMLFault) {
        guard let last = key.last else { return }
        var table = 0
        for part in key.dropLast() { table = try tableWithin(part, in: table, at: position) }
        let place = tables[table].entries.place(of: last.name)
        let entry = place.map { tables[table].entries[$0] }
        current =
            isList
            ? try item(last, entry, in: table, at: position) : try self.table(last, entry, in: table, at: position)
        guard tables[current].depth <= TOMLNode.greatestDepth else { throw Self.tooDeep(position) }
    }

    /// The fault that something lies deeper than ``TOMLNode/greatestDepth``.
    static func tooDeep(_ position: TOMLPosition) -> TOMLFault {
        TOMLFault(position, "too deep; expected at most \(TOMLNode.greatestDepth) tables and lists in one another")
    }

    /// The table that a header names on its way to its own, a new one where there is none; of a list the last.
    private mutating func tableWithin(
        _ part: TOMLKey, in table: Int, at position: TOMLPosition
    ) throws(TOMLFault) -> Int {
        guard let place = tables[table].entries.place(of: part.name) else {
            return addTable(part.name, .implied, at: position, in: table)
        }
        let entry = tables[table].entries[place]
        switch entry.content {
        case .table(let number): return number
        case .list(let list): return lists[list].last ?? table
        case .value: throw notATable(part, entry)
        }
    }

    /// The table of `[key]`.
    private mutating func table(
        _ key: TOMLKey, _ entry: Entry?, in table: Int, at position: TOMLPosition
    ) throws(TOMLFault) -> Int {
        guard let entry else { return addTable(key.name, .header, at: position, in: table) }
        guard case .table(let number) = entry.content else { throw notATable(key, entry) }
        guard tables[number].origin == .implied else {
            throw TOMLFault(
                key.position,
                "the table '\(key.shown)' is there already, in line \(line(of: entry)); expected every table once")
        }
        tables[number].origin = .header
        tables[number].position = position
        return number
    }

    /// A new last table in the list of `[[key]]`.
    private mutating func item(
        _ key: TOMLKey, _ entry: Entry?, in table: Int, at position: TOMLPosition
    ) throws(TOMLFault) -> Int {
        let item = tables.count
        switch entry?.content {
        case nil:
            tables[table].entries.append(key.name, Entry(position: position, content: .list(lists.count)))
            lists.append([item])
        case .list(let list):
            lists[list].append(item)
        case .table, .value:
            throw TOMLFault(
                key.position,
                "'\(key.shown)' is \(entry.map(kind) ?? "no list") already, in line \(entry.map(line) ?? 1); "
                    + "[[\(key.shown)]] can add only to what [[\(key.shown)]] began")
        }
        tables.append(Table(origin: .header, position: position, depth: tables[table].depth + 2))
        return item
    }
}

// MARK: What both need

extension TableDraft {
    private mutating func addTable(
        _ name: String, _ origin: Origin, at position: TOMLPosition, in table: Int
    ) -> Int {
        let number = tables.count
        tables.append(Table(origin: origin, position: position, depth: tables[table].depth + 1))
        tables[table].entries.append(name, Entry(position: position, content: .table(number)))
        return number
    }

    private func notATable(_ key: TOMLKey, _ entry: Entry) -> TOMLFault {
        let closed = if case .value(.table) = entry.content { true } else { false }
        return TOMLFault(
            key.position,
            closed
                ? "'\(key.shown)' is complete, in line \(line(of: entry)); expected all its keys within its braces"
                : "'\(key.shown)' is \(kind(of: entry)) already, in line \(line(of: entry)); expected a table")
    }

    private func kind(of entry: Entry) -> String {
        switch entry.content {
        case .value(let value): value.kind
        case .table: "a table"
        case .list: "a list of tables"
        }
    }

    private func line(of entry: Entry) -> Int {
        if case .table(let number) = entry.content { return tables[number].position.line }
        return entry.position.line
    }
}
