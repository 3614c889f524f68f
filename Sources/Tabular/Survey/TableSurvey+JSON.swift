import Wording

extension TableSurvey {
    /// The survey as one JSON object, always in the same order, for journals and other programs.
    public var jsonText: String {
        var members = [
            "\"source\":\(quoted(source))", "\"rows\":\(rows)", "\"usable_rows\":\(usableRows)",
            "\"columns\":[\(columns.map(\.jsonText).joined(separator: ","))]",
            "\"targets\":[\(targets.map(quoted).joined(separator: ","))]",
        ]
        if let task {
            members += ["\"task\":\(quoted(task.rawValue))", "\"task_reason\":\(quoted(taskReason))"]
            let classes = zip(classNames, classCounts).map { "{\"name\":\(quoted($0)),\"rows\":\($1)}" }
            members.append("\"classes\":[\(classes.joined(separator: ","))]")
        }
        members += ["\"features\":\(featureCount)", "\"warnings\":[\(warnings.map(quoted).joined(separator: ","))]"]
        return "{\(members.joined(separator: ","))}"
    }
}

extension SurveyedColumn {
    fileprivate var jsonText: String {
        var members = [
            "\"name\":\(quoted(name))", "\"use\":\(quoted(use.rawValue))", "\"role\":\(quoted(role.rawValue))",
            "\"reason\":\(quoted(reason))", "\"gaps\":\(gaps)",
        ]
        if let distinct { members.append("\"distinct\":\(distinct)") }
        if let minimum, let maximum { members.append("\"minimum\":\(minimum),\"maximum\":\(maximum)") }
        members += ["\"examples\":[\(examples.map(quoted).joined(separator: ","))]", "\"features\":\(features)"]
        return "{\(members.joined(separator: ","))}"
    }
}
