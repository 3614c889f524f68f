import TrainProtocol

// Plans and breakpoints as JSON: what waits for its time.

extension CheckpointText.Plan {
    init(_ plan: PlannedEdit) {
        self.init(number: plan.number, name: plan.name, step: plan.step, change: "value")
        switch plan.change {
        case .value(.number(let number)): number_ = CheckpointText.Bits(number)
        case .value(.flag(let isOn)): flag = isOn
        case .value(.choice(let name)): choice = name
        case .times(let factor): (change, number_) = ("times", CheckpointText.Bits(factor))
        case .dividedBy(let divisor): (change, number_) = ("divided", CheckpointText.Bits(divisor))
        case .plus(let difference): (change, number_) = ("plus", CheckpointText.Bits(difference))
        }
    }

    /// The plan; nil where it is none.
    var plan: PlannedEdit? {
        let change: ValueChange? =
            switch (self.change, number_?.value, flag, choice) {
            case ("value", let number?, nil, nil): .value(.number(number))
            case ("value", nil, let isOn?, nil): .value(.flag(isOn))
            case ("value", nil, nil, let name?): .value(.choice(name))
            case ("times", let number?, nil, nil): .times(number)
            case ("divided", let number?, nil, nil): .dividedBy(number)
            case ("plus", let number?, nil, nil): .plus(number)
            default: nil
            }
        return change.map { PlannedEdit(number: number, name: name, change: $0, step: step) }
    }
}

extension CheckpointText.Break {
    init(_ breakpoint: Breakpoint) {
        switch breakpoint {
        case .lossAbove(let limit): self.init(kind: "above", limit: CheckpointText.Bits(limit))
        case .lossBelow(let limit): self.init(kind: "below", limit: CheckpointText.Bits(limit))
        case .epoch(let epoch): self.init(kind: "epoch", count: epoch)
        case .step(let step): self.init(kind: "step", count: step)
        case .validationLossRises(let times): self.init(kind: "rises", count: times)
        }
    }

    /// The breakpoint; nil where it is none.
    var breakpoint: Breakpoint? {
        switch (kind, limit?.value, count) {
        case ("above", let limit?, nil): .lossAbove(limit)
        case ("below", let limit?, nil): .lossBelow(limit)
        case ("epoch", nil, let epoch?): .epoch(epoch)
        case ("step", nil, let step?): .step(step)
        case ("rises", nil, let times?): .validationLossRises(times: times)
        default: nil
        }
    }
}
