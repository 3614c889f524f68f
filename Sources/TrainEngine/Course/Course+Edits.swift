internal import TrainCore
internal import Wording

/// Hyperparameters: changed now, step by step, or later.
extension Course {
    /// Changes a hyperparameter, at once or step by step.
    func edit(_ name: String, to value: Double, over steps: Int = 0, request: RequestID? = nil) throws(Refusal) {
        try refuseInRace()
        try make(name, to: value, over: steps, request: request)
        undone = []
    }

    @discardableResult
    func make(
        _ name: String, to value: Double, over steps: Int, request: RequestID?
    ) throws(Refusal) -> HyperparameterChange {
        guard let setting = trainer.editableSettings.first(where: { $0.name == name }) else {
            throw Refusal("there is no hyperparameter '\(name)'")
        }
        if let objection = setting.range.objection(to: value) { throw Refusal("\(name) \(objection)") }
        if steps != 0, steps < 0 || name == "epochs" || !setting.choices.isEmpty {
            throw Refusal(
                steps < 0 ? "the number of steps must be at least 1" : "\(name) cannot be changed step by step")
        }
        let change = HyperparameterChange(
            number: nextEdit, request: request, name: name, old: setting.value, new: value, over: steps,
            step: trainer.position.step)
        keepState(isPinned: true)
        do throws(TrainingError) { try walker.append(change) } catch { throw Refusal(error.description) }
        nextEdit += 1
        let choice = setting.choices.isEmpty ? nil : setting.choices[Int(value)]
        write?(.edited(change, choice: choice))
        events.append(.changed(change))
        if choice != nil { tellHyperparameters() }
        return change
    }

    /// Lets an edit wait for its step.
    func plan(_ name: String, _ change: ValueChange, at step: Int) throws(Refusal) {
        try refuseInRace()
        guard step > trainer.position.step else {
            throw Refusal("step \(step) has been taken; the run is at step \(trainer.position.step)")
        }
        guard let setting = trainer.editableSettings.first(where: { $0.name == name }) else {
            throw Refusal("there is no hyperparameter '\(name)'")
        }
        if let objection = setting.range.objection(to: change.applied(to: setting.value)) {
            throw Refusal("\(name) \(objection)")
        }
        let plan = PlannedEdit(number: nextPlan, name: name, change: change, step: step)
        nextPlan += 1
        plans.append(plan)
        events.append(.planned(plan))
    }

    /// Forgets a planned edit.
    func cancelPlan(_ number: Int) throws(Refusal) {
        guard let index = plans.firstIndex(where: { $0.number == number }) else {
            throw Refusal("there is no planned edit \(number)")
        }
        plans.remove(at: index)
        events.append(.unplanned(number))
    }

    func makePlannedEdits() {
        for plan in plans where plan.step <= trainer.position.step {
            plans.removeAll { $0.number == plan.number }
            events.append(.unplanned(plan.number))
            let present = trainer.editableSettings.first { $0.name == plan.name }?.value ?? 0
            do throws(Refusal) {
                let edit = try make(plan.name, to: plan.change.applied(to: present), over: 0, request: nil)
                planned[edit.number] = plan
            } catch {
                events.append(.notice("the edit planned for step \(plan.step) was not made: \(error.reason)"))
            }
        }
    }
}
