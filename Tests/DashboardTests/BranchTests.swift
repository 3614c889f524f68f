import Canvas
import Testing
import TrainCore
import TrainEngine
import Wording

@testable import Dashboard

@Suite("Branches")
struct BranchTests {
    private var run = FakeRun()
    private var state = FakeRun.state()
    private let halved = HyperparameterChange(
        number: 1, request: nil, name: "learning_rate", old: 0.01, new: 0.005, step: 700)

    private mutating func train(to step: Int) { state.receive(run.advance(to: step)) }

    /// 700 steps, the learning rate halved, 600 more, and the edit taken back.
    private mutating func editAndUndo() {
        train(to: 700)
        state.receive(run.bulletin(events: [.changed(halved)]))
        train(to: 1300)
        var news = run.move(.undo(halved), to: 2, at: 700)
        news.events.append(.hyperparameters(FakeRun.description.hyperparameters))
        state.receive(news)
    }

    private func notes(_ state: DashboardState) -> [String] {
        state.ledger.entries.compactMap { entry in
            if case .move(let title, let left) = entry.kind { "@\(entry.step) \(title) | \(left)" } else { nil }
        }
    }

    @Test("An undo takes the run, its values and its best back to before the edit, and is told as a story")
    mutating func undo() {
        train(to: 686)
        let best = state.history.bestEvaluation
        editAndUndo()
        #expect(state.step == 700)
        #expect(state.history.series.lastStep == 700)
        #expect(state.knobs[0].value == 0.01)
        #expect(state.history.bestEvaluation == best)
        let told = "@1300 undo: back to step 700, before learning rate 0.01 → 0.005 | branch 1 left at step 1,300"
        #expect(notes(state) == [told])
        #expect(state.notice?.text == "undo: back to step 700, before learning rate 0.01 → 0.005")
        let edits = state.ledger.appliedEdits
        #expect(edits.map { state.history.way.holds(edit: $0.edit.number, on: $0.edit.branch, at: $0.step) } == [false])
    }

    @Test("A redo brings the edit and what came of it back")
    mutating func redo() {
        editAndUndo()
        state.receive(run.move(.redo, to: 1, at: 1300, isNew: false))
        #expect(state.history.series.lastStep == 1300)
        #expect(notes(state).last == "@700 redo: forward to step 1,300 | branch 2 left at step 700")
        let edits = state.ledger.appliedEdits
        #expect(edits.map { state.history.way.holds(edit: $0.edit.number, on: $0.edit.branch, at: $0.step) } == [true])
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
                "@400 went back to step 350 | branch 1 left at step 400",
                "@390 went back to step 343 of best validation 2.1519 | branch 2 left at step 390",
                "@343 went on with branch 2 at step 390 | branch 3 left at step 343",
                "@390 rewound to step 340: the loss is nan at step 391 | branch 2 left at step 390",
            ])
    }

    @Test("Going back to a step takes back the edits made there, too")
    mutating func stepOfAnEdit() {
        train(to: 700)
        state.receive(run.bulletin(events: [.changed(halved)]))
        train(to: 800)
        state.receive(run.move(.step, to: 2, at: 700))
        #expect(!state.history.way.holds(edit: 1, on: .first, at: 700))
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
        #expect(state.history.asides[.first]?.samples.first?.firstStep == 51)
    }

    @Test("After a change of optimizer the list is another one, the selection stays, and edits of old ones keep names")
    mutating func otherOptimizer() {
        state.press(.down, .down, .down, .down)
        let beta = HyperparameterChange(number: 1, request: nil, name: "beta_1", old: 0.9, new: 0.95, step: 0)
        let optimizer = Hyperparameter(
            name: "optimizer", title: "optimizer", value: 1, range: .whole(from: 0, to: 1), choices: ["nadam", "sgd"])
        let rest = FakeRun.description.hyperparameters.filter { !["beta_1", "nesterov"].contains($0.name) }
        state.receive(run.bulletin(events: [.changed(beta), .hyperparameters([optimizer] + rest)]))
        #expect(state.knobs.map(\.name).prefix(2) == ["optimizer", "learning_rate"])
        #expect(state.selectedKnob.map { state.knobs[$0].name } == "learning_rate")
        #expect(state.words(of: "beta_1", from: 0.9, to: 0.95, over: 0).title == "beta 1")
        #expect(state.words(of: "optimizer", from: 0, to: 1, over: 0).values == "nadam → sgd")
        state.press(.up)
        #expect(state.press(.character("+")) == [.send(.set("optimizer", 0), RequestID(1))])
    }

    @Test("A ramp moves the value shown step by step, geometrically, and is on its way again after an undo into it")
    mutating func ramp() {
        train(to: 100)
        let ramp = HyperparameterChange(
            number: 1, request: nil, name: "learning_rate", old: 0.01, new: 0.0001, over: 200, step: 100)
        state.receive(run.bulletin(events: [.changed(ramp)]))
        train(to: 200)
        #expect((state.knobs[0].value - 0.001).magnitude < 1e-12)
        train(to: 300)
        #expect(state.knobs[0].value == 0.0001 && state.knobs[0].ramp == nil)
        var news = run.move(.step, to: 2, at: 150)
        news.events.append(.hyperparameters(FakeRun.description.hyperparameters))
        state.receive(news)
        #expect(state.knobs[0].ramp == Ramp(old: 0.01, new: 0.0001, step: 100, over: 200))
    }

    @Test("A twin is measured over the same steps, its sign said in words, and its last word stays when it goes")
    mutating func twin() {
        train(to: 700)
        let twin = Twin(branch: BranchID(2), withoutEdit: 1)
        let begin = Event.branched(Branch(id: BranchID(2), parent: .first, forkStep: 700))
        state.receive(run.bulletin(events: [.changed(halved), begin, .twin(twin)]))
        var news = run.advance(to: 720)
        news.samples += news.samples.map { sample in
            Sample(branch: BranchID(2), firstStep: sample.firstStep, loss: Fold(10), metric: Fold(10))
        }
        state.receive(news)
        let mean = state.history.series.loss(from: 701, through: 720).mean!
        guard case .edit(let edit) = state.ledger.entries.last!.kind else { return }
        #expect(edit.effect?.loss == mean - 10)
        #expect(TwinEffect.words(-0.031, scale: 1) { "\($0)" } == "0.031 lower")
        #expect(TwinEffect.words(0.031, scale: 1) { "\($0)" } == "0.031 higher")
        #expect(TwinEffect.words(1e-9, scale: 1) { "\($0)" } == "no difference yet")
        state.receive(run.bulletin(events: [.twin(nil)]))
        #expect(state.history.asides.isEmpty)
        #expect(state.ledger.entries.last?.kind == .edit(edit))
    }
}
