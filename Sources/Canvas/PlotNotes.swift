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

    /// What stands at the end of a line.
    struct End {
        let text: SafeText
        let role: Role
        /// Where the line ends.
        let column: Int
        let row: Int
        /// How high it ends there, exactly.
        let height: Double
    }

    /// Writes what stands at the ends of lines, those that end side by side below one another in the order in which the
    /// lines lie.
    mutating func add(_ ends: [End], on frame: inout Frame) {
        var rest = ends.sorted { $0.column < $1.column }
        while let first = rest.first {
            let near = rest.prefix { $0.column <= first.column + Self.columnsSideBySide }
            rest.removeFirst(near.count)
            place(near.sorted { $0.height > $1.height }, on: &frame)
        }
    }

    /// Ends of lines that are no further apart are read as one list.
    private static let columnsSideBySide = 6

    private mutating func place(_ ends: [End], on frame: inout Frame) {
        // Each as near to its line as those above it let it be, then all as far up as those below them have to.
        var rows: [Int] = []
        for end in ends { rows.append(max(end.row, (rows.last ?? Int.min / 2) + 1)) }
        var limit = area.maxY - 1
        for index in rows.indices.reversed() {
            rows[index] = min(rows[index], limit)
            limit = rows[index] - 1
        }
        // More than there are rows share them, still in order.
        let isCrowded = ends.count > area.height
        var taken: [Int: Int] = [:]
        for (index, end) in ends.enumerated() {
            let row = isCrowded ? area.y + index * area.height / ends.count : rows[index]
            let shift = taken[row] ?? 0
            taken[row] = shift + end.text.width + 1
            for x in [end.column + 1 + shift, end.column + 2 + shift, end.column - end.text.width - shift] {
                let spot = Rect(x: x, y: row, width: end.text.width, height: 1)
                guard isFree(spot), spot.y >= area.y else { continue }
                write(end.text, in: spot, role: end.role, on: &frame)
                break
            }
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
