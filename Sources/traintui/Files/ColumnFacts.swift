import Tabular
import TrainCore
import TrainProtocol

/// What rows to train on say of a column: how often what is in it occurs, and what it has to do with the target.
struct ColumnFacts {
    var shape: Histogram
    var correlation: TableDescription.Column.Correlation?

    /// Rows that are looked at, evenly chosen: more of them make no other picture. Of tables of many columns they are fewer,
    /// so that nobody waits for this.
    private static func mostRows(features: Int) -> Int { min(20_000, max(1000, 2_000_000 / features)) }
    /// Bins of numbers.
    private static let bins = 24

    /// What is known of each column that is used, by its name. A column is taken as the model sees it, gaps filled.
    static func of(_ data: PreparedData) -> [String: ColumnFacts] {
        let (space, training) = (data.featureSpace, evenly(data.training))
        guard training.rows > 0, training.features == space.featureCount else { return [:] }
        var facts: [String: ColumnFacts] = [:]
        let target = Values(target: space.targets.first, training)
        var start = 0
        for column in space.columns {
            let values = Values(column, first: start, training)
            facts[column.name] = ColumnFacts(shape: values.shape, correlation: target.flatMap(values.correlation))
            start += column.featureCount
        }
        for (place, column) in space.targets.enumerated() {
            facts[column.name] = Values(target: column, training, place: place).map {
                ColumnFacts(shape: $0.shape, correlation: nil)
            }
        }
        return facts
    }

    private static func evenly(_ data: Dataset) -> Dataset {
        let mostRows = mostRows(features: max(1, data.features))
        guard data.rows > mostRows else { return data }
        let rows = (0..<mostRows).map { $0 * data.rows / mostRows }
        return Dataset(
            rows: mostRows, features: data.features, targets: data.targets,
            x: rows.flatMap { data.x[$0 * data.features..<($0 + 1) * data.features] },
            y: rows.flatMap { data.y[$0 * data.targets..<($0 + 1) * data.targets] })
    }

    /// A column's values: numbers, or groups.
    private enum Values {
        case numbers([Float])
        case groups([Int], count: Int)

        init(_ column: InputColumn, first: Int, _ data: Dataset) {
            func feature(_ index: Int) -> [Float] { (0..<data.rows).map { data.x[$0 * data.features + index] } }
            guard case .category(let category) = column.encoding else {
                self = .numbers(feature(first))
                return
            }
            guard column.featureCount > 1 || category.coding != .sign else {
                self = .groups(feature(first).map { $0 > 0 ? 1 : 0 }, count: 2)
                return
            }
            // The feature that is on; a level of its own where none is.
            let count = column.featureCount
            let groups = (0..<data.rows).map { row in
                (0..<count).first { data.x[row * data.features + first + $0] > 0 } ?? count
            }
            self = .groups(groups, count: count + (groups.contains(count) ? 1 : 0))
        }

        init?(target: TargetColumn?, _ data: Dataset, place: Int = 0) {
            guard let target else { return nil }
            let own = (0..<data.rows).map { data.y[$0 * data.targets + place] }
            if target.classNames.isEmpty {
                self = .numbers(own)
            } else {
                self = .groups(own.map { Int($0) }, count: target.classNames.count)
            }
        }

        var shape: Histogram {
            switch self {
            case .numbers(let numbers): return Histogram(numbers.lazy.map { Double($0) }, bins: bins, share: 0.98)
            case .groups(let groups, let count):
                var counts = Array(repeating: 0, count: count)
                for group in groups { counts[group] += 1 }
                return Histogram(lower: 0, upper: Double(count), counts: counts)
            }
        }

        func correlation(with target: Values) -> TableDescription.Column.Correlation? {
            switch (self, target) {
            case (.numbers(let own), .numbers(let target)):
                Association.correlation(own, target).map { .signed($0) }
            case (.numbers(let own), .groups(let target, _)):
                Association.correlationRatio(own, groups: target).map { .unsigned($0) }
            case (.groups(let own, _), .numbers(let target)):
                Association.correlationRatio(target, groups: own).map { .unsigned($0) }
            case (.groups(let own, _), .groups(let target, _)):
                Association.contingency(own, target).map { .unsigned($0) }
            }
        }
    }
}
