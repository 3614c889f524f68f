/// Short texts in a chart that must not cover one another.
struct PlotNotes {
    private let area: Rect
    private var taken: [Rect] = []

    init(area: Rect) {
        self.area = area
    }

    /// Writes a marker's label beside its line in the first of the upper rows that has room, or nowhere.
    mutating func add(_ marker: Plot.Marker, column: Int, on frame: inout Frame) {
        let label = marker.label
        guard label.width > 0 else { return }
        for y in area.y..<min(area.maxY, area.y + max(1, min(4, area.height / 4))) {
            let right = Rect(x: column + 1, y: y, width: label.width, height: 1)
            let left = Rect(x: column - label.width, y: y, width: label.width, height: 1)
            for spot in [right, left] where isFree(spot) {
                write(label, in: spot, role: marker.role, on: &frame)
                return
            }
        }
    }

    /// Writes what stands at the end of a line beside its last point, or as near to it as there is room.
    mutating func add(_ end: SafeText, role: Role, column: Int, row: Int, on frame: inout Frame) {
        for (dx, dy) in [(1, 0), (1, -1), (1, 1), (2, 0), (3, 0), (4, 0), (0, -1), (0, 1), (-end.width, 0)] {
            let spot = Rect(x: column + dx, y: row + dy, width: end.width, height: 1)
            guard isFree(spot), spot.y >= area.y, spot.y < area.maxY else { continue }
            write(end, in: spot, role: role, on: &frame)
            return
        }
    }

    /// Marks every column with values outside of the frame, and says how far out the farthest of each group is.
    mutating func add(_ outliers: PlotOutliers, on frame: inout Frame) {
        guard !area.isEmpty else { return }
        let isAbove = outliers.direction == .above
        let mark: SafeText = isAbove ? "△" : "▽"
        let y = isAbove ? area.y : area.maxY - 1
        for group in outliers.groups {
            // The mark stays in its column; the words go where there is room.
            let value = NumberFormat.significant(group.extreme, digits: 3)
            let words: SafeText = "to " + value
            let column = area.x + group.column
            let right = Rect(x: column, y: y, width: words.width + 2, height: 1)
            let left = Rect(x: column - words.width - 1, y: y, width: words.width + 2, height: 1)
            if isFree(right) {
                write(" " + words, in: Rect(x: column + 1, y: y, width: words.width + 1, height: 1), on: &frame)
            } else if isFree(left) {
                write(words + " ", in: Rect(x: left.x, y: y, width: words.width + 1, height: 1), on: &frame)
            }
            let spot = Rect(x: column, y: y, width: 1, height: 1)
            if isFree(spot) { write(mark, in: spot, on: &frame) }
        }
    }

    private mutating func write(_ text: SafeText, in spot: Rect, role: Role = .warning, on frame: inout Frame) {
        frame.write(text, x: spot.x, y: spot.y, role: role, in: area)
        taken.append(spot)
    }

    private func isFree(_ spot: Rect) -> Bool {
        spot.x >= area.x && spot.maxX <= area.maxX && taken.allSatisfy { $0.intersection(spot).isEmpty }
    }
}
