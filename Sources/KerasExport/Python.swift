import Wording

/// Values as Python writes them.
enum Python {
    /// A float: `0.01`, `1e-07`, `10.0`.
    static func number(_ value: Double) -> String { "\(value)" }

    /// `["a", "b"]`.
    static func list(_ texts: [String]) -> String { "[" + texts.map(quoted).joined(separator: ", ") + "]" }

    /// `name(first, second)`, one argument a line where that is too long for one line behind `indentation` spaces.
    static func call(_ name: String, _ arguments: [String], indentation: Int = 0, suffix: String = "") -> String {
        let short = "\(name)(\(arguments.joined(separator: ", ")))\(suffix)"
        if indentation + short.count <= lineWidth, !short.contains("\n") { return short }
        let margin = String(repeating: " ", count: indentation)
        return "\(name)(\n" + arguments.map { "\(margin)    \($0),\n" }.joined() + "\(margin))\(suffix)"
    }

    /// A list of strings, on several lines where it is too long for one behind `indentation` spaces.
    static func wrapped(_ texts: [String], indentation: Int) -> String {
        let short = list(texts)
        if indentation + short.count <= lineWidth { return short }
        var lines = [""]
        for text in texts.map(quoted) {
            if lines[lines.count - 1].count + text.count + 6 > lineWidth { lines.append("") }
            lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + text + ","
        }
        return "[\n" + lines.map { "    \($0)\n" }.joined() + "]"
    }

    /// Text that is to stand in a comment or a docstring: nothing in it ends either.
    static func comment(_ text: String) -> String {
        visible(text).replacing("\\", with: "/").replacing("\"", with: "'")
    }

    static let lineWidth = 100
}
