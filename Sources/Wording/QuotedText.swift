/// `text` in double quotes, as a JSON string, a TOML basic string and a Python string alike: those three share these
/// escapes. What could hide itself or move a cursor is written as its number (but beyond U+FFFF, where each has its own
/// way to write one).
public func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case "\t": result += "\\t"
        case "\r": result += "\\r"
        default:
            if scalar.isVisible || scalar.value > 0xFFFF {
                result.unicodeScalars.append(scalar)
            } else {
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
    }
    return result + "\""
}
