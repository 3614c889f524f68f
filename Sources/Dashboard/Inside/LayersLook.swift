import Canvas
import RunModel
import TrainProtocol

/// How the layers fare: norms of weights, gradients and updates, units that let nothing through, the penalties' part of the
/// loss; of the selected layer how large its numbers are, and how the norms came to be what they are.
///
/// ```
/// ╭─ layers ────────────────────────────────────────────────────────── @1100 ─╮
/// │ layer      weights  gradient    update    ratio   dead  saturated  penalty │
/// │ 1  30 elu   5.6312    0.8123    0.0132  2.34e-3      2          1    3.2 % │
/// │ 2  1        1.2312    0.4410    0.0020  1.62e-3      —          —    0.1 % │
/// │                                                                            │
/// │ weights of layer 1        gradients                 updates                │
/// │    ▁▂▃▅▇█▇▅▃▂▁               ▁▁▂█▂▁▁                   ▁▂▅█▅▂▁             │
/// ╰────────────────────────────────────────────────────────────────────────────╯
/// ```
struct LayersLook: InsideLook {
    func title(_ state: DashboardState) -> String { "layers" }

    func facts(_ findings: Findings) -> [String] {
        guard case .layers(let found) = findings.content else { return [] }
        let rows = "units in \(NumberFormat.grouped(found.rows)) rows"
        return [rows, "loss \(NumberFormat.metric(found.loss))", "step \(findings.step + 1)"]
    }

    func draw(_ findings: Findings, in rect: Rect, on frame: inout Frame, state: DashboardState) {
        guard case .layers(let found) = findings.content, !found.layers.isEmpty else { return }
        var area = rect
        let selected = min(max(0, state.view.inside.selection), found.layers.count - 1)
        // The table first; what is left is the selected layer's, where it is worth it.
        let needed = 1 + found.layers.count
        let details = area.height - min(needed, max(4, area.height / 2)) - 1
        var table = area.removeTop(details >= 4 ? area.height - details - 1 : area.height)
        let room = max(0, table.height - 1)
        let first = max(0, min(selected - room / 2, found.layers.count - room))
        let columns = Self.columns(found, width: rect.width, frame.glyphs)
        Self.draw(columns.map { StyledText($0.title, .title) }, columns, in: table.removeTop(1), on: &frame)
        for index in first..<min(found.layers.count, first + room) {
            let row = table.removeTop(1)
            let isSelected = index == selected && state.view.focus == .layers
            if isSelected { frame.fill(row, with: Cell(" ", role: .selection)) }
            let cells = columns.map { $0.cell(index, found.layers[index]) }
            Self.draw(
                cells.map { isSelected ? StyledText($0.text, .selection) : $0 }, columns, in: row, on: &frame)
        }
        guard details >= 4 else { return }
        _ = area.removeTop(1)
        drawDetails(found.layers[selected], selected, in: area, on: &frame, state: state)
    }

    // MARK: The table

    private struct Column {
        let title: String
        let width: Int
        let isRight: Bool
        let cell: (Int, InspectedLayers.Layer) -> StyledText
    }

    /// Layers that decide how wide columns are.
    private static let measured = 64

    private static func columns(_ found: InspectedLayers, width: Int, _ glyphs: GlyphSet) -> [Column] {
        func number(_ title: String, _ cell: @escaping (InspectedLayers.Layer) -> StyledText) -> Column {
            let widest = found.layers.prefix(measured).map { glyphs.width(of: [cell($0)]) }.max() ?? 0
            return Column(title: title, width: max(title.count, widest), isRight: true) { cell($1) }
        }
        func units(_ count: Int?) -> StyledText {
            guard let count else { return StyledText("—", .dim) }
            return StyledText(NumberFormat.grouped(count), count > 0 ? .warning : .text)
        }
        let names = found.layers.indices.prefix(measured).map { name(of: found.layers[$0], $0) }
        let widest = min(names.map { glyphs.width(of: $0) }.max() ?? 0, 18)
        let all = [
            Column(title: "layer", width: max(5, widest), isRight: false) { StyledText(name(of: $1, $0)) },
            number("weights") { StyledText(NumberFormat.metric($0.weights.norm), .strong) },
            number("gradient") { StyledText(NumberFormat.metric($0.gradients.norm), .strong) },
            number("update") { StyledText(NumberFormat.metric($0.updates?.norm), .strong) },
            number("ratio") { StyledText(ratio($0.ratio), .accent) },
            number("dead") { units($0.dead) }, number("saturated") { units($0.saturated) },
            number("penalty") { layer in
                let share = found.loss > 0 ? layer.penalty / found.loss : .nan
                let isWithout = layer.penalty == 0
                return StyledText(NumberFormat.percent(isWithout ? nil : share), isWithout ? .dim : .text)
            },
        ]
        var room = width
        return all.prefix { column in
            room -= column.width + (column.title == "layer" ? 0 : 2)
            return room >= 0
        }
    }

    private static func draw(_ cells: [StyledText], _ columns: [Column], in row: Rect, on frame: inout Frame) {
        var x = row.x
        for (cell, column) in zip(cells, columns) {
            let field = Rect(x: x, y: row.y, width: column.width, height: 1)
            let start = column.isRight ? max(x, x + column.width - frame.glyphs.width(of: [cell])) : x
            frame.put(cell.text, x: start, role: cell.role, in: field)
            x += column.width + 2
        }
    }

    private static func name(of layer: InspectedLayers.Layer, _ index: Int) -> String {
        "\(index + 1)  \(layer.units)" + (layer.activation == "linear" ? "" : " \(layer.activation)")
    }

    /// "2.34e-3": ratios are told apart by their power of ten.
    private static func ratio(_ value: Double?) -> String {
        guard let value, value > 0, value.isFinite else { return "—" }
        var (digits, power) = (value, 0)
        while digits < 1, power > -40 { (digits, power) = (digits * 10, power - 1) }
        while digits >= 10, power < 40 { (digits, power) = (digits / 10, power + 1) }
        return "\(NumberFormat.fixed(digits, decimals: 2))e\(power)"
    }

    // MARK: The selected layer

    private func drawDetails(
        _ layer: InspectedLayers.Layer, _ index: Int, in rect: Rect, on frame: inout Frame, state: DashboardState
    ) {
        let spreads =
            [("weights", layer.weights), ("gradients", layer.gradients)]
            + (layer.updates.map { [("updates", $0)] } ?? [])
        let width = (rect.width - 4) / 3
        guard width >= 12 else { return }
        let history = state.run.layerHistory
        for (place, (name, spread)) in spreads.enumerated() {
            var area = Rect(x: rect.x + place * (width + 2), y: rect.y, width: width, height: rect.height)
            frame.put("\(name) of layer \(index + 1)", role: .dim, in: area.removeTop(1))
            let norms = history.compactMap { sample in sample.norms(of: index).flatMap { $0[place].map(Float.init) } }
            let hasHistory = area.height >= 6 && norms.count >= 2
            HistogramPicture(histogram: spread.histogram).draw(
                in: area.removeTop(hasHistory ? max(3, area.height - 3) : area.height), on: &frame)
            guard hasHistory else { continue }
            _ = area.removeTop(1)
            let first = history.suffix(min(width, norms.count)).first?.step ?? 0
            frame.put("norm since @\(first)", role: .dim, in: area.removeTop(1))
            let shown = norms.suffix(width).filter(\.isFinite)
            let range = Double(shown.min() ?? 0)...Double(shown.max() ?? 0)
            frame.sparkline(
                Array(norms.suffix(width)), in: Rect(x: area.x, y: area.y, width: min(width, norms.count), height: 1),
                range: range, role: .curve)
        }
    }
}
