import Canvas
import Tabular
import Wording

/// A survey as an aligned table for people.
struct SurveyText {
    private let survey: TableSurvey

    /// Features of a row.
    private let features: Int

    /// - Parameter features: those that the training rows made; nil for what is foreseen.
    init(_ survey: TableSurvey, features: Int? = nil) {
        self.survey = survey
        self.features = features ?? survey.featureCount
    }

    /// Lines with an end each.
    var text: String {
        var lines = ["\(survey.source): \(count(survey.rows, "row")), \(count(survey.columns.count, "column"))", ""]
        var rows = [["column", "role", "becomes", "gaps", "why"]]
        rows += survey.columns.map { column in
            [
                visible(column.name, limit: 40), column.role.title, becomes(column), String(column.gaps),
                column.reason,
            ]
        }
        let widths = (0..<4).map { place in rows.map { SafeText($0[place]).width }.max() ?? 0 }
        for row in rows {
            let blanks = (0..<4).map { String(repeating: " ", count: widths[$0] - SafeText(row[$0]).width) }
            // Names begin at one edge, and counts end at one.
            lines.append(
                "\(row[0])\(blanks[0])  \(row[1])\(blanks[1])  \(row[2])\(blanks[2])  \(blanks[3])\(row[3])  \(row[4])")
        }
        lines += [""] + taskLines + survey.warnings.map { "note: \($0)" }
        return lines.joined(separator: "\n") + "\n"
    }

    private func becomes(_ column: SurveyedColumn) -> String {
        switch column.use {
        case .target: "the target"
        case .leftOut: "left out"
        case .feature: count(column.features, "feature")
        }
    }

    /// What is predicted, and from what.
    private var taskLines: [String] {
        let features = count(features, "feature")
        guard survey.task != nil else { return ["\(features); --target COLUMN says what to predict"] }
        return [
            "predicts \(targets) from \(features) of \(count(survey.usableRows, "row")): \(task(because: survey.taskReason))"
        ]
    }

    /// The same in few words, without the reason.
    var shortTask: String { "predicts \(targets) from \(count(features, "feature")): \(task())" }

    private var targets: String { survey.targets.map { "'\(visible($0, limit: 40))'" }.joined(separator: ", ") }

    private func task(because reason: String? = nil) -> String {
        let remark = reason.map { " (\($0))" } ?? ""
        guard survey.task == .classification else { return "values" + remark }
        let shown = zip(survey.classNames, survey.classCounts).prefix(10).map { name, rows in
            "\(visible(name, limit: 30)) \(rows)"
        }
        let more = survey.classNames.count - shown.count
        return "\(survey.classNames.count) classes\(remark): \(shown.joined(separator: ", "))"
            + (more > 0 ? " and \(more) more" : "")
    }

    private func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
