import TrainProtocol

/// The edits that wait for their steps. A value without a trainer: whoever makes the edits takes them from here.
struct Plans {
    /// Those that wait.
    private(set) var waiting: [PlannedEdit] = []
    /// Which edit came of which plan.
    private(set) var made: [Int: PlannedEdit] = [:]
    private(set) var nextNumber = 1

    /// No plans.
    init() {}

    /// Plans as they were.
    init(waiting: [PlannedEdit], made: [Int: PlannedEdit], nextNumber: Int) {
        self.waiting = waiting
        self.made = made
        self.nextNumber = max(1, nextNumber)
    }

    /// Takes out the plan that an edit came of, as a journal tells, nil where there is none.
    mutating func take(madeInto edit: Edit) -> PlannedEdit? {
        guard
            let index = waiting.firstIndex(where: { plan in
                plan.name == edit.name && plan.step <= edit.step && plan.change.applied(to: edit.old) == edit.new
            })
        else { return nil }
        let plan = waiting.remove(at: index)
        note(plan, becameEdit: edit.number)
        return plan
    }

    /// The next step at which one is due.
    var nextStep: Int? { waiting.map(\.step).min() }

    /// Adds one.
    mutating func add(_ name: String, _ change: ValueChange, at step: Int) -> PlannedEdit {
        let plan = PlannedEdit(number: nextNumber, name: name, change: change, step: step)
        nextNumber += 1
        waiting.append(plan)
        return plan
    }

    /// Takes one out of the list, nil where it is not there.
    mutating func remove(_ number: Int) -> PlannedEdit? {
        waiting.firstIndex { $0.number == number }.map { waiting.remove(at: $0) }
    }

    /// Takes those out that are due when a step is done, in the order in which they were planned.
    mutating func takeDue(at step: Int) -> [PlannedEdit] {
        let due = waiting.filter { $0.step <= step }
        waiting.removeAll { $0.step <= step }
        return due
    }

    /// An edit was made of a plan.
    mutating func note(_ plan: PlannedEdit, becameEdit number: Int) { made[number] = plan }

    /// Lets those wait again that are to come once more, where the run went back to before they were made; but one that
    /// was undone is gone.
    mutating func restore(on lineage: Lineage, at step: Int, _ cause: Move.Cause) -> [PlannedEdit] {
        let inForce = Set(lineage.edits.map(\.number))
        var restored: [PlannedEdit] = []
        for (number, plan) in made.sorted(by: { $0.key < $1.key }) where !inForce.contains(number) {
            if case .undo(let edit) = cause, edit.number == number { continue }
            guard plan.step > step, !waiting.contains(where: { $0.number == plan.number }) else { continue }
            made[number] = nil
            waiting.append(plan)
            restored.append(plan)
        }
        return restored
    }
}
