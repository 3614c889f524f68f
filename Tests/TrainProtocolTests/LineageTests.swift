import RandomTesting
import Testing
import TrainProtocol

@Suite("A lineage")
struct LineageTests {
    private let edits = [5, 10, 10, 20].enumerated().map { index, step in
        Edit(number: index + 1, name: "learning_rate", old: 0.01, new: 0.02, step: step)
    }
    private var run: Lineage { Lineage(segments: [.init(branch: .first, end: .end)], edits: edits) }

    @Test("a fork has the edits of its moment and no more")
    func fork() {
        let fork = run.forked(as: BranchID(2), at: Moment(step: 10, edits: 2))
        #expect(fork.edits.map(\.number) == [1, 2])
        #expect(fork.fork == Moment(step: 10, edits: 2))
        #expect(fork.branch == BranchID(2))
        #expect(fork.holds(.first, at: 10) && !fork.holds(.first, at: 11) && fork.holds(BranchID(2), at: 11))
        #expect(fork.holds(edit: 2) && !fork.holds(edit: 3))
        #expect(fork.continued(on: .first)?.edits.map(\.number) == [1, 2])
        #expect(fork.continued(on: BranchID(7)) == nil)
        #expect(fork.commonSteps(with: fork) == .max)
    }

    @Test("a fork of a fork before it began leaves it out")
    func earlierFork() {
        let fork = run.forked(as: BranchID(2), at: Moment(step: 10, edits: 2))
            .forked(as: BranchID(3), at: Moment(step: 7, edits: 1))
        #expect(fork.segments.map(\.branch.number) == [1, 3])
        #expect(fork.steps(of: 0) == 1...7)
        #expect(fork.steps(of: 1) == 8...Int.max)
    }

    @Test("a fork after the last step there can be has no steps of its own")
    func latestFork() {
        let fork = run.forked(as: BranchID(2), at: Moment(step: .max, edits: 4))
        #expect(fork.steps(of: 0) == 1...Int.max)
        #expect(fork.steps(of: 1) == nil)
        #expect(fork.commonSteps(with: run) == .max)
    }

    @Test("what two lineages have in common is what a list of the branches of each step says", arguments: 1...100)
    func common(seed: UInt64) {
        var random = SplitMix(state: seed)
        func below(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
        var known = [Lineage()]
        for branch in 2..<8 {
            let from = known[below(known.count)]
            let step = from.fork.step + below(10)
            known.append(from.forked(as: BranchID(branch), at: Moment(step: step, edits: 0)))
        }
        func branches(_ lineage: Lineage) -> [BranchID] {
            (1...100).map { step in lineage.segments.first { step <= $0.end.step }!.branch }
        }
        for left in known {
            for right in known where left != right {
                let common = zip(branches(left), branches(right)).prefix { $0 == $1 }.count
                #expect(left.commonSteps(with: right) == common)
            }
        }
    }
}

@Suite("Words of the protocol")
struct ProtocolTests {
    @Test("capabilities tell what is not offered, with the reason")
    func capabilities() {
        let only = Capabilities(only: [.pause, .resume], reason: "it only watches")
        #expect(only.allows(.pause) && !only.allows(.undo))
        #expect(only.objection(to: .undo) == "it only watches")
        let both = Capabilities(unavailable: [.undo: "no way back", .save: "no file"]).restricted(by: only)
        #expect(both.objection(to: .undo) == "it only watches")
        #expect(both.objection(to: .save) == "it only watches")
        #expect(Capabilities.all.allows(.undo))
    }

    @Test("every command has a kind of its own")
    func kinds() {
        let commands: [Command] = [
            .pause, .resume, .step(1), .runEpoch, .setPace(1), .set("x", 1), .ramp("x", 1, over: 2),
            .plan("x", .times(2), at: 3), .cancelPlan(1), .undo, .redo, .goToStep(1), .goToBest, .goToBranch(.first),
            .recover, .showTwin(withoutEdit: nil), .hideTwin, .race("x", []), .adopt(.first), .endRace,
            .testLearningRates, .inspect(.worstRows), .onDivergence(.pause), .setPatience(3), .pauseWhen(.step(1)),
            .clearBreakpoints,
            .evaluate, .test, .save, .saveBest, .stop,
        ]
        #expect(Set(commands.map(\.kind)) == Set(Command.Kind.allCases))
        #expect(commands.count == Command.Kind.allCases.count)
    }

    @Test("a factor changes numbers and nothing else")
    func changes() {
        #expect(ValueChange.times(2).applied(to: 0.01) == 0.02)
        #expect(ValueChange.dividedBy(3).applied(to: 0.01) == .number(0.003333))
        #expect(ValueChange.plus(5).applied(to: 5) == 10)
        #expect(ValueChange.times(2).applied(to: .choice("adam")) == .choice("adam"))
        #expect(ValueChange.value(.flag(true)).applied(to: .flag(false)) == .flag(true))
    }

    @Test("folds of several metrics merge each with its own")
    func folds() {
        var sample = Sample(firstStep: 1, loss: Fold(2), metrics: MetricFolds([Fold(1), Fold(10)]), learningRate: 0.1)
        sample.merge(
            Sample(firstStep: 2, loss: Fold(4), metrics: MetricFolds([Fold(3), Fold(30)]), learningRate: 0.2))
        #expect(sample.steps == 2 && sample.loss.mean == 3 && sample.learningRate == 0.2)
        #expect(sample.metrics.map(\.mean) == [2, 20])
    }

    @Test("what is left is reckoned with the rate to expect, and unknown where something is")
    func timeLeft() {
        var progress = Progress(
            step: 10, epoch: 1, stepInEpoch: 10, stepsPerEpoch: 100, epochs: 2, expectedStepsPerSecond: 10)
        #expect(progress.totalSteps == 200)
        #expect(progress.secondsLeft == 19)
        progress.expectedStepsPerSecond = nil
        #expect(progress.secondsLeft == nil)
        progress.epochs = nil
        #expect(progress.totalSteps == nil)
        progress = Progress(step: 1, epoch: 1, stepInEpoch: 1, stepsPerEpoch: .max, epochs: 5)
        #expect(progress.totalSteps == .max)
    }
}
