internal import TrainCore
internal import Wording

/// What can be asked for, and how it is done.
extension TrainingLoop {
    func obey(_ request: Mailbox.Request) {
        do throws(Course.Refusal) {
            try carryOut(request)
            tell(.applied(request.id, at: trainer.position.step))
        } catch {
            tell(.refused(request.id, reason: error.reason))
        }
    }

    private func carryOut(_ request: Mailbox.Request) throws(Course.Refusal) {
        if let objection = objectionOfJournal(to: request.command) { throw Course.Refusal(objection) }
        switch request.command {
        case .pause:
            if state == .training || state == .racing { enter(.paused) }
        case .resume:
            try refuseWhenDone()
            go()
        case .step(let count):
            guard count > 0 else { throw Course.Refusal("the number of steps must be at least 1") }
            try refuseWhenDone()
            go(steps: count)
        case .runEpoch:
            try refuseWhenDone()
            go(throughEpoch: true)
        case .set(Pace.name, let value):
            try setPace(value, for: request.id)
        case .set(let name, let value):
            try edit(name, to: value, for: request.id)
        case .ramp(Pace.name, _, _):
            throw Course.Refusal("pace cannot be changed step by step")
        case .ramp(let name, let value, let steps):
            guard steps > 0 else { throw Course.Refusal("the number of steps must be at least 1") }
            try edit(name, to: value, over: steps, for: request.id)
        case .plan(let name, let change, let step):
            try course.plan(name, change, at: step)
        case .cancelPlan(let number):
            try course.cancelPlan(number)
        case .undo:
            try move { () throws(Course.Refusal) in try course.undo(request: request.id) }
        case .redo:
            try move { () throws(Course.Refusal) in try course.redo(request: request.id) }
        case .goToStep(let step):
            try move { () throws(Course.Refusal) in try course.go(toStep: step, request: request.id) }
        case .goToBest:
            try move { () throws(Course.Refusal) in try course.goToBest(request: request.id) }
        case .goToBranch(let branch):
            try move { () throws(Course.Refusal) in try course.go(to: branch, request: request.id) }
        case .showTwin(let edit):
            try course.refuseInRace()
            if let edit, !course.walker.trail.contains(where: { $0.number == edit }) {
                throw Course.Refusal("edit \(edit) is not in force")
            }
            twinWanted = (true, edit)
            showTwin()
        case .hideTwin:
            twinWanted = (false, nil)
            endTwin()
        case .race(let name, let values):
            guard name != Pace.name else { throw Course.Refusal("branches do not differ in pace") }
            flush()
            try course.beginRace(name, values)
            // Branches are known before their first steps.
            flush()
            endTwin()
            go()
        case .adopt(let branch):
            try endRace(adopting: branch, for: request.id)
        case .endRace:
            try endRace(adopting: nil, for: request.id)
        case .testLearningRates:
            let outbox = outbox
            sweep?.cancel()
            sweep = LearningRateSweep(try course.copyOfTrainer()) { test in
                outbox.publish { $0.add(.learningRatesTested(test)) }
            }
        case .onDivergence(let policy):
            lookout.watch.policy = policy
            lookout.rewinds = 0
            tell(.watching(lookout.watch))
        case .pauseWhen(let breakpoint):
            try add(breakpoint)
        case .clearBreakpoints:
            lookout.watch.breakpoints = []
            tell(.watching(lookout.watch))
        case .evaluate:
            guard validation != nil else { throw Course.Refusal("there are no validation rows") }
            evaluate()
        case .save:
            if let reason = saveWeights() { throw Course.Refusal(reason) }
        case .stop:
            enter(.stopped)
        }
    }

    private func refuseWhenDone() throws(Course.Refusal) {
        if state == .done {
            throw Course.Refusal("all \(trainer.settings.epochs) epochs are done; raise epochs to go on")
        }
    }

    // MARK: Edits

    private func setPace(_ value: Double, for id: RequestID) throws(Course.Refusal) {
        if let objection = Pace.range.objection(to: value) { throw Course.Refusal("\(Pace.name) \(objection)") }
        let old = pacer.stepsPerSecond
        pacer.stepsPerSecond = value
        tell(
            .changed(
                HyperparameterChange(
                    request: id, name: Pace.name, old: old, new: value, step: trainer.position.step)))
    }

    private func edit(_ name: String, to value: Double, over steps: Int = 0, for id: RequestID) throws(Course.Refusal) {
        let wasComplete = trainer.isEpochComplete
        try course.edit(name, to: value, over: steps, request: id)
        lookout.rewinds = 0
        followEdit()
        // More epochs are more to do.
        if state == .done, !trainer.isComplete { go() }
        // Fewer epochs, or a batch for which too few rows are left, may be the end of the epoch or of the run.
        if trainer.isEpochComplete, !wasComplete { endEpoch() }
        if trainer.isComplete, state == .training || state == .paused { enter(.done) }
    }

    // MARK: Moves

    /// Goes elsewhere with all steps told before and all that follows the run led there.
    private func move(_ go: () throws(Course.Refusal) -> Void) throws(Course.Refusal) {
        flush()
        try go()
        lookout.rewinds = 0
        comeFromElsewhere()
    }

    /// They train beside the run no more.
    func forgetOthers(_ branches: [BranchID]) {
        outbox.publish { news in for branch in branches { news.forget(branch) } }
    }

    private func endRace(adopting branch: BranchID?, for id: RequestID) throws(Course.Refusal) {
        let wasRacing = state == .racing
        let branches = course.track?.race.entrants.map(\.branch) ?? []
        try course.endRace(adopting: branch, request: id)
        forgetOthers(branches)
        comeFromElsewhere()
        if trainer.isComplete { enter(.done) } else if wasRacing { go() }
    }

    // MARK: Twins

    /// Lets a twin run where one is wanted and there is an edit to do without.
    func showTwin() {
        guard twinWanted.isOn, course.track == nil else { return }
        endTwin()
        do throws(Course.Refusal) {
            let (walker, edit, branch) = try course.twin(withoutEdit: twinWanted.edit)
            let twin = Twin(branch: branch.id, withoutEdit: edit.number)
            nonisolated(unsafe) let handedOver = walker
            tell(.branched(branch))
            tell(.twin(twin))
            // The twin is known before its first steps, which it tells by itself.
            flush()
            self.twin = TwinRunner(
                twin, walker: handedOver, target: trainer.position.step, validation: validation, outbox: outbox)
        } catch {
            // There is nothing to do without yet; the next edit brings the twin.
            return
        }
    }

    /// After an edit: the twin of the last one begins anew; the twin of another one makes it too.
    func followEdit() {
        guard twinWanted.isOn else { return }
        if twinWanted.edit != nil, let twin, let edit = course.walker.trail.last {
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

    private func add(_ breakpoint: Breakpoint) throws(Course.Refusal) {
        switch breakpoint {
        case .step(let step) where step <= trainer.position.step:
            throw Course.Refusal("step \(step) has been taken; the run is at step \(trainer.position.step)")
        case .epoch(let epoch) where epoch < trainer.position.epoch:
            throw Course.Refusal("epoch \(epoch) is over; this is epoch \(trainer.position.epoch)")
        case .validationLossRises(let times) where times < 1:
            throw Course.Refusal("the number of rises must be at least 1")
        case .validationLossRises where validation == nil:
            throw Course.Refusal("there are no validation rows")
        case .lossAbove(let limit) where !limit.isFinite, .lossBelow(let limit) where !limit.isFinite:
            throw Course.Refusal("the loss to pause at must be a finite number")
        case .step, .epoch, .validationLossRises, .lossAbove, .lossBelow:
            if !lookout.watch.breakpoints.contains(breakpoint) { lookout.watch.breakpoints.append(breakpoint) }
        }
        tell(.watching(lookout.watch))
    }
}
