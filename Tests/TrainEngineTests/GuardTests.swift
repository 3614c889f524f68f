import Testing
import TrainCore
import TrainProtocol

@testable import TrainEngine

/// What a run looks out for: numbers that are not finite, and what a person asked to be told of.
@Suite("Guard and breakpoints")
struct GuardTests {
    /// A run that diverges after some steps, under a policy.
    private func diverge(under policy: DivergencePolicy) throws -> WatchedRun {
        let run = try WatchedRun(epochs: 1000, optimizer: .sgd(learningRate: 10_000)) { $0.onDivergence = policy }
        try run.wait { $0 == .state(.stopped) || $0.isDivergence }
        return run
    }

    /// The step that cannot be taken, found by a loop of one's own, and the weights before it.
    private func firstBadStep(learningRate: Double) throws -> (step: Int, weights: [Weights]) {
        let trainer = try Trainer(
            SmallRun.job(epochs: 1000, optimizer: .sgd(learningRate: learningRate)), training: SmallRun.data)
        var lossGuard = LossGuard()
        while true {
            let weights = trainer.weights
            do {
                let outcome = try trainer.step()
                if let step = lossGuard.explosion(among: [outcome.loss], after: trainer.position.step - 1) {
                    return (step, weights)
                }
            } catch {
                return (trainer.position.step + 1, weights)
            }
        }
    }

    @Test("pause waits in the last good state, at the step that is told")
    func pause() throws {
        let run = try diverge(under: .pause)
        let (step, weights) = try firstBadStep(learningRate: 10_000)
        guard case .diverged(let divergence)? = run.state, divergence.step == step else {
            Issue.record("\(String(describing: run.state)), not diverged at step \(step)")
            return
        }
        #expect(divergence.reason.contains("explodes"))
        #expect(run.progress.step == step - 1)
        _ = try run.ask(.stop).get()
        #expect(run.engine.weightsAfterStop().weights == weights)
        #expect(weights.allSatisfy { $0.values.allSatisfy(\.isFinite) })
    }

    @Test("stop ends the run in the last good state")
    func stop() throws {
        let run = try diverge(under: .stop)
        try run.wait { $0 == .state(.stopped) }
        let (step, weights) = try firstBadStep(learningRate: 10_000)
        #expect(
            run.events.contains {
                if case .state(.diverged(let divergence)) = $0 { divergence.step == step } else { false }
            })
        #expect(run.engine.weightsAfterStop().weights == weights)
    }

    @Test("rewind goes back 50 steps with half the rate, three times, and then waits")
    func rewind() throws {
        let run = try diverge(under: .rewind)
        let moves = run.events.compactMap { if case .moved(let move) = $0 { move } else { nil } }
        let edits = run.events.compactMap { if case .edited(let edit) = $0 { edit } else { nil } }
        #expect(moves.count == 3)
        #expect(edits.map(\.new) == [5000, 2500, 1250])
        for (move, edit) in zip(moves, edits) {
            guard case .divergence(let reason) = move.cause else {
                Issue.record("\(move)")
                continue
            }
            #expect(move.step == max(0, move.leftStep - 50) && edit.step == move.step)
            #expect(reason.contains("step \(move.leftStep + 1)"))
        }
        #expect(moves.first?.leftStep == (try firstBadStep(learningRate: 10_000)).step - 1)
        guard case .diverged(let divergence)? = run.state else {
            Issue.record("the state is \(String(describing: run.state))")
            return
        }
        #expect(divergence.step == run.progress.step + 1)
        _ = try run.ask(.stop).get()
        #expect(run.engine.weightsAfterStop().weights.allSatisfy { $0.values.allSatisfy(\.isFinite) })
    }

    @Test("after a person did something about it, it goes back three times again")
    func rewindAgain() throws {
        let run = try diverge(under: .rewind)
        _ = try run.ask(.set("learning_rate", 10_000)).get()
        _ = try run.ask(.resume).get()
        try run.waitUntil { $0.events.count(where: \.isDivergence) == 2 }
        #expect(run.events.count { if case .moved = $0 { true } else { false } } == 6)
    }

    @Test("a policy can be changed on the way")
    func policy() throws {
        let run = try WatchedRun(epochs: 1000)
        _ = try run.ask(.onDivergence(.stop)).get()
        #expect(run.events.contains(.watching(Watch(policy: .stop))))
        _ = try run.ask(.set("optimizer", .choice("sgd"))).get()
        _ = try run.ask(.set("learning_rate", 1e6)).get()
        try run.wait { $0 == .state(.stopped) }
    }

    /// Where a run pauses by itself.
    private func pause(at breakpoint: Breakpoint, in run: WatchedRun) throws -> Int {
        _ = try run.ask(.pause).get()
        _ = try run.ask(.goToStep(0))
        _ = try run.ask(.pauseWhen(breakpoint)).get()
        #expect(run.events.contains(.watching(Watch(breakpoints: [breakpoint]))))
        _ = try run.ask(.resume).get()
        try run.wait { if case .hit = $0 { true } else { false } }
        try run.waitUntil { $0.state == .paused }
        #expect(run.events.contains(.hit(breakpoint, at: run.progress.step)))
        return run.progress.step
    }

    @Test("pauses at a step and at an epoch's end, once")
    func stepAndEpoch() throws {
        #expect(try pause(at: .step(123), in: WatchedRun(epochs: 10_000)) == 123)
        let run = try WatchedRun(epochs: 10_000)
        #expect(try pause(at: .epoch(7), in: run) == 70)
        #expect(run.events.last { if case .watching = $0 { true } else { false } } == .watching(Watch()))
        try run.go(100)
        #expect(run.progress.step == 170)
    }

    @Test("pauses at the first loss beyond a limit")
    func losses() throws {
        let trainer = try Trainer(SmallRun.job(epochs: 10_000), training: SmallRun.data)
        var losses: [Float] = []
        for _ in 0..<1000 { losses.append(try trainer.step().loss) }
        let low = (losses.prefix(200).min()! + losses[0]) / 2
        #expect(
            try pause(at: .lossBelow(Double(low)), in: WatchedRun(epochs: 10_000))
                == losses.firstIndex { $0 < low }! + 1)
        let high = losses.max()! * 0.9
        #expect(
            try pause(at: .lossAbove(Double(high)), in: WatchedRun(epochs: 10_000))
                == losses.firstIndex { $0 > high }! + 1)
    }

    @Test("pauses when the validation loss has risen so many times in a row")
    func rises() throws {
        let trainer = try Trainer(
            SmallRun.job(epochs: 10_000, optimizer: .sgd(learningRate: 0.3)), training: SmallRun.data)
        var validations: [Double] = []
        while !(validations.count > 2 && validations.suffix(3) == validations.suffix(3).sorted()
            && Set(validations.suffix(3)).count == 3)
        {
            try trainer.step()
            if trainer.isEpochComplete { validations.append(trainer.evaluate(on: SmallRun.data).loss) }
        }
        let run = try WatchedRun(epochs: 10_000, optimizer: .sgd(learningRate: 0.3))
        #expect(try pause(at: .validationLossRises(times: 2), in: run) == validations.count * 10)
    }

    @Test("refuses what can never happen, and forgets all when told to")
    func refusals() throws {
        let run = try WatchedRun(epochs: 10_000, validation: false)
        try run.go(20)
        let step = run.progress.step
        for (breakpoint, reason) in [
            (Breakpoint.step(step), "step \(step) has been taken; the run is at step \(step)"),
            (.validationLossRises(times: 3), "there are no validation rows"),
            (.lossAbove(.infinity), "the loss to pause at must be a finite number"),
        ] {
            #expect(try run.ask(.pauseWhen(breakpoint)) == .failure(.init(reason: reason)))
        }
        _ = try run.ask(.pauseWhen(.step(step + 10))).get()
        _ = try run.ask(.clearBreakpoints).get()
        try run.go(20)
        #expect(run.progress.step == step + 20)
    }
}

extension Event {
    fileprivate var isDivergence: Bool { if case .state(.diverged) = self { true } else { false } }
}
