import TrainCore
import Wording

// Splits that a column decides.
extension SurveyedTable {
    /// The rows by the column's values; nil where none would be left to train on.
    func ordered(_ policy: SplitPolicy, seed: UInt64) throws(DataError) -> RowSplit? {
        guard let slot = choice.split, let texts = table.texts[slot] else {
            preconditionFailure("the texts of the column are read")
        }
        switch policy {
        case .group:
            let keys = texts.texts.map { LevelKey.of($0) }
            var numbers: [String: Int] = [:]
            for key in keys { numbers[key] = numbers[key] ?? numbers.count }
            let groups = texts.codes.map { numbers[keys[Int($0)]] ?? 0 }
            return RowSplit(
                groups: groups, kept: isKept, testFraction: recipe.testFraction,
                validationFraction: recipe.validationFraction, seed: seed)
        case .time:
            let judgement = judgements[slot]
            let times: [Double]
            switch judgement.role {
            case .date:
                times = texts.texts.map { DateText.read($0, judgement.format)?.moment ?? -.infinity }
            case .number, .identifier, .yesNo, .constant:
                times = texts.texts.map { NumberText.read($0, judgement.notation).map { Double($0) } ?? -.infinity }
            case .category, .text, .empty, .ignore:
                throw DataError(
                    .badData,
                    "\(table.text.bytes.name): '\(visible(policy.column))', wanted to split by time, is "
                        + "\(judgement.role.title); expected dates or numbers")
            }
            return RowSplit(
                times: texts.codes.map { times[Int($0)] }, kept: isKept, testFraction: recipe.testFraction,
                validationFraction: recipe.validationFraction)
        }
    }
}

extension CalendarTime {
    /// Seconds since the beginning of 1970, or of the day.
    fileprivate var moment: Double { Double(day ?? 0) * 86_400 + Double(seconds ?? 0) }
}

extension RowSplit {
    /// Splits the rows that are kept, group by group, the groups in random order: the first ones test, the next ones
    /// validate, the rest train. A set takes whole groups until it has its share at least, but the last group trains.
    ///
    /// - Parameter groups: for each row its group, from 0.
    init?(groups: [Int], kept: [Bool], testFraction: Double, validationFraction: Double, seed: UInt64) {
        var members = Array(repeating: [Int](), count: (groups.max() ?? -1) + 1)
        for row in groups.indices where kept[row] { members[groups[row]].append(row) }
        members.removeAll { $0.isEmpty }
        let rows = members.reduce(0) { $0 + $1.count }
        let order = permutation(of: members.count, philox: Philox(seed: seed, stream: .split))
        var uses = [Use](repeating: .dropped, count: kept.count)
        var left = order.dropLast()[...]
        func take(_ wanted: Int, _ use: Use) -> Int {
            var taken = 0
            while taken < wanted, let group = left.popFirst() {
                for row in members[Int(group)] { uses[row] = use }
                taken += members[Int(group)].count
            }
            return taken
        }
        let tested = take(Self.part(testFraction, of: rows), .testing)
        _ = take(Self.part(validationFraction, of: rows - tested), .validation)
        for group in left + order.suffix(1) { for row in members[Int(group)] { uses[row] = .training } }
        self.init(uses: uses)
        guard training > 0 else { return nil }
    }

    /// Splits the rows that are kept by their times: the latest ones test, those before them validate, the rest train. Of
    /// rows of the same time the later one in the table is the later one.
    init?(times: [Double], kept: [Bool], testFraction: Double, validationFraction: Double) {
        let order = times.indices.filter { kept[$0] }.sorted { (times[$0], $0) < (times[$1], $1) }
        let testing = Self.part(testFraction, of: order.count)
        let validation = Self.part(validationFraction, of: order.count - testing)
        let training = order.count - testing - validation
        guard training > 0 else { return nil }
        var uses = [Use](repeating: .dropped, count: kept.count)
        for (place, row) in order.enumerated() {
            uses[row] = place < training ? .training : place < training + validation ? .validation : .testing
        }
        self.init(uses: uses)
    }
}
