import Canvas
import Testing

struct SparklineTests {
    private func line(_ values: [Float], _ width: Int, _ height: Int = 1, glyphs: GlyphSet = .braille) -> [String] {
        rows(width, height, glyphs) { $0.sparkline(values, in: $0.bounds, range: 0...7, role: .curve) }
    }

    @Test func `eight levels a row, the least of them visible`() {
        #expect(line([0, 1, 2, 3, 4, 5, 6, 7], 8) == ["▁▂▃▄▅▆▇█"])
        #expect(line([0, 1, 2, 3, 4, 5, 6, 7], 8, glyphs: .ascii) == ["_.-:=+*#"])
    }

    @Test func `two rows have sixteen levels`() {
        #expect(line([0, 3, 4, 7], 4, 2) == ["  ▂█", "▁▇██"])
    }

    @Test func `the newest value is at the right edge`() {
        #expect(line([7, 0], 4) == ["  █▁"])
        #expect(line([7, 7, 0, 7], 2) == ["▁█"])
    }

    @Test func `values outside of the range are drawn at its ends`() {
        #expect(line([-100, 100, -.greatestFiniteMagnitude, .greatestFiniteMagnitude], 4) == ["▁█▁█"])
    }

    @Test func `what is no number is a full-height mark that means bad`() {
        var frame = Frame(Size(width: 3, height: 2))
        frame.sparkline([.nan, 0, .infinity], in: frame.bounds, range: 0...7, role: .curve)
        #expect([frame[0, 0], frame[0, 1], frame[2, 0]] == Array(repeating: Cell("╳", role: .bad), count: 3))
        #expect(frame[1, 0] == Cell())
    }

    @Test func `equal values and ranges without length stand in the middle`() {
        #expect(rows(2, 1) { $0.sparkline([3, 3], in: $0.bounds, range: 3...3, role: .curve) } == ["▄▄"])
    }

    @Test func `no values, no room and a million values are all fine`() {
        #expect(line([], 2) == ["  "])
        #expect(line([1], 0) == [""])
        #expect(line([1], 2, 0) == [])
        #expect(line(Array(repeating: 7, count: 1_000_000), 2) == ["██"])
        let all = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
        #expect(rows(1, 1) { $0.sparkline([0], in: $0.bounds, range: all, role: .curve) } == ["▅"])
    }
}
