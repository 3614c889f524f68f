/// Tells a column's texts apart by the levels that are known.
struct LevelReader {
    private let places: [String: Int]
    private let isExact: Bool
    private let isYesNo: Bool

    init(_ category: CategoryEncoding, _ role: ColumnRole, _ reading: CellReading) {
        isExact = reading == .exact
        isYesNo = role == .yesNo
        var places: [String: Int] = [:]
        for (index, level) in category.levels.enumerated() {
            places[reading == .exact ? level : LevelKey.of(level)] = index
        }
        self.places = places
    }

    func level(of text: String) -> CategoryEncoding.Level {
        if isExact {
            if isMissing(text) { return .gap }
            return places[text].map { .known($0) } ?? .other
        }
        if let place = places[LevelKey.of(text)] { return .known(place) }
        let word = text.trimmingBlanks
        return (isYesNo ? GapWords.isGapAmongValues(word) : GapWords.isGap(word)) ? .gap : .other
    }

    private func isMissing(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            guard let base = bytes.baseAddress else { return true }
            return DecimalText.isMissing(base, bytes.indices)
        }
    }
}
