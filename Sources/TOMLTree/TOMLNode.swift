import TOMLKit
import Wording

/// A value of a TOML document with the place of its key; of a list's item, the item's own place.
public struct TOMLNode: Sendable, Equatable {
    /// The value.
    public let value: Value
    /// Where its key stands; for a `[[table]]`, where that header stands.
    public let position: TOMLPosition

    /// What TOML can say.
    public indirect enum Value: Sendable, Equatable {
        /// A text.
        case string(String)
        /// A whole number.
        case integer(Int64)
        /// Any other number, `inf` and `nan` included.
        case double(Double)
        /// `true` or `false`.
        case boolean(Bool)
        /// A list.
        case array([TOMLNode])
        /// Values by key.
        case table([String: TOMLNode])
        /// A date, a time or both.
        case other
    }

    /// The value's kind in words: "a string".
    public var kind: String {
        switch value {
        case .string: "a string"
        case .integer: "a whole number"
        case .double: "a number"
        case .boolean: "true or false"
        case .array: "a list"
        case .table: "a table"
        case .other: "a date or time"
        }
    }
}

extension TOMLNode {
    /// Reads a document, a table. `file` is what to call it in errors.
    public static func document(_ text: String, file: String) throws(TOMLError) -> TOMLNode {
        let file = visible(file)
        // The parser takes C strings, which end at a zero.
        if let zero = text.unicodeScalars.firstIndex(of: "\0") {
            let before = text.unicodeScalars[..<zero]
            let line = before.count { $0 == "\n" } + 1
            let column = before.reversed().prefix { $0 != "\n" }.count + 1
            throw TOMLError(file: file, at: TOMLPosition(line: line, column: column), "a zero byte; expected text")
        }
        let table: TOMLTable
        do {
            table = try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            let begin = error.source.begin
            throw TOMLError(
                file: file, at: TOMLPosition(line: begin.line, column: begin.column),
                visible(error.description.replacingLineEnds))
        } catch {
            throw TOMLError(file: file, at: nil, visible("\(error)"))
        }
        let positions = KeyLocator.positions(in: text)
        let value = withExtendedLifetime(table) { Self.table(table, path: [], positions) }
        return TOMLNode(value: value, position: TOMLPosition(line: 1, column: 1))
    }

    /// Reads a document of bytes, which must be UTF-8.
    public static func document(utf8 bytes: [UInt8], file: String) throws(TOMLError) -> TOMLNode {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            // What is valid before the first fault tells its line.
            var line = 1
            for part in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
                if String(validating: part, as: UTF8.self) == nil { break }
                line += 1
            }
            throw TOMLError(
                file: visible(file), at: TOMLPosition(line: line, column: 1), "not UTF-8; expected a text in UTF-8")
        }
        return try document(text, file: file)
    }

    private static func table(_ table: TOMLTable, path: [KeyLocator.Step], _ positions: Positions) -> Value {
        var entries: [String: TOMLNode] = [:]
        for key in table.keys {
            guard let value = table[key] else { continue }
            entries[key] = node(value, path: path + [.key(key)], positions)
        }
        return .table(entries)
    }

    private static func node(
        _ node: any TOMLValueConvertible, path: [KeyLocator.Step], _ positions: Positions
    ) -> TOMLNode {
        let value: Value
        if let table = node.table {
            value = Self.table(table, path: path, positions)
        } else if let string = node.string {
            value = .string(string)
        } else if let integer = node.int {
            value = .integer(Int64(integer))
        } else if let double = node.double {
            value = .double(double)
        } else if let boolean = node.bool {
            value = .boolean(boolean)
        } else if let array = node.array {
            value = .array((0..<array.count).map { Self.node(array[$0], path: path + [.index($0)], positions) })
        } else {
            value = .other
        }
        // A value that the locator missed is where the table is that holds it.
        let position = positions[path] ?? positions[Array(path.dropLast())]
        return TOMLNode(value: value, position: position ?? TOMLPosition(line: 1, column: 1))
    }

    private typealias Positions = [[KeyLocator.Step]: TOMLPosition]
}

extension String {
    /// Line ends as spaces: an error is one line.
    fileprivate var replacingLineEnds: String {
        String(String.UnicodeScalarView(unicodeScalars.map { $0 == "\n" || $0 == "\r" ? " " : $0 }))
    }
}
