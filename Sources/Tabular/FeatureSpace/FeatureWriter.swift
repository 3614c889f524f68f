/// Writes a row's features, column by column: the one way from cells to a network's input, for training and prediction.
///
/// What a text becomes is worked out once for each different text, and then looked up.
struct FeatureWriter {
    private let columns: [Column]
    /// Features in a row.
    let width: Int
    /// Cells of categories that are levels not known, by column, with the first one.
    private(set) var unknown: [(column: String, count: Int, example: String)] = []

    private enum Column {
        case number(slot: Int, NumberEncoding)
        case ratio(above: Int, below: Int, RatioEncoding)
        /// A category that was read as numbers.
        case levelOfNumber(slot: Int, CategoryEncoding, levels: [Float])
        /// For each of the column's texts its features, one behind the other.
        case lookup(codes: [Int32], width: Int, features: [Float])
    }

    /// - Parameters:
    ///   - table: has every column of the space, and the texts of those that are not of numbers. Numbers that are not
    ///     plain have been read.
    init(_ space: FeatureSpace, _ table: RawTable) {
        var columns: [Column] = []
        func slot(_ name: String) -> Int {
            guard let slot = table.slot(named: name) else { preconditionFailure("the columns are there") }
            return slot
        }
        var unknown: [(column: String, count: Int, example: String)] = []
        for column in space.columns {
            switch column.encoding {
            case .number(let number): columns.append(.number(slot: slot(column.name), number))
            case .ratio(let ratio):
                columns.append(.ratio(above: slot(ratio.numerator), below: slot(ratio.denominator), ratio))
            case .category(let category):
                let slot = slot(column.name)
                guard let texts = table.texts[slot] else {
                    let levels = category.levels.map { Float($0) ?? .infinity }
                    columns.append(.levelOfNumber(slot: slot, category, levels: levels))
                    continue
                }
                let reader = LevelReader(category, column.role, space.reading)
                let levels = texts.texts.map { reader.level(of: $0) }
                let others = levels.indices.filter { levels[$0] == .other }
                if let first = others.first {
                    let count = others.reduce(0) { $0 + texts.counts[$1] }
                    unknown.append((column.name, count, texts.texts[first]))
                }
                columns.append(Self.lookup(texts, column.featureCount) { category.encode(levels[$0], into: $1) })
            case .date(let date):
                guard let texts = table.texts[slot(column.name)] else {
                    preconditionFailure("dates are read as texts")
                }
                let dates = texts.texts.map { DateText.read($0, date.format) }
                columns.append(Self.lookup(texts, column.featureCount) { date.encode(dates[$0], into: $1) })
            }
        }
        self.columns = columns
        self.unknown = unknown
        width = space.featureCount
    }

    private static func lookup(
        _ texts: TextColumn, _ width: Int, _ encode: (Int, UnsafeMutablePointer<Float>) -> Void
    ) -> Column {
        var features = [Float](repeating: 0, count: texts.texts.count * width)
        features.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            for index in texts.texts.indices { encode(index, base + index * width) }
        }
        return .lookup(codes: texts.codes, width: width, features: features)
    }

    /// Writes the features of a row: its number, and its numbers.
    func write(_ row: Int, _ numbers: UnsafePointer<Float>, into features: UnsafeMutablePointer<Float>) {
        var place = features
        for column in columns {
            switch column {
            case .number(let slot, let number):
                number.encode(numbers[slot], into: place)
                place += number.width
            case .ratio(let above, let below, let ratio):
                ratio.result.encode(ratio.divide(numbers[above], by: numbers[below]), into: place)
                place += ratio.result.width
            case .levelOfNumber(let slot, let category, let levels):
                let value = numbers[slot]
                let known = levels.firstIndex(of: value)
                category.encode(value.isNaN ? .gap : known.map { .known($0) } ?? .other, into: place)
                place += category.width
            case .lookup(let codes, let width, let values):
                let start = Int(codes[row]) * width
                for index in 0..<width { place[index] = values[start + index] }
                place += width
            }
        }
    }
}
