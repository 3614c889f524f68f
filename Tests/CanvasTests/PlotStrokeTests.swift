import Canvas
import Testing

@Suite("Strokes of lines")
struct PlotStrokeTests {
    private func rows(_ plot: Plot, width: Int, height: Int, glyphs: GlyphSet = .braille) -> [String] {
        var frame = Frame(Size(width: width, height: height), glyphs: glyphs)
        plot.draw(in: frame.bounds, on: &frame)
        return (0..<height).map { y in String((0..<width).map { frame[$0, y].character }) }
    }

    private func line(_ stroke: Plot.Stroke, role: Role = .curve, y: Double = 5) -> Plot.Layer {
        .line((0...8).map { Plot.Point(x: Double($0), y: y) }, role: role, stroke: stroke)
    }

    private func plot(_ layers: Plot.Layer...) -> Plot {
        Plot(xRange: 0...8, yRange: 0...8, layers: layers)
    }

    @Test("A rhythm goes on from one point to the next")
    func rhythm() {
        #expect(rows(plot(line(.solid)), width: 4, height: 1) == ["⠒⠒⠒⠒"])
        #expect(rows(plot(line(Plot.Stroke(rhythm: [2, 2]))), width: 4, height: 1) == ["⠒ ⠒ "])
        #expect(rows(plot(line(Plot.Stroke(rhythm: [1, 1]))), width: 4, height: 1) == ["⠂⠂⠂⠂"])
    }

    @Test("A rhythm of nothing, or of negative lengths, is an unbroken line")
    func hostile() {
        for rhythm in [[0, 0], [-3], [0, 5], [.max, .max]] {
            #expect(rows(plot(line(Plot.Stroke(rhythm: rhythm))), width: 4, height: 1)[0].count == 4)
        }
        #expect(Plot.Stroke(rhythm: [0, -1]) == .solid)
    }

    @Test("In ASCII a line is made of its own mark, the one drawn last on top")
    func ascii() {
        let layers = plot(line(Plot.Stroke(rhythm: [1, 3], plain: "2")))
        #expect(rows(layers, width: 4, height: 1, glyphs: .ascii) == ["2222"])
        let both = plot(line(Plot.Stroke(plain: "2")), line(.solid))
        #expect(rows(both, width: 4, height: 1, glyphs: .ascii) == ["****"])
    }

    @Test("A line covers the dots of another one in its cells")
    func covering() {
        let both = plot(line(Plot.Stroke(), role: .ghost, y: 1), line(.solid, y: 5))
        #expect(rows(both, width: 4, height: 1) == ["⠒⠒⠒⠒"])
    }

    @Test("What stands at a line's end finds a place beside others, and stays in sight where the line does not")
    func ends() {
        let short = (0...3).map { Plot.Point(x: Double($0), y: 3) }
        let layers = [1, 2].map { Plot.Layer.line(short, stroke: Plot.Stroke(end: "\($0)")) }
        let plot = Plot(xRange: 0...8, yRange: 0...8, layers: layers)
        #expect(rows(plot, width: 8, height: 2) == ["    1   ", "⠒⠒⠒⠂2   "])
        let gone = Plot(
            xRange: 0...8, yRange: 0...8,
            layers: [.line([Plot.Point(x: 0, y: 1), Plot.Point(x: 4, y: .infinity)], stroke: Plot.Stroke(end: "9"))])
        #expect(rows(gone, width: 8, height: 2).joined().contains("9"))
    }

    @Test("On a logarithmic x axis equal ratios are equal lengths, with ticks at powers of ten")
    func logarithmic() {
        let points = [1e-6, 1e-4, 1e-2].map { Plot.Point(x: $0, y: 5) }
        let dots = Plot(xRange: 1e-6...1e-2, yRange: 0...8, xScale: .logarithmic, layers: [.points(points, mark: "x")])
        #expect(rows(dots, width: 5, height: 1) == ["x x x"])
        let whole = rows(dots, width: 60, height: 6)
        #expect(whole[5].split(separator: " ") == ["1e-6", "1e-5", "1e-4", "0.001", "0.01"])
    }
}
