import Canvas
import TrainProtocol

/// The columns of a table, a line each: what they are, what becomes of them, how their values lie, what they have to do with
/// the target and are worth to the model, and why they are taken for what they are.
struct ColumnList {
    /// Columns that the list takes.
    private(set) var width = 0

    private let importance: [String: InspectedImportance.Column]
    private let greatest: Double
    private var fields: [Field] = []

    /// What is said of each column.
    private enum Fact: CaseIterable { case name, role, use, gaps, shape, correlation, importance, bar, reason }

    private struct Field {
        let fact: Fact
        let width: Int
    }

    private static let (longestName, leastReason, shape, bar) = (28, 16, 12, 10)

    init(_ table: TableDescription, _ findings: Findings?, showsNumbers: Bool, width: Int, _ glyphs: GlyphSet) {
        var found: [InspectedImportance.Column] = []
        if case .importance(let importance)? = findings?.content { found = importance.columns }
        importance = Dictionary(found.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        greatest = found.map(\.mean).max() ?? 0
        var facts = Fact.allCases.filter { fact in
            switch fact {
            case .shape: table.columns.contains { $0.shape != nil }
            case .correlation: table.columns.contains { $0.correlation != nil }
            case .importance, .bar: !found.isEmpty
            case .gaps: table.columns.contains { $0.gaps != nil }
            case .reason: table.columns.contains { !$0.reason.isEmpty }
            case .name, .role, .use: true
            }
        }
        // Where nobody says why, there is nothing to look up beside the numbers.
        let showsNumbers = showsNumbers || !facts.contains(.reason)
        let list = self
        func fields(_ facts: [Fact]) -> [Field] {
            facts.map { fact in
                let cells = [list.title(fact)] + table.columns.map { list.cell(fact, $0).text }
                let widest = cells.map { glyphs.width(of: $0) }.max() ?? 0
                let own =
                    switch fact {
                    case .name: min(widest, Self.longestName)
                    case .shape: Self.shape
                    case .bar: Self.bar
                    default: widest
                    }
                return Field(fact: fact, width: own)
            }
        }
        func total(_ fields: [Field]) -> Int { fields.reduce(0) { $0 + $1.width + 2 } - 2 }
        var all = fields(facts)
        if total(all) > width, let reason = all.last, total(all) - reason.width + Self.leastReason > width {
            // Not all fits: the numbers, or the reasons. Of numbers none is cut: what can be looked up beside the reasons goes.
            facts.removeAll { showsNumbers ? $0 == .reason : [.shape, .correlation, .importance, .bar].contains($0) }
            all = fields(facts)
            if showsNumbers {
                for fact in [Fact.bar, .use, .role, .shape, .gaps, .correlation] where total(all) > width {
                    all.removeAll { $0.fact == fact }
                }
            }
        }
        self.fields = all
        self.width = total(all)
    }

    func drawHead(in row: Rect, on frame: inout Frame) {
        draw(in: row, on: &frame) { StyledText(title($0), .title) }
    }

    func draw(_ column: TableDescription.Column, in row: Rect, on frame: inout Frame) {
        draw(in: row, on: &frame) { cell($0, column) }
        var x = row.x
        for field in fields {
            let place = Rect(x: x, y: row.y, width: min(field.width, row.maxX - x), height: 1)
            if field.fact == .shape, let shape = column.shape {
                let counts = HistogramPicture.merged(shape.counts, into: place.width).map { Float($0) }
                let bars = Rect(x: place.x, y: place.y, width: min(counts.count, place.width), height: 1)
                frame.sparkline(counts, in: bars, range: 0...Double(max(1, counts.max() ?? 1)), role: .metric)
            }
            if field.fact == .bar, let own = importance[column.name], greatest > 0 {
                frame.bar(own.mean / greatest, in: place)
            }
            x += field.width + 2
        }
    }

    /// Names begin at one edge; numbers end at one; the last cell takes what is left.
    private func draw(in row: Rect, on frame: inout Frame, _ cell: (Fact) -> StyledText) {
        var x = row.x
        for (place, field) in fields.enumerated() where x < row.maxX {
            let cell = cell(field.fact)
            let width = place == fields.count - 1 ? row.maxX - x : min(field.width, row.maxX - x)
            let isRight = [.gaps, .correlation, .importance].contains(field.fact)
            let start = isRight ? max(x, x + field.width - frame.glyphs.width(of: [cell])) : x
            frame.put(cell.text, x: start, role: cell.role, in: Rect(x: x, y: row.y, width: width, height: 1))
            x += field.width + 2
        }
    }

    private func title(_ fact: Fact) -> String {
        switch fact {
        case .name: "column"
        case .role: "role"
        case .use: "becomes"
        case .gaps: "gaps"
        case .shape: "shape"
        case .correlation: "corr"
        case .importance: "importance"
        case .bar: ""
        case .reason: "why"
        }
    }

    private func cell(_ fact: Fact, _ column: TableDescription.Column) -> StyledText {
        let role: Role = column.use == .leftOut ? .dim : .text
        switch fact {
        case .name: return StyledText(column.name, role)
        case .role: return StyledText(column.role, role)
        case .use:
            switch column.use {
            case .target: return StyledText("the target", .accent)
            case .leftOut: return StyledText("left out", .dim)
            case .features(let number): return StyledText(TableOverlay.count(number, "feature"))
            }
        case .gaps:
            let gaps = column.gaps ?? 0
            return StyledText(gaps > 0 ? NumberFormat.grouped(gaps).description : "", .warning)
        case .shape, .bar: return StyledText("")
        case .correlation:
            switch column.correlation {
            case .signed(let value): return StyledText(NumberFormat.signed(value, decimals: 3))
            case .unsigned(let value): return StyledText(NumberFormat.fixed(value, decimals: 3))
            case nil: return StyledText("")
            }
        case .importance:
            guard let own = importance[column.name] else { return StyledText("") }
            let mean = NumberFormat.fixed(own.mean, decimals: 4)
            return StyledText("\(mean) ± \(NumberFormat.fixed(own.deviation, decimals: 4))", .strong)
        case .reason: return StyledText(column.reason, .dim)
        }
    }
}
