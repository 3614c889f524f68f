/// What is wrong with a TOML file, in one line that is safe to print: `train.toml:12:3: unknown key 'epoch' in ...`.
package struct TOMLError: Error, CustomStringConvertible, Equatable, Sendable {
    /// The line to print.
    package let description: String

    /// An error at a place of a file; without one, about the file as a whole. `message` and `file` must be safe to
    /// print.
    package init(file: String, at position: TOMLPosition?, _ message: String) {
        if let position {
            description = "\(file):\(position.line):\(position.column): \(message)"
        } else {
            description = "\(file): \(message)"
        }
    }
}

/// A place in a text, both counted from 1; a column is a Unicode scalar.
package struct TOMLPosition: Hashable, Comparable, Sendable {
    /// The line.
    package internal(set) var line: Int
    /// The column.
    package internal(set) var column: Int

    /// A place.
    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// In reading order.
    package static func < (left: TOMLPosition, right: TOMLPosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// What is wrong with a text and where, safe to print, before somebody says in which file.
struct TOMLFault: Error {
    let position: TOMLPosition
    let message: String

    init(_ position: TOMLPosition, _ message: String) {
        self.position = position
        self.message = message
    }
}
