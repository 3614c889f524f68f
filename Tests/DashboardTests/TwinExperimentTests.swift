import Foundation
import JobFile
import Tabular
import Testing
import TrainCore
import TrainProtocol

@testable import RunModel

/// Whether what is said of an edit is right: trainings of the built-in job with a twin, looked at every 50 steps as a
/// person looks, with seeds from 1 up. `TRAINTUI_EXPERIMENTS=200` makes 200 of each kind, as the documentation tells of.
@Suite("Twin experiments")
struct TwinExperimentTests {
    private static let count = ProcessInfo.processInfo.environment["TRAINTUI_EXPERIMENTS"].flatMap(Int.init) ?? 20
    private static let data = Result { () throws in
        let recipe = Recipe.builtin
        return try PreparedData.load(recipe.data, seed: recipe.job.seed, targetsAreClasses: false)
    }

    /// What was said at each look.
    private static func calls(
        seed: UInt64, learningRateTimes factor: Double, at start: Int, through end: Int
    ) throws -> [Comparison.Call] {
        let data = try data.get()
        var job = Recipe.builtin.job
        job.seed = seed
        job.epochs = 100
        let run = try Trainer(job, training: data.training)
        let description = RunDescription(
            title: "storms", validation: .rows(1))
        var model = RunModel(description)
        func advance(_ trainer: Trainer, to step: Int, on branch: BranchID) throws -> (
            samples: [Sample], events: [Event]
        ) {
            var (samples, events) = ([Sample](), [Event]())
            while trainer.position.step < step {
                let loss = try trainer.step().loss
                let last = trainer.position.step
                samples.append(Sample(branch: branch, firstStep: last, loss: Fold(loss)))
                guard trainer.isEpochComplete, let validation = data.validation else { continue }
                let loss2 = trainer.evaluate(on: validation).loss
                events.append(.evaluated(Evaluation(branch: branch, step: last, loss: loss2, metrics: [])))
            }
            return (samples, events)
        }
        let before = try advance(run, to: start, on: .first)
        model.take(EngineUpdate(events: before.events, samples: before.samples, progress: Progress(step: start)))
        let twin = try Trainer(job, training: data.training)
        twin.state = run.state
        let rate = run.settings.optimizer.learningRate
        try run.set("learning_rate", to: rate * factor)
        let edit = Edit(number: 1, name: "learning_rate", old: .number(rate), new: .number(rate * factor), step: start)
        let without = Lineage().forked(as: BranchID(2), at: Moment(step: start, edits: 0))
        var lineage = Lineage()
        lineage.append(edit)
        var events: [Event] = [
            .branched(without), .lineage(lineage, redo: nil), .edited(edit),
            .twin(Twin(branch: BranchID(2), withoutEdit: 1)),
        ]
        var calls: [Comparison.Call] = []
        for step in stride(from: start + 50, through: end, by: 50) {
            let mine = try advance(run, to: step, on: .first)
            let theirs = try advance(twin, to: step, on: BranchID(2))
            model.take(
                EngineUpdate(
                    events: events + mine.events + theirs.events, samples: mine.samples + theirs.samples,
                    progress: Progress(step: step)))
            events = []
            calls.append(try #require(model.effects[1]).call)
        }
        return calls
    }

    @Test("An edit too small to matter is called a difference in at most one of twenty, however often one looks")
    func tooSmall() throws {
        let called = try (1...Self.count).filter { seed in
            try Self.calls(seed: UInt64(seed), learningRateTimes: 1.001, at: 343, through: 2343)
                .contains { ![.tooEarly, .open, .same].contains($0) }
        }
        print("\(called.count) of \(Self.count) edits too small to matter were called a difference: \(called)")
        #expect(called.count * 20 <= Self.count)
    }

    @Test("Ten times the learning rate late in the run is called harmful each time, and at no look helpful")
    func harmful() throws {
        let called = try (1...Self.count).filter { seed in
            let calls = try Self.calls(seed: UInt64(seed), learningRateTimes: 10, at: 1372, through: 1722)
            return calls.last == .hurts && !calls.contains { $0 == .helps || $0 == .helpsOnlyTraining }
        }
        print("\(called.count) of \(Self.count) edits that do harm were called so")
        #expect(called.count == Self.count)
    }
}
