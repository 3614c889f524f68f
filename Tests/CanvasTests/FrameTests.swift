import Canvas
import Testing

struct FrameTests {
    @Test func `half of a wide character never stands alone`() {
        var frame = Frame(Size(width: 4, height: 1))
        frame.write("日本", x: 0, y: 0)
        frame.write("x", x: 1, y: 0)
        #expect(frame.cells == [Cell(), Cell("x"), Cell("本"), Cell(isContinuation: true)])
        frame.write("語", x: 1, y: 0)
        #expect(frame.cells == [Cell(), Cell("語"), Cell(isContinuation: true), Cell()])
    }

    @Test func `a snapshot tells rows, roles and the cursor`() {
        var frame = Frame(Size(width: 8, height: 2))
        let end = frame.write("日 ", x: 1, y: 1, role: .dim)
        frame.write("x", x: end, y: 1, role: .bad)
        frame.cursor = Frame.Position(x: 5, y: 1)
        #expect(
            frame.snapshot == """
                8 x 2
                |        |
                | 日 x   |
                roles
                  1: 0 text, 1 dim, 4 bad, 5 text
                cursor 5 1

                """)
    }

    @Test func `a frame in ascii spells what it cannot show and leaves the rest`() {
        var frame = Frame(Size(width: 9, height: 1), glyphs: .ascii)
        frame.write("a→b·…−日", x: 0, y: 0, role: .good)
        #expect(frame.snapshot.contains("|a>b.~-?  |"))
        #expect(frame[1, 0] == Cell(">", role: .good))
    }

    @Test func `text is clipped to its area and tells where it ended`() {
        var frame = Frame(Size(width: 6, height: 1))
        let end = frame.write("abcdef", x: -1, y: 0, in: Rect(x: 1, y: 0, width: 3, height: 1))
        #expect(end == 5)
        #expect(frame.snapshot.hasPrefix("6 x 1\n| cde  |\n"))
        #expect(Frame(Size(width: -3, height: 0)).snapshot == "0 x 0\nroles\n")
    }
}
