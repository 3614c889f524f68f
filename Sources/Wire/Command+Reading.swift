package import TrainProtocol

extension Command {
    /// The command that a request asks for; nil where the method is none of those that cross a wire.
    ///
    /// - Throws: where the params are not those of the method.
    package init?(_ method: String, _ params: Members) throws(WireError) {
        guard let kind = Kind(rawValue: method) else { return nil }
        switch kind {
        case .pause: self = .pause
        case .resume: self = .resume
        case .runEpoch: self = .runEpoch
        case .undo: self = .undo
        case .redo: self = .redo
        case .goToBest: self = .goToBest
        case .clearBreakpoints: self = .clearBreakpoints
        case .evaluate: self = .evaluate
        case .test: self = .test
        case .save:
            guard try params.optionalString("name") == nil else {
                throw params.wrong("name", "left out: this training saves to the file that it was told when it began")
            }
            self = .save
        case .stop: self = .stop
        case .step: self = .step(try params.optionalCount("count", from: 1) ?? 1)
        case .setPace: self = .setPace(try params.number("pace"))
        case .set: self = .set(try params.string("name"), try params.setting("value"))
        case .ramp:
            self = .ramp(
                try params.string("name"), try params.number("value"), over: try params.count("over", from: 1))
        case .plan:
            self = .plan(try params.string("name"), try ValueChange(params), at: try params.count("at"))
        case .cancelPlan: self = .cancelPlan(try params.count("number", from: 1))
        case .goToStep: self = .goToStep(try params.count("step"))
        case .goToBranch: self = .goToBranch(BranchID(try params.count("branch", from: 1)))
        case .onDivergence:
            guard let policy = DivergencePolicy(rawValue: try params.string("policy")) else {
                throw params.wrong("policy", "pause, rewind or stop")
            }
            self = .onDivergence(policy)
        case .setPatience: self = .setPatience(try params.optionalCount("epochs"))
        case .pauseWhen:
            guard let breakpoint = try Breakpoint(params) else {
                throw params.wrong("kind", "loss_above, loss_below, epoch, step or validation_rises")
            }
            self = .pauseWhen(breakpoint)
        case .showTwin: self = .showTwin(withoutEdit: try params.optionalCount("edit", from: 1))
        case .hideTwin: self = .hideTwin
        case .race: self = .race(try RaceTerms(params))
        case .adopt: self = .adopt(BranchID(try params.count("branch", from: 1)))
        case .endRace: self = .endRace
        case .testLearningRates: self = .testLearningRates
        case .recover, .inspect, .saveBest: return nil
        }
    }
}
