import Canvas
import Testing
import TrainProtocol

@testable import Dashboard
@testable import RunModel

@Suite("The story")
struct StoryTests {
    private var run = FakeRun()
    private var state = FakeRun.state()

    /// Halves the learning rate so many times, at moments so many seconds apart.
    private mutating func tap(_ count: Int, apart seconds: Double) {
        for _ in 0..<count {
            _ = update(&state, .tick(state.now + seconds))
            let old = run.learningRate
            run.learningRate = old / 2
            let edit = Edit(
                number: state.run.edits.count + 1, name: "learning_rate", old: .number(old), new: .number(old / 2),
                step: run.step)
            state.receive(run.news(events: run.edit(edit)))
            state.receive(run.advance(to: run.step + 10))
        }
    }

    private func lines(_ width: Int) -> [String] {
        state.story.flatMap { StoryLine(state, $0).rows(width, .braille) }.map { $0.map(\.text).joined() }
    }

    @Test("Taps within a second of one another are one line, and others are not")
    mutating func taps() {
        tap(3, apart: 0.4)
        #expect(lines(64) == ["3 learning rate 0.01 → 0.00125  3 taps, u takes back the last"])
        #expect(lines(29) == ["3 lr 0.01 → 0.00125"])
        tap(1, apart: 1.5)
        #expect(lines(29) == ["3 lr 0.01 → 0.00125", "4 lr 0.00125 → 6.25e-4"])
        #expect(state.story == [0...2, 3...3])
    }

    @Test("Undo takes back the last tap, and the line says what is left")
    mutating func undone() {
        tap(3, apart: 0.4)
        let last = state.run.edits[2]
        state.receive(run.move(.undo(last), to: 2, at: 20))
        #expect(
            lines(64) == [
                "2 learning rate 0.01 → 0.0025  2 taps, u takes back the last",
                "undo 3 learning rate 0.0025 → 0.00125, back to @20",
            ])
        // What comes next is an edit of its own, however soon.
        run.learningRate = 0.0025
        tap(1, apart: 0.1)
        #expect(state.story.count == 3)
    }

    @Test("Another hyperparameter is another line")
    mutating func others() {
        tap(1, apart: 0.4)
        state.receive(
            run.news(events: run.edit(Edit(number: 2, name: "batch_size", old: 32, new: 16, step: run.step))))
        #expect(lines(29) == ["1 learning rate 0.01 → 0.005", "2 batch size 32 → 16"])
    }

    @Test("Enter goes to the step of the selected line")
    mutating func enter() {
        tap(2, apart: 5)
        state.press(.character("5"))
        #expect(state.press(.enter) == [.send(.goToStep(10), RequestID(1))])
        state.press(.down)
        #expect(state.press(.enter) == [.send(.goToStep(0), RequestID(2))])
        state.receive(run.move(.step, to: 2, at: 0))
        #expect(state.press(.enter) == [])
        #expect(state.view.notice?.text == "the run is at step 0")
        state.press(.up)
        #expect(state.press(.enter) == [])
        #expect(state.view.notice?.text == "step 10 is on another branch; U or :branch goes there")
    }

    @Test("A click selects the line")
    mutating func click() throws {
        tap(3, apart: 5)
        let size = Size(width: 120, height: 36)
        let rect = try #require(Layout(size, state: state)?[.story])
        _ = update(&state, .mouse(MouseEvent(.press, x: rect.x + 8, y: rect.y + 3), on: size))
        #expect(state.selectedLine == 0...0)
        #expect(state.selectedEdit == 1)
    }
}
