/// The values that a chart's frame leaves out, in groups of neighbouring columns.
struct PlotOutliers {
    /// On which side of the frame.
    enum Direction {
        case above
        case below
    }

    /// Neighbouring columns with values outside: the column of the farthest one, and its value.
    struct Group: Equatable {
        var column: Int
        var extreme: Double
        fileprivate var last: Int
    }

    let direction: Direction
    /// The groups, the farthest value first.
    let groups: [Group]

    /// Columns less than this apart are one group: about the width of a note.
    private static let reach = 12

    init(_ layers: [Plot.Layer], direction: Direction, x: PlotScale, y: PlotScale, columns: Int) {
        self.direction = direction
        let isAbove = direction == .above
        var extremes: [Double?] = Array(repeating: nil, count: columns)
        func see(_ value: Double, at place: Double) {
            guard place >= 0, place <= 1, columns > 0 else { return }
            let up = y.place(value)
            guard isAbove ? up > 1 : up < 0 else { return }
            let column = PlotScale.part(of: place, count: columns)
            guard let old = extremes[column], isAbove ? old >= value : old <= value else {
                extremes[column] = value
                return
            }
        }
        for layer in layers {
            switch layer {
            case .band(let spans, _):
                for span in spans { see(isAbove ? span.max : span.min, at: x.place((span.x0 + span.x1) / 2)) }
            case .dots(let points, _), .line(let points, _, _), .points(let points, _, _):
                for point in points { see(point.y, at: x.place(point.x)) }
            }
        }
        var groups: [Group] = []
        for (column, extreme) in extremes.enumerated() {
            guard let extreme else { continue }
            if var group = groups.last, column - group.last < Self.reach {
                if isAbove ? extreme > group.extreme : extreme < group.extreme {
                    (group.column, group.extreme) = (column, extreme)
                }
                group.last = column
                groups[groups.count - 1] = group
            } else {
                groups.append(Group(column: column, extreme: extreme, last: column))
            }
        }
        self.groups = groups.sorted { isAbove ? $0.extreme > $1.extreme : $0.extreme < $1.extreme }
    }
}
