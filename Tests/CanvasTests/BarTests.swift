import Canvas
import Testing

struct BarTests {
    private func bar(_ fraction: Double?, width: Int = 8, glyphs: GlyphSet = .braille) -> String {
        rows(width, 1, glyphs) { $0.bar(fraction, in: $0.bounds) }[0]
    }

    @Test func `a bar grows by halves of a cell`() {
        #expect(
            [0, 1.0 / 16, 0.5, 0.6, 1].map { bar($0) } == ["╌╌╌╌╌╌╌╌", "╸╌╌╌╌╌╌╌", "━━━━╌╌╌╌", "━━━━╸╌╌╌", "━━━━━━━━"])
    }

    @Test func `ascii bars have an arrow for a head`() {
        #expect([0, 0.3, 0.5, 1].map { bar($0, glyphs: .ascii) } == ["........", "==>.....", "====>...", "========"])
    }

    @Test func `a bar is full only when all is done`() {
        #expect(bar(0.999999) == "━━━━━━━╸")
        #expect(bar(0.999999, glyphs: .ascii) == "=======>")
    }

    @Test(arguments: [
        (nil, "╌╌╌╌"), (.nan, "╌╌╌╌"), (-1, "╌╌╌╌"), (-.infinity, "╌╌╌╌"), (.infinity, "━━━━"), (1e300, "━━━━"),
    ])
    func `fractions that are none are drawn as empty or as the nearer end`(fraction: Double?, drawn: String) {
        #expect(bar(fraction, width: 4) == drawn)
    }

    @Test func `no room draws nothing`() {
        #expect(bar(0.5, width: 0) == "")
        #expect(rows(2, 1) { $0.bar(0.5, in: Rect(x: 0, y: 0, width: 2, height: 0)) } == ["  "])
        #expect(rows(3, 1) { $0.bar(1, in: Rect(x: -2, y: 0, width: 4, height: 1)) } == ["━━ "])
    }
}
