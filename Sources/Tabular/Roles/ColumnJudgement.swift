import Wording

/// What a column is taken for, and how its cells are read then.
struct ColumnJudgement {
    var role: ColumnRole
    /// A few words, safe to print.
    var reason: String
    /// How numbers are written, where it is one of numbers.
    var notation = NumberNotation.point
    /// How dates are written, where it is one of dates.
    var format = DateFormat.yearFirst
    /// Cells that are no number, or no date, among others that are: gaps now.
    var odd = 0
    /// The first kind of them, safe to print.
    var oddExample = ""
    /// A column of 0 and 1 that has no texts is read by its numbers.
    var isOfNumbers = true
    /// The levels among the column's texts; nil where it has none.
    var levels: Levels?

    init(_ role: ColumnRole, _ reason: String) {
        self.role = role
        self.reason = reason
    }
}

/// Decides what a column is. The rules, the first one that applies:
///
/// 1. Without a value it is `empty`; with one value and no gap, `constant`.
/// 2. Digits that begin with 0, and columns named as zip codes are, are codes: a `category` where at least half of the rows
///    have a level that is not rare (``Levels/leastRows(of:)``) and there are no more levels than a fifth of the rows, or
///    ten; else an `identifier`.
/// 3. Columns named as identifiers are, of whole numbers or text, are a `category` where they are one by the same rule
///    and not nearly all different, else an `identifier`. Other whole numbers are only where they count the rows, from 0
///    or 1 on, and are numbers all the same where there is no other feature.
/// 4. 0 and 1, and yes and no in other words, are `yes_no`.
/// 5. Where at least 95 % of the cells with a value are numbers, it is a `number`; where as many are dates of one format,
///    a `date`. The others are gaps then. Eight digits are a date where all of them are one from 1900 to 2100.
/// 6. Text is a `category` by the rule above. Else it is an `identifier` where nearly all are different and none has a
///    blank in it, and free `text` where not.
struct ColumnJudge {
    let name: String
    let rows: Int
    let tally: ColumnTally
    let facts: NumberFacts
    /// Whether the numbers count the rows.
    let isCounting: Bool
    /// The cells as texts; nil where all are plain numbers and gaps.
    let texts: TextColumn?
    /// Whether the table's cells leave the comma to numbers.
    let allowsComma: Bool
    /// Whether the column is to be predicted: then it names no rows.
    let isTarget: Bool

    /// Of cells with a value, so many are to be of a kind, that the others are taken for slips.
    static let share = 0.95

    /// Whether it takes the column's texts to judge it.
    static func needsTexts(_ name: String, _ tally: ColumnTally, _ facts: NumberFacts) -> Bool {
        let name = ColumnName(name)
        return tally.texts + tally.outOfRange + tally.leadingZeros > 0 || name.isOfCodes
            || (facts.isWhole && facts.count > 0 && (name.isOfIdentifiers || !facts.isExact))
            || (facts.distinctCount == 1 && tally.missing > 0)
    }

    /// The judgement.
    var judgement: ColumnJudgement {
        guard let texts else { return ofPlainNumbers }
        let levels = Levels(texts.texts, counts: texts.counts) { GapWords.isGap($0) }
        var judgement = judgement(texts, levels)
        judgement.levels = levels
        return judgement
    }

    private func judgement(_ texts: TextColumn, _ levels: Levels) -> ColumnJudgement {
        if levels.levels.isEmpty { return ColumnJudgement(.empty, "no values") }
        if levels.levels.count == 1, levels.rows == rows { return constant(levels.levels[0].name) }
        if !isTarget, let judgement = ofCodes(levels) ?? ofIdentifiers(levels) { return judgement }
        let values = levels.amongValues(texts)
        if let judgement = ofYesAndNo(values) { return judgement }
        if let judgement = ofEightDigits(texts, values) ?? ofNumbers(texts, values) ?? ofDates(texts, values) {
            return judgement
        }
        return ofText(levels)
    }

    private var ofPlainNumbers: ColumnJudgement {
        if facts.count == 0 { return ColumnJudgement(.empty, "no values") }
        if facts.distinctCount == 1, tally.missing == 0 { return constant(LevelKey.of(facts.minimum)) }
        if facts.isZeroAndOne { return ColumnJudgement(.yesNo, "only 0 and 1") }
        if isCounting, !isTarget { return ColumnJudgement(.identifier, "counts the rows") }
        return number
    }

    private func constant(_ value: String) -> ColumnJudgement {
        ColumnJudgement(.constant, "'\(visible(value, limit: 30))' in every row")
    }

    private var number: ColumnJudgement {
        let kind = facts.isWhole ? "whole numbers" : "numbers"
        return ColumnJudgement(
            .number, "\(kind) from \(LevelKey.of(facts.minimum)) to \(LevelKey.of(facts.maximum))")
    }

    private func ofCodes(_ levels: Levels) -> ColumnJudgement? {
        let areDigits = levels.levels.allSatisfy { $0.key.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        let isNamed = ColumnName(name).isOfCodes
        guard isNamed || (areDigits && tally.leadingZeros > 0) else { return nil }
        let why = isNamed ? "codes by its name" : "digits that begin with 0"
        let count = "\(levels.levels.count) different values"
        return levels.isCategory
            ? ColumnJudgement(.category, "\(why), \(count)")
            : ColumnJudgement(.identifier, "\(why), \(count), most of them rare")
    }

    private func ofIdentifiers(_ levels: Levels) -> ColumnJudgement? {
        guard ColumnName(name).isOfIdentifiers else {
            return isCounting ? ColumnJudgement(.identifier, "counts the rows") : nil
        }
        // Quantities may have such a name too: a share of them is not whole.
        guard facts.isWhole || facts.count < levels.rows / 2 else { return nil }
        if levels.isNearlyDistinct {
            return ColumnJudgement(.identifier, "named as an identifier, nearly all different")
        }
        let count = "\(levels.levels.count) different values"
        return levels.isCategory
            ? ColumnJudgement(.category, "named as an identifier, \(count) that come again")
            : ColumnJudgement(.identifier, "named as an identifier, \(count), most of them rare")
    }

    private func ofYesAndNo(_ levels: Levels) -> ColumnJudgement? {
        guard let no = LevelKey.no(of: Set(levels.levels.map(\.key))) else { return nil }
        let ordered = levels.levels[0].key == no ? levels.levels : levels.levels.reversed()
        var judgement = ColumnJudgement(.yesNo, "only '\(ordered[0].name)' and '\(ordered[1].name)'")
        judgement.isOfNumbers = false
        return judgement
    }

    private func ofText(_ levels: Levels) -> ColumnJudgement {
        let count = levels.levels.count
        if levels.isCategory {
            let rare = count - levels.kept.count
            let more = rare > 0 ? ", the \(rare == 1 ? "rarest" : "\(rare) rarest") apart" : ""
            return ColumnJudgement(.category, "text with \(count) different \(count == 1 ? "value" : "values")\(more)")
        }
        let hasBlanks = levels.levels.prefix(1000).contains { $0.key.contains(" ") }
        if levels.isNearlyDistinct, !hasBlanks { return ColumnJudgement(.identifier, "nearly all different words") }
        return ColumnJudgement(.text, "\(count) different texts, most of them rare")
    }
}
