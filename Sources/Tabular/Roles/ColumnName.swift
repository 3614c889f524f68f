/// What a column's name says of it.
struct ColumnName {
    private static let wholeNames: Set<String> = [
        "", "#", "index", "idx", "row", "row number", "no", "no.", "nr", "s.no", "s.no.", "sno", "serial",
    ]

    private let whole: String
    private let words: [String]

    /// - Parameter name: as it is in the file. "PassengerId" and "passenger_id" have the same words.
    init(_ name: String) {
        whole = name.lowercased().trimmingBlanks
        var words: [String] = []
        var word = ""
        var wasLower = false
        for scalar in name.unicodeScalars {
            let isLetter = scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
            if !isLetter || (wasLower && scalar.properties.isUppercase) {
                if !word.isEmpty { words.append(word.lowercased()) }
                word = ""
            }
            if isLetter { word.unicodeScalars.append(scalar) }
            wasLower = scalar.properties.isLowercase
        }
        if !word.isEmpty { words.append(word.lowercased()) }
        self.words = words
    }

    /// Whether it is a name for what names rows: `id`, `customer_id`, `PassengerId`, `index`, `rownames`, `Unnamed: 0`, or
    /// nothing at all.
    var isOfIdentifiers: Bool {
        if Self.wholeNames.contains(whole) || whole.hasPrefix("unnamed:") { return true }
        return words.last.map { ["id", "ids", "uuid", "guid", "rownames", "rowname", "rowid", "rownum"].contains($0) }
            ?? true
    }

    /// Whether it is a name for codes that are written in digits: `zip`, `postal code`, `fips`.
    var isOfCodes: Bool {
        words.contains { ["zip", "zipcode", "postcode", "postal", "postalcode", "plz", "fips"].contains($0) }
    }
}

extension String {
    /// Without blanks and tabs at its ends.
    var trimmingBlanks: String {
        guard let first = utf8.first, let last = utf8.last else { return self }
        // Most texts have none: 0xC2 and 0xA0 are the bytes of a blank that breaks no line.
        guard [0x20, 0x09, 0xC2].contains(first) || [0x20, 0x09, 0xA0].contains(last) else { return self }
        var scalars = unicodeScalars[...]
        while let first = scalars.first, first == " " || first == "\t" || first == "\u{A0}" { scalars.removeFirst() }
        while let last = scalars.last, last == " " || last == "\t" || last == "\u{A0}" { scalars.removeLast() }
        return String(scalars)
    }
}
