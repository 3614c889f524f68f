/// `text` in double quotes, as a JSON string, a TOML basic string and a Python string alike: those three share these
/// escapes. What could hide itself or move a cursor is written as its number (but beyond U+FFFF, where each has its own
/// way to write one).
public func quoted(_ text: String) -> String {
    // Bytes, for texts may have megabytes, and almost all of them are letters of ASCII, which need no tables.
    var bytes = [UInt8(ascii: "\"")]
    bytes.reserveCapacity(text.utf8.count + text.utf8.count / 4 + 2)
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"", "\\":
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(UInt8(scalar.value))
        case "\n": bytes += Array("\\n".utf8)
        case "\t": bytes += Array("\\t".utf8)
        case "\r": bytes += Array("\\r".utf8)
        case " "..."~": bytes.append(UInt8(scalar.value))
        default:
            if scalar.isVisible || scalar.value > 0xFFFF {
                bytes += Array(String(scalar).utf8)
            } else {
                let digits = String(scalar.value, radix: 16)
                bytes += Array(("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
            }
        }
    }
    bytes.append(UInt8(ascii: "\""))
    return String(decoding: bytes, as: UTF8.self)
}
