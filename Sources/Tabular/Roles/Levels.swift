/// The levels among a column's texts: texts that differ by letter case and blanks are one.
struct Levels {
    /// A level.
    struct Level: Equatable {
        /// What it is known by: ``LevelKey``.
        let key: String
        /// The text that most rows have it as.
        let name: String
        /// Rows that have it.
        let rows: Int
    }

    /// The levels, in the order of their names.
    let levels: [Level]
    /// Rows that have one.
    let rows: Int
    /// For each of the column's texts the key of its level, nil where it is a gap.
    let keys: [String?]

    /// - Parameters:
    ///   - texts: a column's different texts.
    ///   - counts: the rows of each that count.
    ///   - isGap: which texts are none.
    init(_ texts: [String], counts: [Int], isGap: (String) -> Bool) {
        var found: [String: (name: String, most: Int, rows: Int)] = [:]
        var total = 0
        keys = texts.map { isGap($0.trimmingBlanks) ? nil : LevelKey.of($0) }
        for (index, text) in texts.enumerated() where counts[index] > 0 {
            guard let key = keys[index] else { continue }
            let rows = counts[index]
            total += rows
            let name = text.trimmingBlanks
            guard let old = found[key] else {
                found[key] = (name, rows, rows)
                continue
            }
            // Of spellings that are as frequent the first one in order counts: it does not matter which row came first.
            let isBetter = rows > old.most || (rows == old.most && name < old.name)
            found[key] = (isBetter ? name : old.name, max(rows, old.most), old.rows + rows)
        }
        rows = total
        levels = found.map { Level(key: $0, name: $1.name, rows: $1.rows) }
            .sorted { LevelKey.isBefore($0.key, $1.key) }
    }

    /// The levels without those that are gaps among numbers, dates and yes or no.
    func amongValues(_ texts: TextColumn) -> Levels {
        guard levels.contains(where: { GapWords.isGapAmongValues($0.key) }) else { return self }
        return Levels(texts.texts, counts: texts.counts) { GapWords.isGapAmongValues($0) }
    }

    /// A level with fewer of so many rows is rare: 10, or a hundredth of the rows where they are fewer than 1000, and 2 at
    /// least.
    static func leastRows(of rows: Int) -> Int { min(10, max(2, rows / 100)) }

    /// A category has no more levels of its own; the rarest ones beyond are "other".
    static let most = 250

    /// The levels that are not rare.
    private var frequent: [Level] {
        let least = Self.leastRows(of: rows)
        return levels.filter { $0.rows >= least }
    }

    /// The levels that have features of their own.
    var kept: [Level] {
        let frequent = frequent
        guard frequent.count > Self.most else { return frequent }
        let ranked = frequent.enumerated().sorted { ($1.element.rows, $0.offset) < ($0.element.rows, $1.offset) }
        return ranked.prefix(Self.most).sorted { $0.offset < $1.offset }.map(\.element)
    }

    /// Whether at least half of the rows have a level that is not rare, and there are no more levels than a fifth of the
    /// rows, or ten.
    var isCategory: Bool {
        guard !levels.isEmpty, levels.count <= max(10, rows / 5) else { return false }
        return 2 * frequent.reduce(0) { $0 + $1.rows } >= rows
    }

    /// The three most frequent ones, the first ones of several.
    var mostFrequent: [Level] {
        var best: [Level] = []
        for level in levels where best.count < 3 || level.rows > best[2].rows {
            best.insert(level, at: best.firstIndex { $0.rows < level.rows } ?? best.count)
            if best.count > 3 { best.removeLast() }
        }
        return best
    }

    /// Whether nearly every row has a level of its own.
    var isNearlyDistinct: Bool { Double(levels.count) >= 0.95 * Double(rows) }
}
