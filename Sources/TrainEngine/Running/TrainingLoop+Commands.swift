import TrainCore
import TrainProtocol
import Wording

/// What can be asked for, and how it is done.
extension TrainingLoop {
    func obey(_ request: Mailbox.Request) {
        do throws(Timeline.Refusal) {
            try carryOut(request.command)
            // The journal does not tell of these: only a checkpoint keeps them.
            let kept: Set<Command.Kind> = [
                .plan, .cancelPlan, .pauseWhen, .clearBreakpoints, .onDivergence, .setPatience, .showTwin, .hideTwin,
            ]
            if kept.contains(request.command.kind) { saving?.isUrgent = true }
            tell(.applied(request.id, at: trainer.position.step))
        } catch {
            tell(.refused(request.id, reason: error.description))
        }
    }

    private func carryOut(_ command: Command) throws(Timeline.Refusal) {
        let offered = isFollowing ? Capabilities.whileReplaying : .all
        if let objection = offered.objection(to: command.kind) { throw Timeline.Refusal(objection) }
        switch command {
        case .pause: try ask(.pause)
        case .resume: try ask(.resume)
        case .step(let count): try ask(.step(count))
        case .runEpoch: try ask(.runEpoch)
        case .setPace(let pace):
            if let objection = Pace.range.objection(to: pace) { throw Timeline.Refusal("pace \(objection)") }
            setPace(pace)
        case .set(let name, let value): try steer(try navigator.edit(name, to: value))
        case .ramp(let name, let value, let steps):
            guard steps > 0 else { throw Timeline.Refusal("the number of steps must be at least 1") }
            try steer(try navigator.edit(name, to: .number(value), over: steps))
        case .plan(let name, let change, let step): tell(.planned(try navigator.plan(name, change, at: step)))
        case .cancelPlan(let number):
            guard navigator.plans.remove(number) != nil else {
                throw Timeline.Refusal("there is no planned edit \(number)")
            }
            tell(.unplanned(number))
        case .undo: try steer(try navigator.undo())
        case .redo: try steer(try navigator.redo())
        case .goToStep(let step): try steer(try navigator.go(toStep: step))
        case .goToBest: try steer(try navigator.goToBest())
        case .goToBranch(let branch): try steer(try navigator.go(to: branch))
        case .recover: try recover()
        case .showTwin(let edit):
            try navigator.timeline.refuseInRace()
            if let edit, !navigator.lineage.holds(edit: edit) {
                throw Timeline.Refusal("edit \(edit) is not in force")
            }
            twinWanted = (true, edit)
            showTwin()
        case .hideTwin:
            twinWanted = (false, nil)
            endTwin()
        case .race(let terms): try steer(try navigator.race(terms))
        case .adopt(let branch): try steer(try navigator.endRace(adopting: branch))
        case .endRace: try steer(try navigator.endRace(adopting: nil))
        case .testLearningRates:
            let outbox = outbox
            trials?.cancel()
            trials = LearningRateTrials(try navigator.copyOfTrainer()) { test in
                outbox.publish { $0.add(.learningRatesTested(test)) }
            }
        case .inspect(let inspection): inspect(inspection)
        case .onDivergence(let policy):
            breakpoints.watch.policy = policy
            forgetRecoveries()
            tell(.watching(breakpoints.watch))
        case .setPatience(let epochs):
            if validation == nil { throw Timeline.Refusal("there are no validation rows") }
            if let epochs, !(0...1_000_000_000).contains(epochs) {
                throw Timeline.Refusal("the patience must be a number of epochs from 0 to 1,000,000,000")
            }
            breakpoints.watch.patience = epochs
            navigator.setPatience(epochs)
            restartEarlyStopping()
            tell(.watching(breakpoints.watch))
        case .pauseWhen(let breakpoint): try add(breakpoint)
        case .clearBreakpoints:
            breakpoints.watch.breakpoints = []
            tell(.watching(breakpoints.watch))
        case .evaluate:
            guard validation != nil else { throw Timeline.Refusal("there are no validation rows") }
            evaluate()
        case .test:
            guard options.test != nil else { throw Timeline.Refusal(Capabilities.noTestRows) }
            evaluateTest()
        case .save:
            if let reason = saveWeights(keptWeights) { throw Timeline.Refusal(reason) }
        case .saveBest:
            if let reason = saveWeights(rated(try navigator.weightsOfBest())) { throw Timeline.Refusal(reason) }
        case .stop: try ask(.stop)
        }
    }

    /// Does what somebody asked for.
    private func steer(_ entry: JournalEntry) throws(Timeline.Refusal) {
        try perform(entry)
        forgetRecoveries()
    }

    private func recover() throws(Timeline.Refusal) {
        guard case .diverged(let divergence) = state, let recovery = divergence.recovery else {
            throw Timeline.Refusal("the run has not diverged")
        }
        try recover(to: recovery, because: divergence.reason)
        forgetRecoveries()
        try ask(.resume)
    }

    // MARK: Twins

    /// Lets a twin run where one is wanted and there is an edit to do without.
    func showTwin() {
        guard twinWanted.isOn, navigator.race == nil else { return }
        endTwin()
        do throws(Timeline.Refusal) {
            let (branchTrainer, twin, lineage) = try navigator.twin(withoutEdit: twinWanted.edit)
            // Nobody but the runner touches it from here on.
            nonisolated(unsafe) let handedOver = branchTrainer
            tell(.branched(lineage))
            tell(.twin(twin))
            // The twin is known before its first steps, which it tells by itself.
            flush()
            self.twin = TwinRunner(
                twin, branchTrainer: handedOver, target: trainer.position.step, validation: validation, outbox: outbox)
        } catch {
            // There is nothing to do without yet; the next edit brings the twin.
            return
        }
    }

    /// After an edit: the twin of the last one begins anew; the twin of another one makes it too.
    func followEdit(_ edit: Edit) {
        guard twinWanted.isOn else { return }
        if twinWanted.edit != nil, let twin {
            twin.append(edit)
        } else {
            showTwin()
        }
    }

    func endTwin() {
        guard let former = twin else { return }
        former.stop()
        twin = nil
        tell(.twin(nil))
    }

    // MARK: Breakpoints

    private func add(_ breakpoint: Breakpoint) throws(Timeline.Refusal) {
        switch breakpoint {
        case .step(let step) where step <= trainer.position.step:
            throw Timeline.Refusal("step \(step) has been taken; the run is at step \(trainer.position.step)")
        case .epoch(let epoch) where epoch < trainer.position.epoch:
            throw Timeline.Refusal("epoch \(epoch) is over; this is epoch \(trainer.position.epoch)")
        case .validationLossRises(let times) where times < 1:
            throw Timeline.Refusal("the number of rises must be at least 1")
        case .validationLossRises where validation == nil:
            throw Timeline.Refusal("there are no validation rows")
        case .lossAbove(let limit) where !limit.isFinite, .lossBelow(let limit) where !limit.isFinite:
            throw Timeline.Refusal("the loss to pause at must be a finite number")
        case .step, .epoch, .validationLossRises, .lossAbove, .lossBelow:
            if !breakpoints.watch.breakpoints.contains(breakpoint) { breakpoints.watch.breakpoints.append(breakpoint) }
        }
        tell(.watching(breakpoints.watch))
    }
}

extension Capabilities {
    /// What an engine in this process can do.
    init(of options: LocalEngine.Options, isValidated: Bool) {
        var unavailable: [Command.Kind: String] = [:]
        if !isValidated {
            for kind in [Command.Kind.evaluate, .goToBest, .saveBest] { unavailable[kind] = options.validationNote }
        }
        if options.test == nil { unavailable[.test] = Self.noTestRows }
        if options.save == nil {
            for kind in [Command.Kind.save, .saveBest] { unavailable[kind] = "no file to save to" }
        }
        self.init(unavailable: unavailable)
    }

    static let noTestRows = "there are no test rows; test_fraction in [data] keeps some"

    /// What can be asked of a run while a journal decides what happens.
    static let whileReplaying = Capabilities(
        only: [
            .pause, .resume, .step, .runEpoch, .setPace, .showTwin, .hideTwin, .testLearningRates, .inspect,
            .onDivergence, .setPatience, .pauseWhen, .clearBreakpoints, .evaluate, .test, .save, .saveBest, .stop,
        ],
        reason: "the run follows its journal; at the journal's end it can be steered")
}
