import JobFile
import TrainCore
import Wording

// The learning rate, where it follows a schedule.
extension KerasScript {
    private var isScheduled: Bool { !(job.schedule is ConstantRate) }
    var isOneCycle: Bool { job.schedule is OneCycle }

    /// Whether Keras's optimizer can follow the schedule by itself.
    var passesSchedule: Bool {
        isScheduled && !isOneCycle && !edits.change("learning_rate") && !edits.changesOptimizer
    }

    /// Whether the loop gives each step its rate.
    var setsRate: Bool { isScheduled && !passesSchedule }

    /// The rate of a step, in Python.
    var rateOfStep: String {
        let rate = isOneCycle ? "one_cycle(step)" : "float(schedule(step))"
        guard edits.change("learning_rate") else { return rate }
        return "\(rate) * learning_rate / \(Python.number(job.optimizer.learningRate))"
    }

    var schedule: [String] {
        guard isScheduled else { return [] }
        if let cycle = job.schedule as? OneCycle { return oneCycle(cycle) }
        let name = type(of: job.schedule).name
        var arguments: [String] = []
        if job.schedule is PiecewiseConstant {
            let boundaries = (job.schedule.list(of: "boundaries") ?? []).map { "\(Int($0))" }
            let values = (job.schedule.list(of: "values") ?? []).map(Python.number)
            arguments = [
                "boundaries=[\(boundaries.joined(separator: ", "))]", "values=[\(values.joined(separator: ", "))]",
            ]
        }
        for setting in job.schedule.settingDescriptions {
            let value = job.schedule.value(of: setting.name)
            if setting.name == "initial_learning_rate" {
                arguments.append("initial_learning_rate=\(Python.number(value ?? job.optimizer.learningRate))")
            } else if let value, setting.isFlag {
                if value != 0 { arguments.append("\(setting.name)=True") }
            } else if let value {
                let isUsual =
                    setting.name != "decay_steps" && ["alpha", "warmup_steps"].contains(setting.name) && value == 0
                if isUsual { continue }
                arguments.append(
                    "\(setting.name)=\(setting.range.isWhole ? "\(Int(value))" : Python.number(value))")
            }
        }
        let constructor = KerasNames.name(name, in: KerasNames.schedules)
        return ["schedule = " + Python.call("keras.optimizers.schedules.\(constructor)", arguments)]
    }

    /// PyTorch's OneCycleLR in Python: Keras has none.
    private func oneCycle(_ cycle: OneCycle) -> [String] {
        let top = Python.number(cycle.maxLearningRate ?? job.optimizer.learningRate)
        var lines = [
            "",
            "def one_cycle(step):",
            "    \"\"\"The learning rate of a step, counted from 0: PyTorch's OneCycleLR without momentum.\"\"\"",
            "    top = \(top)",
            "    first = top / \(Python.number(cycle.divFactor))",
            "    bottom = first / \(Python.number(cycle.finalDivFactor))",
            "    total = \(Int(cycle.totalSteps))",
            "    peak = \(Python.number(cycle.risingShare)) * total - 1",
        ]
        var points = ["(0, first)", "(peak, top)"]
        if cycle.threePhase != 0 { points.append("(2 * peak, first)") }
        points.append("(total - 1, bottom)")
        lines += [
            "    points = [\(points.joined(separator: ", "))]",
            "    for (begin, start), (end, goal) in zip(points, points[1:]):",
            "        if step <= end:",
            "            done = min(1, max(0, (step - begin) / (end - begin))) if end > begin else 1",
            "            return goal + (start - goal) * 0.5 * (1 + math.cos(math.pi * done))",
            "    return bottom",
            "", "",
        ]
        return lines
    }
}
