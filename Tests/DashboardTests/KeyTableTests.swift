import Canvas
import Testing

@testable import Dashboard
@testable import RunModel

@Suite("Key table")
struct KeyTableTests {
    @Test("Every key means at most one thing at a time, whatever has the focus")
    func unambiguous() {
        var state = FakeRun.state(after: 10)
        for pane in PaneName.allCases {
            state.view.focus = pane
            let now = KeyTable.all.filter { $0.applies(state) }
            var seen: [Key: Int] = [:]
            for binding in now { for key in binding.keys + binding.aliases { seen[key, default: 0] += 1 } }
            let doubled = seen.filter { $0.value > 1 }.map(\.key.label)
            #expect(
                doubled.allSatisfy { $0 == "enter" } && ([.hyperparameters, .story].contains(pane) || doubled.isEmpty))
        }
    }

    @Test("Every binding can be pressed in any state without harm")
    func harmless() {
        for binding in KeyTable.all {
            for key in binding.keys + binding.aliases {
                for var state in [FakeRun.state(), FakeRun.state(after: 400)] {
                    _ = update(&state, .key(key))
                    _ = render(state, size: Size(width: 80, height: 24), glyphs: .braille)
                }
            }
        }
    }

    @Test("The README's table has a row for every binding")
    func markdown() {
        let lines = KeyBinding.markdownTable.split(separator: "\n")
        #expect(lines.count == KeyTable.all.count + 2)
        #expect(lines[2] == "| `space` | pause, resume |")
        #expect(lines.contains("| `+` `-` | selected hyperparameter x2, /2 |"))
    }
}
