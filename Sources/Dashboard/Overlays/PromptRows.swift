import Canvas

/// The last two rows of a screen while something is typed: the field over the full width, and above it what is said of it.
struct PromptRows {
    /// The row of the field, which else is the hint bar's.
    let field: Rect
    /// The row above.
    let remark: Rect

    /// - Parameter body: all between header and hints.
    init(below body: Rect) {
        field = Rect(x: body.x, y: body.maxY, width: body.width, height: 1)
        remark = Rect(x: body.x, y: body.maxY - 1, width: body.width, height: 1)
    }

    /// Draws the field behind its prompt, and the hints at its end where what is typed leaves them room.
    func draw(_ text: TextField, prompt: String, hints: [(keys: String, word: String)], on frame: inout Frame) {
        text.draw(prompt: prompt, in: field, on: &frame)
        let line = hints.flatMap { [StyledText("  \($0.keys) ", .accent), StyledText($0.word, .dim)] }
        let width = frame.glyphs.width(of: line) + 1
        let end = field.x + frame.glyphs.width(of: prompt) + frame.glyphs.width(of: text.text)
        guard end + 4 <= field.maxX - width else { return }
        let rest = Rect(x: field.maxX - width, y: field.y, width: width, height: 1)
        frame.fill(rest)
        frame.put(line, in: rest)
    }

    /// Says something in the row above.
    func say(_ line: [StyledText], on frame: inout Frame) {
        frame.fill(remark)
        frame.put(line, x: remark.x + 1, in: remark)
    }
}
