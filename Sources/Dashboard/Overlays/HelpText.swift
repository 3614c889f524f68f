import Canvas

/// What the help says, from the tables of keys and commands: first the keys that mean something where the person is.
struct HelpText {
    /// What belongs together under a title.
    struct Block {
        let title: String
        var entries: [Entry]
        /// Columns of the keys.
        var keyWidth = 10
    }

    /// A key or a command, and what it does.
    struct Entry {
        let keys: String
        let help: String
        /// Why it does nothing now, nil where it does something.
        var refusal: String? = nil
    }

    /// A row of a column.
    struct Row {
        var title = ""
        var keys = StyledText("")
        var keyWidth = 0
        var text = StyledText("")
    }

    private let blocks: [Block]

    /// The blocks with what a search leaves of them.
    init(_ state: DashboardState, _ search: ListSearch) {
        var blocks = search.isOn ? [] : [Block(title: "now", entries: Self.present(state))]
        for section in KeyBinding.Section.allCases {
            let bindings = KeyTable.all.filter { $0.section == section }
            blocks.append(
                Block(
                    title: section.rawValue,
                    entries: bindings.map {
                        Entry(keys: state.keys.label(of: $0), help: $0.help, refusal: $0.refusal(in: state))
                    }))
        }
        blocks.append(Block(title: "mouse", entries: Self.mouse))
        let commands = TypedCommand.all(state).map {
            Entry(keys: $0.usage, help: $0.help, refusal: $0.asks.flatMap(state.objection))
        }
        blocks.append(Block(title: "commands, after :", entries: commands, keyWidth: 17))
        self.blocks = blocks.compactMap { block in
            var block = block
            block.entries.removeAll { !search.holds($0.keys, $0.help) }
            return block.entries.isEmpty ? nil : block
        }
    }

    /// The keys that mean something now: first those that would mean nothing elsewhere.
    private static func present(_ state: DashboardState) -> [Entry] {
        var elsewhere = state
        elsewhere.view.focus = state.view.focus == .live ? .metrics : .live
        (elsewhere.view.chart.cursor, elsewhere.view.isZoomed) = (nil, false)
        let all = KeyTable.all.filter { $0.section != .program && $0.hint(in: state) != nil }.map { binding in
            (binding, binding.hint(in: elsewhere) == nil ? 0 : 1)
        }
        let ordered = all.sorted { ($0.1, $0.0.rank) < ($1.1, $1.0.rank) }
        return ordered.prefix(mostPresent).map { Entry(keys: state.keys.label(of: $0.0), help: $0.0.help) }
    }

    /// More would not be found faster than in the whole list.
    private static let mostPresent = 8

    /// What the mouse does.
    static let mouse = [
        Entry(keys: "click", help: "focus a pane, select a row, put the chart's cursor there; a title again: zoom"),
        Entry(keys: "wheel", help: "the next rows; on the chart: look more closely, less closely"),
        Entry(keys: "shift-drag", help: "select and copy text, in most terminals; --no-mouse leaves the mouse to them"),
    ]

    /// The blocks in so many columns, filled evenly.
    func columns(_ count: Int, width: Int, _ glyphs: GlyphSet) -> [[Row]] {
        let parts = blocks.map { rows(of: $0, width: width, glyphs) }
        guard count > 1, parts.count > 1 else { return [Self.joined(parts)] }
        func height(_ split: Int) -> Int {
            max(Self.joined(parts[..<split]).count, Self.joined(parts[split...]).count)
        }
        let split = (1..<parts.count).min { height($0) < height($1) } ?? 1
        return [Self.joined(parts[..<split]), Self.joined(parts[split...])]
    }

    private static func joined(_ parts: some Sequence<[Row]>) -> [Row] {
        parts.reduce(into: []) { rows, part in rows += (rows.isEmpty ? [] : [Row()]) + part }
    }

    private func rows(of block: Block, width: Int, _ glyphs: GlyphSet) -> [Row] {
        var rows = [Row(title: block.title)]
        let keyWidth = min(block.keyWidth, width / 3)
        for entry in block.entries {
            let isOff = entry.refusal != nil
            // What stands side by side in the hint bar is a list here.
            let help = entry.help + (entry.refusal.map { " (\($0.replacing("   ", with: ", ")))" } ?? "")
            let lines = Self.wrapped(help, to: max(8, width - keyWidth - 2), glyphs)
            for (index, line) in lines.enumerated() {
                rows.append(
                    Row(
                        keys: StyledText(index == 0 ? entry.keys : "", isOff ? .dim : .accent), keyWidth: keyWidth,
                        text: StyledText(line, isOff ? .dim : .text)))
            }
        }
        return rows
    }

    /// A text in lines that fit, broken at blanks.
    private static func wrapped(_ text: String, to width: Int, _ glyphs: GlyphSet) -> [String] {
        var lines: [String] = []
        for word in text.words {
            if let last = lines.last, glyphs.width(of: last) + 1 + glyphs.width(of: word) <= width {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(word)
            }
        }
        return lines
    }
}
