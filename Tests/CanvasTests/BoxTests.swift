import Canvas
import Testing

struct BoxTests {
    @Test func `a pane has a light round border with its title left and its facts right`() {
        #expect(
            rows(20, 3) { $0.box($0.bounds, title: "loss", facts: "ema", focused: false) } == [
                "╭─ loss ───── ema ─╮",
                "│                  │",
                "╰──────────────────╯",
            ])
    }

    @Test func `the focused pane alone is heavy, in ascii too`() {
        #expect(
            rows(12, 2, .blocks) { $0.box($0.bounds, title: "loss", focused: true) } == [
                "┏━ loss ━━━┓", "┗━━━━━━━━━━┛",
            ])
        #expect(
            rows(12, 2, .ascii) { $0.box($0.bounds, title: "loss", focused: true) } == [
                "+= loss ===+", "+==========+",
            ])
        #expect(
            rows(12, 2, .ascii) { $0.box($0.bounds, title: "loss", focused: false) } == [
                "+- loss ---+", "+----------+",
            ])
    }

    @Test(arguments: [
        (14, "╭─ hyper ────╮"), (10, "╭─ hyp… ─╮"), (7, "╭─ … ─╮"), (6, "╭────╮"), (2, "╭╮"), (1, " "), (0, ""),
    ])
    func `where it is narrow the facts go first and then the title`(width: Int, top: String) {
        let drawn = rows(width, 2) {
            $0.box($0.bounds, title: "hyper", facts: "facts that are long", focused: false)
        }
        #expect(drawn[0] == top)
    }

    @Test func `the inside is what is left, and nothing of a box too small for a border`() {
        var frame = Frame(Size(width: 9, height: 9))
        #expect(
            frame.box(Rect(x: 1, y: 2, width: 6, height: 4), title: "", focused: false)
                == Rect(x: 2, y: 3, width: 4, height: 2))
        #expect(frame.box(Rect(x: 1, y: 2, width: 1, height: 4), title: "a", focused: true).isEmpty)
    }

    @Test func `a box that reaches beyond the frame is clipped`() {
        #expect(
            rows(4, 2) {
                $0.box(Rect(x: -2, y: -1, width: 5, height: 3), title: "long", focused: false)
            } == ["  │ ", "──╯ "])
    }
}
