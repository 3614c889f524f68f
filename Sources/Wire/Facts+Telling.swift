package import TrainProtocol
import Wording

// What a training tells, as the objects that it is told in: the other way round is in Facts+Wire.swift.

extension JSONTree {
    /// A whole number.
    package init(count: Int) { self = .number(Double(count)) }

    /// A number, null where there is none.
    package init(_ number: Double?) { self = number.map { .number($0) } ?? .null }

    /// A count, null where there is none.
    package init(count: Int?) { self = count.map { JSONTree(count: $0) } ?? .null }

    /// The members of an object with others added; a value that is no object is nothing.
    package func adding(_ others: [String: JSONTree]) -> JSONTree {
        guard case .object(let members) = self else { return .object(others) }
        return .object(members.merging(others) { $1 })
    }
}

extension RunDescription {
    /// As it is told.
    package var told: JSONTree {
        [
            "title": .string(title), "model": .string(model), "weights": JSONTree(count: weights),
            "optimizer": .string(optimizer), "seed": seed.map { .string("\($0)") } ?? .null, "loss": .string(loss),
            "validated": .flag(isValidated),
            "metrics": .list(
                metrics.map { ["name": .string($0.name), "higher_is_better": .flag($0.higherIsBetter)] }),
        ]
    }
}

extension Capabilities {
    /// As they are told.
    package var told: JSONTree {
        let reasons = unavailable.map { ($0.key.rawValue, JSONTree.string($0.value)) }
        return [
            "methods": .list(
                Command.Kind.allCases.filter { allows($0) }.map { .string($0.rawValue) }),
            "reasons": .object(Dictionary(reasons) { $1 }), "loss": ["kind": "batch"],
        ]
    }
}

extension Hyperparameter {
    /// As it is told.
    package var told: JSONTree {
        var members: [String: JSONTree] = [
            "name": .string(name), "title": .string(title), "value": JSONTree(value), "applies": "next_step",
        ]
        if let role { members["role"] = .string(role.rawValue) }
        switch kind {
        case .number(let range, let unit):
            members["range"] = range.told
            if !unit.isEmpty { members["unit"] = .string(unit) }
        case .flag: break
        case .choice(let names): members["choices"] = .list(names.map { .string($0) })
        }
        return .object(members)
    }
}

extension NumberRange {
    fileprivate var told: JSONTree {
        var members: [String: JSONTree] = [:]
        if isWhole {
            members = ["kind": "whole", "from": .number(least)]
        } else if least == 0, !includesLeast {
            members = ["kind": "positive"]
        } else if least == 0, greatest == 1, !includesGreatest {
            members = ["kind": "below_one"]
        } else if least == 0 {
            members = ["kind": "not_negative"]
        } else {
            members = ["kind": "any", "from": .number(least)]
        }
        if greatest < (isWhole ? 0x1p53 : .greatestFiniteMagnitude) { members["to"] = .number(greatest) }
        return .object(members)
    }
}

extension Edit {
    /// As it is told.
    package var told: JSONTree {
        [
            "number": JSONTree(count: number), "name": .string(name), "old": JSONTree(old), "new": JSONTree(new),
            "step": JSONTree(count: step), "over": JSONTree(count: over),
        ]
    }
}

extension Lineage {
    /// As it is told.
    package var told: JSONTree {
        let last = segments.count - 1
        return [
            "segments": .list(
                segments.enumerated().map { index, segment in
                    let branch: [String: JSONTree] = ["branch": JSONTree(count: segment.branch.number)]
                    guard index < last else { return .object(branch) }
                    return JSONTree.object(branch).adding([
                        "step": JSONTree(count: segment.end.step), "edits": JSONTree(count: segment.end.edits),
                    ])
                }),
            "edits": .list(edits.map(\.told)),
        ]
    }
}

extension Move {
    /// As it is told.
    package var told: JSONTree {
        var members: [String: JSONTree] = [
            "left": JSONTree(count: left.number), "left_step": JSONTree(count: leftStep),
            "branch": JSONTree(count: branch.number), "step": JSONTree(count: step),
        ]
        switch cause {
        case .undo(let edit): (members["cause"], members["edit"]) = ("undo", edit.told)
        case .redo: members["cause"] = "redo"
        case .step: members["cause"] = "step"
        case .best: members["cause"] = "best"
        case .branch: members["cause"] = "branch"
        case .adoption: members["cause"] = "adoption"
        case .divergence(let reason): (members["cause"], members["reason"]) = ("divergence", .string(reason))
        }
        return .object(members)
    }
}

extension PlannedEdit {
    /// As it is told.
    package var told: JSONTree {
        let params = Command.plan(name, change, at: step).params
        return params.adding(["number": JSONTree(count: number)])
    }
}

extension Breakpoint {
    /// As it is told.
    package var told: JSONTree { Command.pauseWhen(self).params }
}

extension Watch {
    /// As it is told.
    package var told: JSONTree {
        ["policy": .string(policy.rawValue), "breakpoints": .list(breakpoints.map(\.told))]
    }
}

extension RunState {
    /// As it is told; nil for what only the other side says of a training.
    package var told: JSONTree? {
        switch self {
        case .training, .replaying: return ["name": "training"]
        case .paused: return ["name": "paused"]
        case .evaluating: return ["name": "evaluating"]
        case .done: return ["name": "done"]
        case .racing: return ["name": "racing"]
        case .stopped: return ["name": "stopped"]
        case .diverged(let divergence):
            return [
                "name": "diverged", "step": JSONTree(count: divergence.step), "reason": .string(divergence.reason),
            ]
        case .connecting, .lost: return nil
        }
    }
}

extension EpochReport {
    /// As it is told.
    package var told: JSONTree {
        [
            "branch": JSONTree(count: branch.number), "epoch": JSONTree(count: epoch), "step": JSONTree(count: step),
            "mean_loss": .number(meanLoss), "metrics": .list(metrics.map { .number($0) }),
            "learning_rate": JSONTree(learningRate),
        ]
    }
}

extension Evaluation {
    /// As it is told.
    package var told: JSONTree {
        [
            "branch": JSONTree(count: branch.number), "step": JSONTree(count: step), "loss": .number(loss),
            "metrics": .list(metrics.map { .number($0) }),
        ]
    }
}

extension Progress {
    /// As it is told.
    package var told: JSONTree {
        [
            "step": JSONTree(count: step), "epoch": JSONTree(count: epoch),
            "step_in_epoch": JSONTree(count: stepInEpoch), "steps_per_epoch": JSONTree(count: stepsPerEpoch),
            "epochs": JSONTree(count: epochs), "batch_size": JSONTree(count: batchSize), "rows": JSONTree(count: rows),
            "mean_loss": JSONTree(meanLoss), "metrics": .list(metrics.map { JSONTree($0) }),
            "learning_rate": JSONTree(learningRate), "pace": .number(pace), "seconds": .number(trainingSeconds),
            "steps_per_second": JSONTree(stepsPerSecond),
            "ramps": .list(
                ramps.map {
                    [
                        "name": .string($0.name), "value": .number($0.value), "target": .number($0.target),
                        "steps_left": JSONTree(count: $0.stepsLeft),
                    ]
                }),
        ]
    }
}

extension RecentLosses {
    /// As they are told.
    package var told: JSONTree {
        ["last": JSONTree(count: lastStep), "losses": .list(losses.map { .number(Double($0)) })]
    }
}

extension Sample {
    /// Samples as messages tell them, folded: those of a branch that follow one another in one.
    package static func told(_ samples: [Sample]) -> [JSONTree] {
        var messages: [JSONTree] = []
        var rest = samples[...]
        while let first = rest.first {
            var next = first.firstStep
            let run = rest.prefix { sample in
                guard sample.branch == first.branch, sample.firstStep == next,
                    sample.metrics.count == first.metrics.count
                else { return false }
                next = sample.lastStep + 1
                return true
            }
            rest = rest.dropFirst(run.count)
            messages.append([
                "branch": JSONTree(count: first.branch.number), "first": JSONTree(count: first.firstStep),
                "steps": .list(run.map { JSONTree(count: $0.steps) }), "folds": .list(run.map(\.loss.told)),
                "metrics": .list(
                    first.metrics.indices.map { index in .list(run.map { $0.metrics[index].told }) }),
                "rates": .list(run.map { JSONTree($0.learningRate.map { Double($0) }) }),
            ])
        }
        return messages
    }
}

extension Fold {
    /// `[count, min, max, sum, squares, not_finite]`.
    fileprivate var told: JSONTree {
        let isEmpty = count == notFinite
        return .list([
            JSONTree(count: count), isEmpty ? .null : .number(Double(min)), isEmpty ? .null : .number(Double(max)),
            .number(sum), .number(squares), JSONTree(count: notFinite),
        ])
    }
}
