/// Which texts are the same level of a category.
package enum LevelKey {
    /// What a text is known by: without blanks at its ends and in lower case; a whole number without `.0` behind it, which
    /// programs add where a column has gaps.
    package static func of(_ text: String) -> String {
        var key = text.trimmingBlanks
        if !key.utf8.allSatisfy({ $0 < 0x80 && !(0x41...0x5A).contains($0) }) { key = key.lowercased() }
        guard let point = key.firstIndex(of: "."), key.utf8.count <= mostCharacters else { return key }
        let decimals = key[key.index(after: point)...]
        guard !decimals.isEmpty, decimals.utf8.allSatisfy({ $0 == 0x30 }), isWhole(key[..<point]) else { return key }
        return String(key[..<point])
    }

    /// Texts with more characters keep what is behind a point.
    package static let mostCharacters = 20

    /// Whether a key is a whole number's, behind which `.0` makes no difference.
    package static func isWhole(_ key: some StringProtocol) -> Bool {
        let digits = key.drop { $0 == "-" }
        return !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// The same of a number.
    static func of(_ number: Float) -> String {
        number == number.rounded() && abs(number) < 0x1p53 ? String(Int(number)) : "\(number)"
    }

    /// Words for no, each with its word for yes.
    private static let pairs = [("no", "yes"), ("n", "y"), ("false", "true"), ("f", "t"), ("off", "on"), ("0", "1")]

    /// The key for no, where these two are one for no and one for yes.
    static func no(of keys: Set<String>) -> String? { pairs.first { keys == [$0.0, $0.1] }?.0 }

    /// Levels in the order of their features: whole numbers by their values, texts by their characters.
    static func isBefore(_ left: String, _ right: String) -> Bool {
        switch (Int(left), Int(right)) {
        case (let left?, let right?) where left != right: left < right
        case (_?, nil): true
        case (nil, _?): false
        default: left < right
        }
    }
}
