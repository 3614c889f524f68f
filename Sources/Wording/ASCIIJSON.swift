/// JSON text with every character beyond ASCII written as its number, which is the same value to whoever reads it.
///
/// No terminal takes anything in it for a command, whatever its locale: C1 controls and direction marks are legal in JSON
/// strings as they are.
package func asciiJSON(_ json: String) -> String {
    var result = ""
    result.reserveCapacity(json.utf8.count)
    for scalar in json.unicodeScalars {
        if scalar.value < 0x7F {
            result.unicodeScalars.append(scalar)
        } else {
            for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
                let digits = String(unit, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
    }
    return result
}
