import Wording

// Numbers and dates among texts, and what a person says that a column is.
extension ColumnJudge {
    /// A column of numbers, where nearly all cells are; with `always`, where any is.
    func ofNumbers(_ texts: TextColumn, _ values: Levels, always: Bool = false) -> ColumnJudgement? {
        let mayBe = texts.some.contains { NumberText.read($0, .point) != nil || NumberText.read($0, .comma) != nil }
        guard mayBe || always else { return nil }
        var notation = NumberNotation.point
        if allowsComma {
            let needs = texts.rows { !GapWords.isGapAmongValues($0) && NumberText.needsComma($0) }
            let breaks = texts.rows { NumberText.read($0, .point) != nil && NumberText.read($0, .comma) == nil }
            if needs > breaks { notation = .comma }
        }
        var facts = NumberFacts()
        var (found, odd, example) = (0, 0, "")
        for (text, count) in zip(texts.texts, texts.counts) where !GapWords.isGapAmongValues(text) {
            if let value = NumberText.read(text, notation) {
                found += count
                facts.add(value)
            } else {
                if odd == 0 { example = text }
                odd += count
            }
        }
        guard found > 0, always || Double(found) >= Self.share * Double(values.rows) else { return nil }
        var judgement: ColumnJudgement
        if facts.isZeroAndOne, odd == 0, !always {
            judgement = ColumnJudgement(.yesNo, "only 0 and 1")
        } else {
            let kind = facts.isWhole ? "whole numbers" : "numbers"
            let comma = notation == .comma ? ", with a decimal comma" : ""
            judgement = ColumnJudgement(
                .number, "\(kind) from \(LevelKey.of(facts.minimum)) to \(LevelKey.of(facts.maximum))\(comma)")
        }
        judgement.notation = notation
        note(odd, example, "no number", in: &judgement)
        return judgement
    }

    /// A column of dates as 20240131, where all cells are.
    func ofEightDigits(_ texts: TextColumn, _ values: Levels) -> ColumnJudgement? {
        let areDates = values.levels.allSatisfy { level in
            level.key.utf8.count == 8 && (level.key.hasPrefix("19") || level.key.hasPrefix("20"))
                && DateText.read(level.key, .yearFirst) != nil
        }
        return areDates ? ofDates(texts, values) : nil
    }

    /// A column of dates, where nearly all cells are; with `always`, where any is.
    func ofDates(_ texts: TextColumn, _ values: Levels, always: Bool = false) -> ColumnJudgement? {
        let mayBe = texts.some.contains { text in DateFormat.allCases.contains { DateText.read(text, $0) != nil } }
        guard mayBe || always else { return nil }
        var best: (format: DateFormat, found: Int)?
        var foundMonthFirst = 0
        for format in DateFormat.allCases {
            let found = texts.rows { DateText.read($0, format) != nil }
            if format == .monthFirst { foundMonthFirst = found }
            if found > best?.found ?? 0 { best = (format, found) }
            // Where nothing settles it, a point between day and month says that the day is first.
            if format == .dayFirst, found > 0, found == foundMonthFirst, best?.format == .monthFirst,
                texts.texts.contains(where: { $0.contains(".") }) || allowsComma
            {
                best = (format, found)
            }
        }
        guard let best, always || Double(best.found) >= Self.share * Double(values.rows) else { return nil }
        var judgement = ColumnJudgement(.date, "dates as \(best.format.example)")
        if best.format == .monthFirst, texts.rows(where: { DateText.read($0, .dayFirst) != nil }) == best.found {
            judgement.reason += "; no day above 12 settles which comes first"
        }
        if best.format == .time { judgement.reason = "times as 13:45" }
        judgement.format = best.format
        let isOdd = { (text: String) in !GapWords.isGapAmongValues(text) && DateText.read(text, best.format) == nil }
        note(texts.rows(where: isOdd), texts.texts.first(where: isOdd) ?? "", "no date", in: &judgement)
        return judgement
    }

    private func note(_ odd: Int, _ example: String, _ what: String, in judgement: inout ColumnJudgement) {
        guard odd > 0 else { return }
        judgement.odd = odd
        judgement.oddExample = visible(example, limit: 30)
        judgement.reason +=
            "; \(odd) \(odd == 1 ? "cell is" : "cells are") \(what) and a gap now, the first '\(judgement.oddExample)'"
    }

    /// The column as somebody says that it is.
    ///
    /// - Throws: ``DataError`` where it cannot be that.
    func judgement(as role: ColumnRole, file: String) throws(DataError) -> ColumnJudgement {
        guard let texts else { preconditionFailure("the texts of a column that was given a role are read") }
        let values = Levels(texts.texts, counts: texts.counts) { GapWords.isGapAmongValues($0) }
        func failure(_ why: String) -> DataError {
            DataError(.badData, "\(file): the column '\(visible(name))' cannot be \(role.title): \(why)")
        }
        var judgement: ColumnJudgement
        switch role {
        case .number:
            guard let found = ofNumbers(texts, values, always: true) else {
                throw failure("none of its cells is a number")
            }
            judgement = found
        case .date:
            guard let found = ofDates(texts, values, always: true) else { throw failure("none of its cells is a date") }
            judgement = found
        case .yesNo:
            guard values.levels.count == 2 else {
                throw failure("it has \(values.levels.count) different values, not two")
            }
            judgement = ColumnJudgement(.yesNo, "'\(values.levels[0].name)' and '\(values.levels[1].name)'")
        case .category:
            let count = Levels(texts.texts, counts: texts.counts) { GapWords.isGap($0) }.levels.count
            guard count > 0 else { throw failure("it has no values") }
            judgement = ColumnJudgement(.category, "\(count) different \(count == 1 ? "value" : "values")")
        case .identifier, .text, .constant, .empty, .ignore: judgement = ColumnJudgement(role, "left out")
        }
        judgement.isOfNumbers = false
        judgement.reason = "as was said; \(judgement.reason)"
        return judgement
    }
}
