package import TrainProtocol

extension Command {
    /// The params of the request that asks for it; the method is the raw value of its ``kind``.
    package var params: JSONTree {
        switch self {
        case .pause, .resume, .runEpoch, .undo, .redo, .goToBest, .recover, .hideTwin, .endRace, .testLearningRates,
            .inspect, .clearBreakpoints, .evaluate, .test, .save, .saveBest, .stop:
            [:]
        case .step(let count): ["count": .number(Double(count))]
        case .setPace(let pace): ["pace": .number(pace)]
        case .set(let name, let value): ["name": .string(name), "value": JSONTree(value)]
        case .ramp(let name, let value, let over):
            ["name": .string(name), "value": .number(value), "over": .number(Double(over))]
        case .plan(let name, let change, let step):
            [
                "name": .string(name), "change": .string(change.word), "value": change.amount,
                "at": .number(Double(step)),
            ]
        case .cancelPlan(let number): ["number": .number(Double(number))]
        case .goToStep(let step): ["step": .number(Double(step))]
        case .goToBranch(let branch), .adopt(let branch): ["branch": .number(Double(branch.number))]
        case .showTwin(let edit): edit.map { ["edit": .number(Double($0))] } ?? [:]
        case .race(let terms): terms.params
        case .onDivergence(let policy): ["policy": .string(policy.rawValue)]
        case .setPatience(let epochs): epochs.map { ["epochs": .number(Double($0))] } ?? [:]
        case .pauseWhen(let breakpoint): ["kind": .string(breakpoint.word), "number": .number(breakpoint.number)]
        }
    }
}

extension JSONTree {
    /// A hyperparameter's value.
    init(_ value: SettingValue) {
        self =
            switch value {
            case .number(let number): .number(number)
            case .flag(let isOn): .flag(isOn)
            case .choice(let name): .string(name)
            }
    }
}

extension RaceTerms {
    /// The values of one hyperparameter as a list, of several as the entrants' lists.
    fileprivate var params: JSONTree {
        var params: [String: JSONTree] = [:]
        if names.count == 1 {
            params = ["name": .string(names[0]), "values": .list(entrants.map { JSONTree($0[0]) })]
        } else {
            params["names"] = .list(names.map { .string($0) })
            params["entrants"] = .list(entrants.map { .list($0.map { JSONTree($0) }) })
        }
        if let halvesEvery { params["halves_every"] = .number(Double(halvesEvery)) }
        return .object(params)
    }
}

extension ValueChange {
    fileprivate var word: String {
        switch self {
        case .value: "value"
        case .times: "times"
        case .dividedBy: "divided_by"
        case .plus: "plus"
        }
    }

    fileprivate var amount: JSONTree {
        switch self {
        case .value(let value): JSONTree(value)
        case .times(let number), .dividedBy(let number), .plus(let number): .number(number)
        }
    }

    init(_ plan: Members) throws(WireError) {
        switch try plan.string("change") {
        case "value": self = .value(try plan.setting("value"))
        case "times": self = .times(try plan.number("value"))
        case "divided_by": self = .dividedBy(try plan.number("value"))
        case "plus": self = .plus(try plan.number("value"))
        default: throw plan.wrong("change", "value, times, divided_by or plus")
        }
    }
}

extension Breakpoint {
    fileprivate var word: String {
        switch self {
        case .lossAbove: "loss_above"
        case .lossBelow: "loss_below"
        case .epoch: "epoch"
        case .step: "step"
        case .validationLossRises: "validation_rises"
        }
    }

    fileprivate var number: Double {
        switch self {
        case .lossAbove(let loss), .lossBelow(let loss): loss
        case .epoch(let number), .step(let number), .validationLossRises(let number): Double(number)
        }
    }

    /// A breakpoint; nil for a kind of a later version.
    package init?(_ members: Members) throws(WireError) {
        switch try members.string("kind") {
        case "loss_above": self = .lossAbove(try members.number("number"))
        case "loss_below": self = .lossBelow(try members.number("number"))
        case "epoch": self = .epoch(try members.count("number"))
        case "step": self = .step(try members.count("number"))
        case "validation_rises": self = .validationLossRises(times: try members.count("number", from: 1))
        default: return nil
        }
    }
}
