import Wording

/// A value of a TOML document with the place of its key; of a list's item, the item's own place.
package struct TOMLNode: Sendable, Equatable {
    /// The value.
    package let value: Value
    /// Where its key stands; for a table with a header, where that stands.
    package let position: TOMLPosition

    /// What TOML can say.
    package enum Value: Sendable, Equatable {
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
        /// Values by key, in the order of the file.
        case table(KeyedValues<TOMLNode>)
        /// A date, a time or both.
        case dateTime(TOMLDateTime)
    }

    /// The value's kind in words: "a string".
    package var kind: String { value.kind }
}

extension TOMLNode.Value {
    /// The kind in words: "a string".
    var kind: String {
        switch self {
        case .string: "a string"
        case .integer: "a whole number"
        case .double: "a number"
        case .boolean: "true or false"
        case .array: "a list"
        case .table: "a table"
        case .dateTime: "a date or time"
        }
    }
}

extension TOMLNode {
    /// How deep a value may lie in tables and lists, each part of a dotted key a level. A job needs four; the limit keeps
    /// what reads, compares and frees a tree, which calls itself once a level, within the stack of any thread.
    package static let greatestDepth = 128

    /// Reads a document, a table. `file` is what to call it in errors.
    package static func document(_ text: String, file: String) throws(TOMLError) -> TOMLNode {
        try document(utf8: Array(text.utf8), file: file)
    }

    /// Reads a document of bytes, which must be UTF-8: TOML 1.1, and with it all of TOML 1.0.
    ///
    /// Any bytes are read or refused, in time and memory in proportion to their number. This is the function for a fuzzer
    /// to call.
    package static func document(utf8 bytes: [UInt8], file: String) throws(TOMLError) -> TOMLNode {
        do throws(TOMLFault) {
            var parser = TOMLParser(try TOMLText(bytes))
            return try parser.document()
        } catch {
            throw TOMLError(file: visible(file), at: error.position, error.message)
        }
    }
}
