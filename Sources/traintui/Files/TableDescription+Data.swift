import Foundation
import Tabular
import TrainCore
import TrainProtocol

extension TableDescription {
    /// What was found in a table whose columns were judged by what they hold; nil for others.
    init?(_ data: PreparedData) {
        guard let survey = data.survey else { return nil }
        // What the training rows made of a column, which may be more or less than was foreseen.
        let made = Dictionary(data.featureSpace.columns.map { ($0.name, $0.featureCount) }) { first, _ in first }
        let facts = ColumnFacts.of(data)
        self.init(
            source: URL(filePath: survey.source).lastPathComponent,
            columns: survey.columns.map { column in
                let use: Column.Use =
                    switch column.use {
                    case .feature: .features(made[column.name] ?? 0)
                    case .target: .target
                    case .leftOut: .leftOut
                    }
                return Column(
                    name: column.name, role: column.role.title, use: use, gaps: column.gaps, reason: column.reason,
                    shape: facts[column.name]?.shape, correlation: facts[column.name]?.correlation)
            },
            task: SurveyText(survey, features: data.featureSpace.featureCount).shortTask,
            trainingRows: data.training.rows,
            validationRows: data.validation?.rows ?? 0, testRows: data.test?.rows ?? 0)
    }
}
