import TrainCore
import Wording

extension FeatureSpace {
    /// A line for each column with cells that are no known level, and one for all where they are many.
    private static func notes(on unknown: [(column: String, count: Int, example: String)]) -> [String] {
        func cells(_ count: Int) -> String {
            "\(count) \(count == 1 ? "cell that is" : "cells that are") no known level"
        }
        guard unknown.count > mostNotes else {
            return unknown.map { column, count, example in
                "the column '\(visible(column))' has \(cells(count)), such as '\(visible(example, limit: 30))'"
            }
        }
        let names = unknown.prefix(mostNotes).map { "'\(visible($0.column, limit: 40))'" }.joined(separator: ", ")
        let count = unknown.reduce(0) { $0 + $1.count }
        return ["\(unknown.count) columns have \(cells(count)): \(names) and \(unknown.count - mostNotes) more"]
    }

    private static let mostNotes = 3

    /// Turns a table into the network's input. The same bits come of the same cells as in the training.
    ///
    /// Columns that are not wanted are passed over. Texts that are no known level, and cells that are no number or date,
    /// are counted in the notes.
    ///
    /// - Parameters:
    ///   - withTargets: whether the targets are to be read too: then they must be there.
    ///   - directory: Where a relative path begins; nil for the current directory.
    ///   - progress: Called now and then, on the caller's thread, with how much is read.
    /// - Throws: ``DataError`` where the table cannot be read, and where it lacks columns.
    public func apply(
        to source: TableRecipe.Source, withTargets: Bool = false, relativeTo directory: String? = nil,
        progress: ((ReadingProgress) -> Void)? = nil
    ) throws(DataError) -> AppliedTable {
        let bytes = try TableBytes.open(source, relativeTo: directory, progress: progress)
        let text = try TableText(bytes)
        var table = try RawTable(
            text, columns: try places(in: text, withTargets: withTargets), progress: progress)
        guard table.rows > 0 else { throw DataError(.badData, "\(bytes.name): has column names but no rows") }
        var notes = try readNumbers(&table, withTargets: withTargets)
        let writer = FeatureWriter(self, table)
        notes += Self.notes(on: writer.unknown)
        let width = writer.width
        var x = [Float](repeating: 0, count: table.rows * width)
        var values = withTargets ? targets.map { _ in [Float]() } : []
        let slots = withTargets ? targets.map { table.slot(named: $0.name) ?? 0 } : []
        try x.withUnsafeMutableBufferPointer { (buffer) throws(DataError) in
            guard let base = buffer.baseAddress else { return }
            try table.numbers.eachRow { row, cells throws(DataError) in
                writer.write(row, cells, into: base + row * width)
                for (index, slot) in slots.enumerated() { values[index].append(cells[slot]) }
            }
        }
        return AppliedTable(
            rows: table.rows, features: width, x: x, targets: values, source: bytes.name, notes: notes)
    }

    /// Where the columns are, in ascending order.
    private func places(in text: TableText, withTargets: Bool) throws(DataError) -> [Int] {
        var wanted: [String] = []
        for name in columns.flatMap(\.sources) + (withTargets ? targets.map(\.name) : [])
        where !wanted.contains(name) {
            wanted.append(name)
        }
        let missing = wanted.filter { !text.columns.contains($0) }
        guard missing.isEmpty else {
            let names = missing.prefix(10).map { "'\(visible($0, limit: 40))'" }.joined(separator: ", ")
            let more = missing.count > 10 ? " and \(missing.count - 10) more" : ""
            let advice = missing.count == 1 ? "; \(hint(for: missing[0], among: text.columns, plural: "columns"))" : ""
            throw DataError(
                .badData,
                "\(text.bytes.name): lacks \(missing.count == 1 ? "the column" : "the columns") \(names)\(more), which the "
                    + "model needs\(advice)")
        }
        return text.columns.indices.filter { wanted.contains(text.columns[$0]) }
    }

    /// Reads the texts that it takes, and of them the numbers that are not plain. Returns what a person should know.
    private func readNumbers(_ table: inout RawTable, withTargets: Bool) throws(DataError) -> [String] {
        var notations: [(slot: Int, NumberNotation)] = []
        var texts: Set<Int> = []
        func add(_ name: String, _ notation: NumberNotation) {
            guard let slot = table.slot(named: name) else { return }
            let tally = table.numbers.tallies[slot]
            // With a decimal comma, a plain number may be another one than it looks.
            guard notation == .comma || tally.texts + tally.outOfRange > 0 else { return }
            notations.append((slot, notation))
            texts.insert(slot)
        }
        for column in columns {
            switch column.encoding {
            case .number(let number): add(column.name, number.notation)
            case .ratio(let ratio):
                add(ratio.numerator, ratio.numeratorNotation)
                add(ratio.denominator, ratio.denominatorNotation)
            case .category:
                guard let slot = table.slot(named: column.name) else { continue }
                if !column.isOfNumbers || table.numbers.tallies[slot].texts > 0 { texts.insert(slot) }
            case .date: if let slot = table.slot(named: column.name) { texts.insert(slot) }
            }
        }
        for target in withTargets ? targets : [] {
            guard let slot = table.slot(named: target.name) else { continue }
            if case .value(_, _, let notation) = target.coding {
                add(target.name, notation)
            } else {
                texts.insert(slot)
            }
        }
        try table.readTexts(of: texts.sorted(), trims: reading == .lenient)
        var notes: [String] = []
        for (slot, notation) in notations {
            guard let column = table.texts[slot] else { continue }
            let isOdd = { (text: String) in
                !GapWords.isGapAmongValues(text) && NumberText.read(text, notation) == nil
            }
            let odd = column.rows(where: isOdd)
            if odd > 0 {
                notes.append(
                    "the column '\(visible(table.name(of: slot)))' has \(odd) \(odd == 1 ? "cell that is" : "cells that are") "
                        + "no number, such as '\(visible(column.texts.first(where: isOdd) ?? "", limit: 30))': "
                        + "\(odd == 1 ? "a gap" : "gaps")")
            }
            try table.readNumbers(of: slot, notation)
        }
        for target in withTargets ? targets : [] {
            if case .value = target.coding { continue }
            try readClasses(target, &table, &notes)
        }
        return notes
    }

    /// Writes class numbers in the place of a target's cells.
    private func readClasses(_ target: TargetColumn, _ table: inout RawTable, _ notes: inout [String]) throws(DataError)
    {
        guard let slot = table.slot(named: target.name), let column = table.texts[slot] else { return }
        let category = CategoryEncoding(levels: target.classNames, coding: .oneHot, hasOther: false, hasGap: false)
        let isYesNo = reading == .lenient && LevelKey.no(of: Set(target.classNames.map { LevelKey.of($0) })) != nil
        // Numbers that are classes may be written in other ways than their names.
        let areNumbers = target.classNames.allSatisfy { Int($0) != nil }
        let reader = LevelReader(category, isYesNo ? .yesNo : .category, areNumbers ? .lenient : reading)
        let levels = column.texts.map { reader.level(of: $0) }
        let others = levels.indices.filter { levels[$0] == .other }
        if let first = others.first {
            let count = others.reduce(0) { $0 + column.counts[$1] }
            notes.append(
                "the target '\(visible(target.name))' has \(count) \(count == 1 ? "cell that is" : "cells that are") no known "
                    + "class, such as '\(visible(column.texts[first], limit: 30))'")
        }
        var classes: [String: Float] = [:]
        for (text, level) in zip(column.texts, levels) {
            if case .known(let place) = level { classes[text] = Float(place) }
        }
        try table.setNumbers(of: slot) { classes[$0] ?? .nan }
    }
}
