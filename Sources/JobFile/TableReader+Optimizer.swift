import TOMLTree
import TrainCore
import Wording

extension TableReader {
    /// Reads `[optimizer]` and `[optimizer.schedule]`. What is named starts with its own defaults; an optimizer with a
    /// schedule and no learning rate has the schedule's.
    mutating func readOptimizer(into job: inout TrainingJob) throws(TOMLError) {
        var optimizer =
            try choice("name", "optimizer", Catalogue.optimizers.map { ($0.name, $0.init() as any Optimizer) })
            ?? job.optimizer
        let learningRate = node("learning_rate")
        try readSettings(of: &optimizer)
        job.clipping = try clipping()
        if var table = try table("schedule") {
            guard
                var schedule = try table.choice(
                    "name", "schedule", Catalogue.schedules.map { ($0.name, $0.init() as any LearningRateSchedule) })
            else { throw table.missing("name", "such as \"constant\"") }
            try table.readSchedule(&schedule)
            try table.finish()
            if learningRate == nil, let own = schedule.ownLearningRate { optimizer.learningRate = own }
            job.schedule = schedule
        }
        job.optimizer = optimizer
        try finish()
    }

    private mutating func readSettings(of optimizer: inout any Optimizer) throws(TOMLError) {
        for setting in optimizer.settingDescriptions {
            if let value = try self.setting(setting) { optimizer.set(setting.name, to: value) }
        }
    }

    private mutating func readSchedule(_ schedule: inout any LearningRateSchedule) throws(TOMLError) {
        for setting in schedule.settingDescriptions {
            if let value = try self.setting(setting) { schedule.set(setting.name, to: value) }
        }
        for list in schedule.listDescriptions {
            guard let values = try doubles(list.name) else { continue }
            for value in values {
                if let objection = list.range.objection(to: value) {
                    throw error(at: list.name, "each of '\(list.name)' \(objection), not \(value)")
                }
            }
            schedule.setList(list.name, to: values)
        }
        if let objection = schedule.objection {
            throw error(at: objection.setting, "'\(objection.setting)' \(objection.reason)")
        }
    }

    /// A number or a flag by its description.
    mutating func setting(_ setting: SettingDescription) throws(TOMLError) -> Double? {
        if setting.isFlag { return try boolean(setting.name).map { $0 ? 1 : 0 } }
        return try number(setting.name, setting.range)
    }

    private mutating func clipping() throws(TOMLError) -> GradientClipping {
        let kinds: [(key: String, make: (Double) -> GradientClipping)] = [
            ("clipvalue", GradientClipping.value), ("clipnorm", GradientClipping.norm),
            ("global_clipnorm", GradientClipping.globalNorm),
        ]
        var chosen: (key: String, clipping: GradientClipping)?
        for kind in kinds {
            guard let value = try number(kind.key, .positive) else { continue }
            if let chosen { throw error(at: kind.key, "'\(kind.key)' and '\(chosen.key)' exclude each other") }
            chosen = (kind.key, kind.make(value))
        }
        return chosen?.clipping ?? .none
    }
}
