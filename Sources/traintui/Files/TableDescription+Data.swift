import Tabular
import TrainCore
import TrainProtocol

extension TableDescription {
    /// What was found in a table whose columns were judged by what they hold; nil for others.
    init?(_ data: PreparedData) {
        guard let survey = data.survey else { return nil }
        self.init(
            source: survey.source,
            columns: survey.columns.map { column in
                let use: Column.Use =
                    switch column.use {
                    case .feature: .features(column.features)
                    case .target: .target
                    case .leftOut: .leftOut
                    }
                return Column(
                    name: column.name, role: column.role.title, use: use, gaps: column.gaps, reason: column.reason)
            },
            task: SurveyText(survey).taskLines.first ?? "", trainingRows: data.training.rows,
            validationRows: data.validation?.rows ?? 0, testRows: data.test?.rows ?? 0)
    }
}
