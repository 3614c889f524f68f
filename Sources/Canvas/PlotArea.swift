/// The part of a chart where the data is: dots, marks, markers and the notes about what lies outside.
struct PlotArea {
    private let plot: Plot
    private let area: Rect
    private let x: PlotScale
    private let y: PlotScale

    init(plot: Plot, area: Rect) {
        self.plot = plot
        self.area = area
        x = PlotScale(plot.xRange, scale: plot.xScale)
        y = PlotScale(plot.yRange, scale: plot.scale)
    }

    // MARK: - Layers

    /// Draws the layers, the first one undermost.
    func drawLayers(on frame: inout Frame) {
        guard !area.isEmpty else { return }
        let empty = DotGrid(cells: Size(width: area.width, height: area.height), glyphs: frame.glyphs)
        var band = empty
        var bandRoles: [Role] = Array(repeating: .band, count: empty.bits.count)
        var lines = empty
        var lineRoles: [Role] = Array(repeating: .curve, count: empty.bits.count)
        var marks: [Character] = Array(repeating: "*", count: empty.bits.count)
        for layer in plot.layers {
            switch layer {
            case .band(let spans, let role):
                var grid = empty
                drawBand(spans, on: &grid)
                band.add(grid) { bandRoles[$0] = role }
            case .dots(let points, let role):
                var grid = empty
                drawDots(points, on: &grid)
                band.add(grid) { bandRoles[$0] = role }
            case .line(let points, let role, let stroke):
                var grid = empty
                drawLine(points, stroke: stroke, on: &grid)
                // A line covers those under it: two lines in one cell would be a third one.
                lines.add(grid, covers: { lineRoles[$0] != role || marks[$0] != stroke.plain }) {
                    lineRoles[$0] = role
                    marks[$0] = stroke.plain
                }
            case .points: break
            }
        }
        for index in empty.bits.indices {
            let (row, column) = index.quotientAndRemainder(dividingBy: area.width)
            // A curve is cut out of the band: in a cell full of both nobody could tell them apart without colour.
            if lines.bits[index] != 0 {
                let character = frame.glyphs == .ascii ? marks[index] : lines.character(at: index)
                frame[area.x + column, area.y + row] = Cell(character, role: lineRoles[index])
            } else if band.bits[index] != 0 {
                frame[area.x + column, area.y + row] = Cell(band.character(at: index), role: bandRoles[index])
            }
        }
        for case .points(let points, let mark, let role) in plot.layers {
            drawPoints(points, mark: mark, role: role, on: &frame)
        }
    }

    private func drawBand(_ spans: [Plot.Span], on grid: inout DotGrid) {
        var tops: [Int] = Array(repeating: .max, count: grid.width)
        var bottoms: [Int] = Array(repeating: .min, count: grid.width)
        for span in spans {
            let (left, right) = (x.place(span.x0), x.place(span.x1))
            let (low, high) = (y.place(span.min), y.place(span.max))
            // The comparisons are false for NaN, which is how spans without a place are left out.
            guard right >= 0, left <= 1, left <= right, low <= high else { continue }
            let top = part(1 - high, grid.height)
            let bottom = part(1 - low, grid.height)
            for column in max(0, part(left, grid.width))...min(grid.width - 1, max(0, part(right, grid.width))) {
                tops[column] = min(tops[column], top)
                bottoms[column] = max(bottoms[column], bottom)
            }
        }
        for column in 0..<grid.width where tops[column] <= bottoms[column] {
            grid.setHaze(column, from: tops[column], to: bottoms[column])
        }
    }

    private func drawDots(_ points: [Plot.Point], on grid: inout DotGrid) {
        for point in points {
            let (left, up) = (x.place(point.x), y.place(point.y))
            guard left >= 0, left <= 1, up >= 0, up <= 1 else { continue }
            grid.set(part(left, grid.width), part(1 - up, grid.height))
        }
    }

    private func drawLine(_ points: [Plot.Point], stroke: Plot.Stroke, on grid: inout DotGrid) {
        // In ASCII the mark tells lines apart, and a dot is half a cell.
        let stroke = grid.glyphs == .ascii ? .solid : stroke
        var distance = 0
        var last: (x: Double, y: Double)?
        for point in points {
            let here = (x: x.place(point.x), y: y.place(point.y))
            guard !here.x.isNaN, !here.y.isNaN else {
                last = nil
                continue
            }
            if let piece = Self.clip(from: last ?? here, to: here) {
                grid.setLine(
                    from: (part(piece.start.x, grid.width), part(1 - piece.start.y, grid.height)),
                    to: (part(piece.end.x, grid.width), part(1 - piece.end.y, grid.height)),
                    stroke: stroke, distance: &distance)
            }
            last = here
        }
    }

    private func drawPoints(_ points: [Plot.Point], mark: Character, role: Role, on frame: inout Frame) {
        for point in points {
            let (left, up) = (x.place(point.x), y.place(point.y))
            guard left >= 0, left <= 1, up >= 0, up <= 1 else { continue }
            let column = area.x + part(left, area.width)
            frame[column, area.y + part(1 - up, area.height)] = Cell(mark, role: role)
        }
    }

    private func part(_ place: Double, _ count: Int) -> Int { PlotScale.part(of: place, count: count) }

    /// The piece of a line that lies inside of the frame, 0...1 both ways (Liang and Barsky 1984).
    private static func clip(
        from start: (x: Double, y: Double), to end: (x: Double, y: Double)
    ) -> (start: (x: Double, y: Double), end: (x: Double, y: Double))? {
        let (dx, dy) = (end.x - start.x, end.y - start.y)
        var (enter, leave) = (0.0, 1.0)
        for (p, q) in [(-dx, start.x), (dx, 1 - start.x), (-dy, start.y), (dy, 1 - start.y)] {
            if p == 0 {
                if q < 0 { return nil }
            } else if p < 0 {
                enter = max(enter, q / p)
            } else {
                leave = min(leave, q / p)
            }
        }
        guard enter <= leave else { return nil }
        func inside(_ value: Double) -> Double { min(max(value, 0), 1) }
        return (
            (inside(start.x + enter * dx), inside(start.y + enter * dy)),
            (inside(start.x + leave * dx), inside(start.y + leave * dy))
        )
    }

    // MARK: - Markers and cursor

    /// Draws the markers' dotted verticals; the data is drawn over them.
    func drawMarkerLines(on frame: inout Frame) {
        for marker in plot.markers {
            guard let column = column(of: marker.x) else { continue }
            let cell = Cell("┊", role: marker.role)
            frame.fill(Rect(x: column, y: area.y, width: 1, height: area.height), with: cell)
        }
    }

    /// Draws the cursor's vertical in blank cells and its dot over everything.
    func drawCursor(on frame: inout Frame) {
        guard let cursor = plot.cursor, let column = column(of: cursor.x) else { return }
        for row in area.y..<area.maxY where frame[column, row].character == " " {
            frame[column, row] = Cell("│", role: .accent)
        }
        guard let value = cursor.y else { return }
        let up = y.place(value)
        guard up >= 0, up <= 1 else { return }
        frame[column, area.y + part(1 - up, area.height)] = Cell(frame.glyphs == .ascii ? "@" : "●", role: .accent)
    }

    private func column(of value: Double) -> Int? {
        let place = x.place(value)
        guard place >= 0, place <= 1, !area.isEmpty else { return nil }
        return area.x + part(place, area.width)
    }

    // MARK: - Notes

    /// Writes what lies outside of the frame and the markers' labels, without one covering another.
    func drawNotes(on frame: inout Frame) {
        var notes = PlotNotes(area: area)
        for direction in [PlotOutliers.Direction.above, .below] {
            let outliers = PlotOutliers(plot.layers, direction: direction, x: x, y: y, columns: area.width)
            notes.add(outliers, on: &frame)
        }
        notes.add(ends, on: &frame)
        for marker in plot.markers.reversed() {
            guard let column = column(of: marker.x) else { continue }
            notes.add(marker, column: column, on: &frame)
        }
    }

    /// What stands at the ends of lines: at the last point inside of the frame's width, above and below it in the nearest
    /// row.
    private var ends: [PlotNotes.End] {
        plot.layers.compactMap { layer in
            guard case .line(let points, let role, let stroke) = layer, !stroke.end.isEmpty,
                let last = points.last(where: { !$0.y.isNaN && column(of: $0.x) != nil }),
                let column = column(of: last.x)
            else { return nil }
            let place = y.place(last.y)
            let row = min(max(0, part(1 - place, area.height)), area.height - 1)
            return PlotNotes.End(text: stroke.end, role: role, column: column, row: area.y + row, height: place)
        }
    }
}
