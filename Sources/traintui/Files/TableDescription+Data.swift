import Foundation
import Tabular
import TrainCore
import TrainProtocol

extension TableDescription {
    /// What a run's table holds: each column in the order of the table where columns were judged by what they hold, else
    /// those that the job names, features first.
    init(_ data: PreparedData) {
        let facts = ColumnFacts.of(data)
        let columns = data.survey.map { Column.judged($0, data) } ?? Column.named(data)
        self.init(
            source: URL(filePath: data.survey?.source ?? data.source).lastPathComponent,
            columns: columns.map { column in
                var column = column
                column.shape = facts[column.name]?.shape
                column.correlation = facts[column.name]?.correlation
                return column
            },
            task: data.survey.map { SurveyText($0, features: data.featureSpace.featureCount).shortTask } ?? "",
            trainingRows: data.training.rows, validationRows: data.validation?.rows ?? 0,
            testRows: data.test?.rows ?? 0)
    }
}

extension TableDescription.Column {
    fileprivate static func judged(_ survey: TableSurvey, _ data: PreparedData) -> [Self] {
        // What the training rows made of a column, which may be more or less than was foreseen.
        let made = Dictionary(data.featureSpace.columns.map { ($0.name, $0.featureCount) }) { first, _ in first }
        return survey.columns.map { column in
            let use: Use =
                switch column.use {
                case .feature: .features(made[column.name] ?? 0)
                case .target: .target
                case .leftOut: .leftOut
                }
            return Self(
                name: column.name, role: column.role.title, use: use, gaps: column.gaps, reason: column.reason)
        }
    }

    fileprivate static func named(_ data: PreparedData) -> [Self] {
        let space = data.featureSpace
        let features = space.columns.map { column in
            Self(
                name: column.name, role: column.role.title, use: .features(column.featureCount), gaps: nil, reason: "")
        }
        let targets = space.targets.map { column in
            let role: ColumnRole = column.classNames.isEmpty ? .number : .category
            return Self(name: column.name, role: role.title, use: .target, gaps: nil, reason: "")
        }
        let others = data.skippedColumns.map { name in
            Self(name: name, role: ColumnRole.text.title, use: .leftOut, gaps: nil, reason: "")
        }
        return features + targets + others
    }
}
