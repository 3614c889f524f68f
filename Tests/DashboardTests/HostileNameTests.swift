import Canvas
import CanvasTesting
import Testing
import TrainProtocol
import Wording

@testable import Dashboard

/// Names that a training tells, in every pane and every dialog: a terminal gets none of their controls.
@Suite("Hostile names in a frame")
struct HostileNameTests {
    private static let dialogs: [[Key]] = [
        [], [.character("?")], [.character("q")], [.enter], [.character(":")],
        [.character(":"), .character("b"), .character("r")], [.character("3"), .enter], [.character("4"), .up],
        [.character("1"), .left], [.control("c")],
    ]

    @Test("say nothing to the terminal", arguments: [GlyphSet.braille, .ascii])
    func sayNothing(glyphs: GlyphSet) {
        for name in hostileNames {
            var told = Self.state(named: name)
            for (number, keys) in Self.dialogs.enumerated() {
                var state = told
                for key in keys { state.press(key) }
                if number == 5 { state.type(name, thenEnter: true) }
                // Wide enough that nothing is cut.
                let frame = render(state, size: Size(width: 160, height: 40), glyphs: glyphs)
                if let harm = Self.harm(frame) { Issue.record("\(name.debugDescription), dialog \(number): \(harm)") }
            }
            // The race covers much of the screen, and so does the verdict on learning rates.
            told.receive(
                FakeRun().news(events: [
                    .learningRatesTested(
                        LearningRateTest(
                            step: 9, horizon: 256, streams: 4, rates: [1e-3, 1e-2], changes: [0, -1], loss: 2,
                            range: 5e-3...1e-2, suggestion: 5e-3)
                    ), .state(.lost(reason: name)),
                ]))
            #expect(Self.harm(render(told, size: Size(width: 100, height: 30), glyphs: glyphs)) == nil)
        }
    }

    @Test("say nothing on the normal screen afterwards", arguments: [GlyphSet.braille, .ascii])
    func sayNothingAfterwards(glyphs: GlyphSet) {
        for name in hostileNames {
            let lines = Summary(Self.state(named: name), glyphs: glyphs).lines.map(\.description)
            #expect(lines.allSatisfy { $0.unicodeScalars.allSatisfy { !Self.isHarmful($0) } })
        }
    }

    /// A run of which every text is the name.
    private static func state(named name: String) -> DashboardState {
        let run = RunDescription(
            title: name, model: name, weights: 301, optimizer: name, seed: 42, loss: name,
            metrics: [.init(name: name, higherIsBetter: false)], validation: .none(reason: name))
        var state = FakeRun.state(after: 21, run)
        let values = [
            Hyperparameter(
                name: name, title: name, kind: .choice([name, "b"]), value: .choice(name)),
            Hyperparameter(name: "x", title: name, role: .learningRate, kind: .number(.positive), value: .number(1)),
        ]
        let edit = Edit(number: 1, name: name, old: .choice(name), new: .choice("b"), step: 20)
        var lineage = Lineage()
        lineage.append(edit)
        state.receive(
            FakeRun().news(events: [
                .hyperparameters(values), .lineage(lineage, redo: nil), .edited(edit), .notice(name),
                .saved(path: name, step: 1),
                .capabilities(Capabilities(unavailable: [.undo: name])), .refused(RequestID(99), reason: name),
                .state(
                    .diverged(
                        RunState.Divergence(step: 22, reason: name, recovery: nil))),
            ]))
        return state
    }

    private static func harm(_ frame: Frame) -> String? {
        for y in 0..<frame.size.height {
            for x in 0..<frame.size.width {
                for scalar in frame[x, y].character.unicodeScalars where isHarmful(scalar) {
                    return "\(scalar.value) at column \(x), row \(y)"
                }
            }
        }
        return nil
    }

    /// Controls, and what turns or hides the text behind it.
    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x61C, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF,
            0xE0001:
            true
        default: false
        }
    }
}
