import Canvas
import Testing
import TrainProtocol
import Wording

@testable import Dashboard
@testable import RunModel

@Suite("Branches")
struct BranchTests {
    private var run = FakeRun()
    private var state = FakeRun.state()
    private let halved = Edit(number: 1, name: "learning_rate", old: 0.01, new: 0.005, step: 700)

    private mutating func train(to step: Int) { state.receive(run.advance(to: step)) }

    /// 700 steps, the learning rate halved, 600 more, and the edit taken back.
    private mutating func editAndUndo() {
        train(to: 700)
        state.receive(run.news(events: run.edit(halved)))
        train(to: 1300)
        var news = run.move(.undo(halved), to: 2, at: 700)
        news.events.append(.hyperparameters(FakeRun.hyperparameters))
        state.receive(news)
    }

    private func notes(_ state: DashboardState) -> [String] {
        state.log.entries.indices.compactMap { index in
            guard case .moved = state.log.entries[index].kind else { return nil }
            let lines = StoryLine(state, index...index).rows(80, .braille).map { $0.map(\.text).joined() }
            return "@\(state.log.entries[index].step) " + lines.joined(separator: " | ")
        }
    }

    @Test("An undo takes the run, its values and its best back to before the edit, and is told as a story")
    mutating func undo() {
        train(to: 686)
        let best = state.history.bestEvaluation
        editAndUndo()
        #expect(state.step == 700)
        #expect(state.history.series.lastStep == 700)
        #expect(state.controls[0].value == 0.01)
        #expect(state.history.bestEvaluation == best)
        let told = "@1300 undo 1 learning rate 0.01 → 0.005, back to @700  branch 1 left"
        #expect(notes(state) == [told])
        #expect(state.view.notice?.text == "undo: back to step 700, before learning rate 0.01 → 0.005")
        #expect(state.run.edits == [])
        #expect(state.log.entries.contains { $0.kind == .edit(halved, on: .first) })
    }

    @Test("A redo brings the edit and what came of it back")
    mutating func redo() {
        editAndUndo()
        state.receive(run.move(.redo, to: 1, at: 1300, isNew: false))
        #expect(state.history.series.lastStep == 1300)
        #expect(notes(state).last == "@700 redo, on to @1300  branch 2 left")
        #expect(state.run.edits == [halved])
    }

    @Test("What is told of jumps, of a branch chosen and of a rewind")
    mutating func stories() {
        train(to: 400)
        state.receive(run.move(.step, to: 2, at: 350))
        train(to: 390)
        state.receive(run.move(.best, to: 3, at: 343))
        state.receive(run.move(.branch, to: 2, at: 390, isNew: false))
        state.receive(run.move(.divergence(reason: "the loss is nan at step 391"), to: 4, at: 340))
        #expect(
            notes(state) == [
                "@400 back to @350  branch 1 left",
                "@390 back to the best, @343, val 2.1519  branch 2 left",
                "@343 on with branch 2 at @390  branch 3 left",
                "@390 back to @340: the loss is nan at step 391  branch 2 left",
            ])
    }

    @Test("Going back to a step takes back the edits made there, too")
    mutating func stepOfAnEdit() {
        train(to: 700)
        state.receive(run.news(events: run.edit(halved)))
        train(to: 800)
        state.receive(run.move(.step, to: 2, at: 700))
        #expect(state.run.edits == [])
    }

    @Test("Samples of a branch that begins in the same news are its own, whatever the order")
    mutating func sameNews() {
        train(to: 100)
        var news = run.move(.step, to: 2, at: 50)
        let more = run.advance(to: 60)
        news.samples = more.samples
        news.progress = more.progress
        state.receive(news)
        #expect(state.history.series.lastStep == 60)
        #expect(state.history.branches[.first]?.samples.first?.firstStep == 51)
    }

    @Test("After a change of optimizer the list is another one, the selection stays, and edits of old ones keep names")
    mutating func otherOptimizer() {
        state.press(.down, .down, .down, .down)
        let beta = Edit(number: 1, name: "beta_1", old: 0.9, new: 0.95, step: 0)
        let optimizer = Hyperparameter(
            name: "optimizer", title: "optimizer", role: .optimizer, kind: .choice(["nadam", "sgd"]),
            value: .choice("sgd"))
        let rest = FakeRun.hyperparameters.filter { !["beta_1", "nesterov"].contains($0.name) }
        state.receive(run.news(events: run.edit(beta) + [.hyperparameters([optimizer] + rest)]))
        #expect(state.controls.map(\.name).prefix(2) == ["optimizer", "learning_rate"])
        #expect(state.selectedControl.map { state.controls[$0].name } == "learning_rate")
        #expect(state.words(of: beta).title == "beta 1")
        #expect(
            state.words(
                of: Edit(number: 2, name: "optimizer", old: .choice("nadam"), new: .choice("sgd"), step: 0)
            ).values == "nadam → sgd")
        state.press(.up)
        #expect(state.press(.character("+")) == [.send(.set("optimizer", .choice("nadam")), RequestID(1))])
    }

    @Test("A ramp moves the value shown as the engine tells where it stands")
    mutating func ramp() {
        train(to: 100)
        let ramp = Edit(number: 1, name: "learning_rate", old: 0.01, new: 0.0001, over: 200, step: 100)
        state.receive(run.news(events: run.edit(ramp)))
        #expect(state.controls[0].value == 0.01)
        var news = run.advance(to: 200)
        news.progress.ramps = [
            RampProgress(name: "learning_rate", value: 0.001, target: 0.0001, stepsLeft: 100)
        ]
        state.receive(news)
        #expect(state.controls[0].value == 0.001)
        #expect(state.controls[0].ramp?.target == 0.0001)
        train(to: 300)
        #expect(state.controls[0].ramp == nil)
    }

    @Test("A twin is measured over the same steps, what comes of it is said in words, and its last word stays")
    mutating func twin() {
        train(to: 700)
        let twin = Twin(branch: BranchID(2), withoutEdit: 1)
        let without = run.lineage.forked(as: BranchID(2), at: Moment(step: 700, edits: 0))
        state.receive(run.news(events: run.edit(halved) + [.branched(without), .twin(twin)]))
        func words() -> String? {
            let last = state.log.entries.count - 1
            return StoryLine(state, last...last).outcomes.first.map { $0.map(\.text).joined() }
        }
        #expect(words() == nil)
        var news = run.advance(to: 1000)
        news.samples += news.samples.map { sample in
            let loss = Fold(Float(sample.loss.mean!) + 0.25)
            return Sample(branch: BranchID(2), firstStep: sample.firstStep, loss: loss, metrics: MetricFolds([loss]))
        }
        news.events.append(.evaluated(Evaluation(branch: BranchID(2), step: 686, loss: 1, metrics: [1])))
        state.receive(news)
        #expect(state.run.effects[1]?.call == .helps)
        #expect(words() == "helps: train −0.2500000 ± 0.0000000 after 300 steps")
        state.receive(run.news(events: [.twin(nil)]))
        #expect(state.history.branches.isEmpty)
        #expect(words() == "helps: train −0.2500000 ± 0.0000000 after 300 steps")
    }
}
