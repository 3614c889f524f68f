import Canvas
import CanvasTesting
import Testing

struct PlotTests {
    /// Draws into a frame so small that there are no axes, so that a picture is data alone.
    private func dots(_ layer: Plot.Layer..., width: Int = 4, height: Int = 2, glyphs: GlyphSet = .braille) -> [String]
    {
        let plot = Plot(xRange: 0...8, yRange: 0...8, layers: layer)
        return rows(width, height, glyphs) { plot.draw(in: $0.bounds, on: &$0) }
    }

    @Test func `a spike of one step among many survives as a dot`() {
        let spans = (0..<1000).map { Plot.Span(x0: Double($0) / 125, x1: Double($0) / 125, min: 0.5, max: 0.5) }
        let spike = [Plot.Point(x: 4, y: 7.9), Plot.Point(x: 4, y: 9), Plot.Point(x: .nan, y: 1)]
        #expect(dots(.band(spans)) == ["    ", "⡀⡀⡀⡀"])
        #expect(dots(.band(spans), .dots(spike)) == ["  △ ", "⡀⡀⡀⡀"])
        #expect(dots(.band(spans), .dots(Array(spike.prefix(1)))) == ["  ⠁ ", "⡀⡀⡀⡀"])
        #expect(dots(.dots(Array(spike.prefix(1))), glyphs: .ascii) == ["  ' ", "    "])
    }

    @Test func `a band is a haze of a dot in each cell, and a thin one is seen`() {
        let band = [Plot.Span(x0: 0, x1: 8, min: 0, max: 8)]
        #expect(dots(.band(band)) == ["⠁⠄⠁⠄", "⠁⠄⠁⠄"])
        let stairs = [Plot.Span(x0: 0, x1: 4, min: 7, max: 7), Plot.Span(x0: 4, x1: 8, min: 1, max: 1)]
        #expect(dots(.band(stairs)) == ["⠂⠂  ", "  ⠁⡀"])
    }

    @Test func `a curve joins its points, and a point that is no number leaves a gap`() {
        let points = [(0, 0), (8, 8)].map { Plot.Point(x: $0.0, y: $0.1) }
        #expect(dots(.line(points)) == ["  ⡠⠊", "⡠⠊  "])
        let gap = [(0.0, 4.0), (2, 4), (4, .nan), (6, 4), (8, 4)].map { Plot.Point(x: $0.0, y: $0.1) }
        #expect(dots(.line(gap)) == ["    ", "⠉⠁ ⠉"])
    }

    @Test func `a curve leaves the frame and comes back at the right places`() {
        let points = [(0, 0), (4, 16), (8, 0)].map { Plot.Point(x: Double($0.0), y: Double($0.1)) }
        #expect(dots(.line(points)) == ["⢠⠃△⡇", "⡜  ⢸"])
    }

    @Test func `blocks and ascii draw the same data in their own characters`() {
        let spans = [Plot.Span(x0: 0, x1: 3, min: 0, max: 2.5), Plot.Span(x0: 5, x1: 7, min: 0, max: 8)]
        #expect(dots(.band(spans), glyphs: .blocks) == ["   ▖", "▘▖ ▖"])
        #expect(dots(.band(spans), glyphs: .ascii) == ["  '.", "'.'."])
        #expect(dots(.line([Plot.Point(x: 0, y: 1), Plot.Point(x: 8, y: 1)]), glyphs: .ascii) == ["    ", "****"])
        #expect(dots(.points([Plot.Point(x: 4, y: 5)]), glyphs: .ascii) == ["  O ", "    "])
    }

    @Test func `later layers win the role of a cell, and the curve is cut out of the band`() {
        let plot = Plot(
            xRange: 0...8, yRange: 0...8,
            layers: [
                .band([Plot.Span(x0: 0, x1: 8, min: 0, max: 8)]),
                .line([Plot.Point(x: 0, y: 1), Plot.Point(x: 4, y: 1)]),
            ])
        var frame = Frame(Size(width: 4, height: 2))
        plot.draw(in: frame.bounds, on: &frame)
        let upper = ["⠁", "⠄", "⠁", "⠄"].map { Cell($0, role: .band) }
        let curve = Cell("⣀", role: .curve)
        #expect(frame.cells == upper + [curve, curve, Cell("⡀", role: .curve), Cell("⠄", role: .band)])
    }

    @Test func `what lies above the frame is said, the farthest of neighbours`() {
        let spans = [(1.0, 28.4), (1.2, 12.0), (7, 9.5)].map { Plot.Span(x0: $0.0, x1: $0.0, min: 1, max: $0.1) }
        #expect(dots(.band(spans), width: 40, height: 2)[0] == "     △ to 28.4             to 9.50 △    ")
        #expect(
            dots(.band(spans), width: 40, height: 2, glyphs: .ascii)[0] == "     ^ to 28.4             to 9.50 ^    ")
    }

    @Test func `infinite and missing values neither trap nor vanish`() {
        let odd = [Double.nan, .infinity, -.infinity, 1e308, -1e308]
        let spans = odd.flatMap { a in odd.map { b in Plot.Span(x0: a, x1: b, min: a, max: b) } }
        let points = odd.flatMap { a in odd.map { b in Plot.Point(x: a, y: b) } }
        for scale in NiceAxis.Scale.allCases {
            for range in [0...1, 0...0, -1e308...1e308, -Double.infinity ... .infinity] as [ClosedRange<Double>] {
                for glyphs in GlyphSet.allCases {
                    var frame = Frame(Size(width: 40, height: 12), glyphs: glyphs)
                    Plot(
                        xRange: range, yRange: range, scale: scale,
                        layers: [.band(spans), .line(points), .points(points)],
                        markers: odd.map { Plot.Marker(x: $0, label: "odd") }, cursor: Plot.Cursor(x: .nan, y: .nan)
                    ).draw(in: frame.bounds, on: &frame)
                }
            }
        }
        #expect(dots(.line([Plot.Point(x: 1, y: .infinity)]), width: 10)[0] == " △ to inf ")
    }

    @Test func `any size is survived, with axes only where there is room`() {
        let plot = Plot(
            xRange: 0...8, yRange: 0...8, layers: [.line([Plot.Point(x: 0, y: 4), Plot.Point(x: 8, y: 4)])],
            markers: [Plot.Marker(x: 4, label: "a label")])
        for width in 0..<30 {
            for height in 0..<9 {
                var frame = Frame(Size(width: 30, height: 9))
                let rect = Rect(x: 0, y: 0, width: width, height: height)
                plot.draw(in: rect, on: &frame)
                let outside = (0..<9).flatMap { y in (0..<30).filter { $0 >= width || y >= height }.map { frame[$0, y] }
                }
                #expect(outside.allSatisfy { $0 == Cell() }, "\(width) x \(height)")
            }
        }
    }

    @Test func `a million points are drawn`() {
        let points = (0..<1_000_000).map { Plot.Point(x: Double($0) / 125_000, y: Double($0 % 9)) }
        #expect(dots(.line(points)) == ["⣿⣿⣿⣿", "⣿⣿⣿⣿"])
    }

    @Test func `labels of markers never cover one another, and the newest is told first`() {
        let markers = ["first", "second", "third"].enumerated().map {
            Plot.Marker(x: 2 + Double($0.offset) / 2, label: SafeText($0.element))
        }
        let plot = Plot(xRange: 0...8, yRange: 0...8, layers: [.points([Plot.Point(x: 0, y: 0)])], markers: markers)
        #expect(
            rows(28, 10) { plot.draw(in: $0.bounds, on: &$0) }.prefix(3) == [
                "      │second┊┊third        ", "      │     ┊first          ", "      │     ┊┊┊             ",
            ])
    }

    @Test func `without data the placeholder is in the middle`() {
        var frame = Frame(Size(width: 44, height: 8))
        Plot(xRange: 0...10, yRange: 0...1, placeholder: "waiting for the first step")
            .draw(in: frame.bounds, on: &frame)
        expectSnapshot(frame, named: "plot-empty")
    }

    @Test(arguments: GlyphSet.allCases)
    func `a whole run is drawn as a person would draw it`(glyphs: GlyphSet) {
        var frame = Frame(Size(width: 76, height: 26), glyphs: glyphs)
        let inside = frame.box(frame.bounds, title: "loss", facts: "raw  ema 0.9  ◆ validation", focused: true)
        Trace.plot.draw(in: inside, on: &frame)
        expectSnapshot(frame, named: "plot-run-\(glyphs.rawValue)")
    }

    @Test func `a logarithmic axis shows the same run`() {
        var frame = Frame(Size(width: 76, height: 26))
        var plot = Trace.plot
        plot.scale = .logarithmic
        plot.yRange = 0.2...50
        plot.cursor = Plot.Cursor(x: 1000, y: 1.02)
        plot.draw(in: frame.bounds, on: &frame)
        expectSnapshot(frame, named: "plot-run-logarithmic")
    }

    @Test(arguments: 5...60)
    func `ticks of the y axis are equally many rows apart, and no value leaves the frame for that`(height: Int) {
        for range in [0.6...1.6, 0...5, 0.1977...0.2442, -3...17] as [ClosedRange<Double>] {
            let points = [range.lowerBound, range.upperBound].map { Plot.Point(x: $0, y: $0) }
            let plot = Plot(xRange: -10...20, yRange: range, layers: [.line(points)])
            var frame = Frame(Size(width: 40, height: height))
            plot.draw(in: frame.bounds, on: &frame)
            let rows = (0..<height).filter { y in (0..<20).contains { frame[$0, y].character == "┤" } }
            let gaps = Set(zip(rows, rows.dropFirst()).map { $1 - $0 })
            #expect(gaps.count <= 1, "\(range) at \(height): \(rows)")
            #expect(!frame.cells.contains { $0.character == "△" || $0.character == "▽" })
        }
    }

    @Test func `flags stand on the axis, the latest where several would be in one place`() {
        let plot = Plot(
            xRange: 0...100, yRange: 0...1, layers: [.line([Plot.Point(x: 0, y: 0)])],
            markers: [(20.0, "1"), (20.4, "2"), (60, "13")].map { Plot.Marker(x: $0.0, flag: $0.1) })
        var frame = Frame(Size(width: 40, height: 10))
        plot.draw(in: frame.bounds, on: &frame)
        let axis = String((0..<40).map { frame[$0, 8].character })
        #expect(axis.contains("─2─") && axis.contains("─13─") && !axis.contains("─1─"))
    }
}
