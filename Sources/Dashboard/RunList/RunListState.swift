package import Canvas
import RunModel

/// All that the list of runs knows: what ``update(_:_:)-list`` changes and ``render(_:size:glyphs:)-list`` draws.
///
/// It begins with names alone, which tell when each run began; what else there is to say of a run comes when it is read,
/// those on the screen first. So ten thousand are there at once.
package struct RunListState: Sendable, Equatable {
    /// The runs, the oldest first.
    private(set) var rows: [Row] = []
    private var places: [String: Int] = [:]
    /// Which of them are shown, in the order of the list.
    private(set) var shown: [Int] = []
    /// The selected one's place among those shown.
    private(set) var selection = 0
    /// The place of the topmost one on the screen.
    private(set) var top = 0
    /// Columns and rows of the screen.
    package private(set) var size = Size(width: 80, height: 24)
    /// The names of those that are marked.
    var marked: Set<String> = []
    /// What the list is sorted by.
    var order = RunListColumn.began { didSet { arrange() } }
    /// Whether the greatest, the newest, comes first.
    var isDescending = true { didSet { arrange() } }
    /// Words that all have to be in what is shown of a run.
    var filter = "" { didSet { if filter != oldValue { arrange() } } }
    /// What lies over the list.
    var dialog: RunListDialog?
    /// One line in the place of the hints.
    var notice: Notice?
    /// Seconds, as of the last tick.
    var now = 0.0
    /// The themes that can be chosen, and the one in use.
    let themes: [String]
    package internal(set) var theme: String
    /// Where the keys are.
    let keys: KeyMap

    /// One run of the list.
    struct Row: Sendable, Equatable {
        let name: String
        /// Nil while it was not read.
        var facts: RunFacts? { didSet { text = nil } }
        /// All words of it in small letters; nil while no filter asked for them.
        private var text: [UInt8]?

        init(name: String) { self.name = name }

        /// Makes its words ready for a filter.
        mutating func prepareText() {
            guard text == nil else { return }
            var words = [name]
            if let facts {
                words += [facts.title, facts.data, facts.began, facts.standing.rawValue, facts.note]
                words += facts.tags.map { "#" + $0 }
                if facts.isPinned { words.append("pinned") }
            }
            text = Array(words.joined(separator: "\n").lowercased().utf8)
        }

        /// Whether the text has these bytes in a row.
        func holds(_ word: [UInt8]) -> Bool {
            guard let text, let first = word.first, text.count >= word.count else { return word.isEmpty }
            return (0...(text.count - word.count)).contains { start in
                text[start] == first && text[start..<(start + word.count)].elementsEqual(word)
            }
        }
    }

    /// A list of runs of which only the names are known, the oldest first.
    package init(names: [String], themes: [String], theme: String, keys: KeyMap = KeyMap()) {
        self.themes = themes
        self.keys = keys
        self.theme = theme
        setNames(names)
    }

    // MARK: - Rows

    /// These are the runs now; what was read of them stays known.
    mutating func setNames(_ names: [String]) {
        let former = selected?.name
        let known = rows
        rows = names.map { name in places[name].map { known[$0] } ?? Row(name: name) }
        places = Dictionary(zip(names, names.indices), uniquingKeysWith: { $1 })
        marked.formIntersection(names)
        arrange(keeping: former)
    }

    /// Takes what was read of some runs.
    mutating func take(_ facts: [RunFacts]) {
        let former = selected?.name
        for run in facts { if let place = places[run.name] { rows[place].facts = run } }
        // The order by time is known without them.
        if order != .began || !filter.isEmpty { arrange(keeping: former) }
    }

    /// A run may be another one than when it was read: it is read again.
    package mutating func forget(_ name: String) { if let place = places[name] { rows[place].facts = nil } }

    /// How many were not read yet.
    var unread: Int { rows.count { $0.facts == nil } }

    /// The selected run; nil where none is shown.
    var selected: Row? { shown.indices.contains(selection) ? rows[shown[selection]] : nil }

    /// The run of that name.
    func row(named name: String) -> Row? { places[name].map { rows[$0] } }

    /// The marked runs in the order of the list; where none is, the selected one.
    var chosen: [Row] {
        marked.isEmpty ? selected.map { [$0] } ?? [] : rows.filter { marked.contains($0.name) }
    }

    /// The names of the runs on the screen that were not read yet, or that may have changed since.
    package func wanted(isRunningWanted: Bool) -> [String] {
        shown[visible].map { rows[$0] }.filter { row in
            row.facts.map { isRunningWanted && $0.standing == .running } ?? true
        }.map(\.name)
    }

    /// All names, those on the screen first, then from the newest on.
    package var readingOrder: [String] { rows.reversed().filter { $0.facts == nil }.map(\.name) }

    // MARK: - Order

    private mutating func arrange(keeping name: String? = nil) {
        let name = name ?? selected?.name
        let words = filter.lowercased().words.map { Array($0.utf8) }
        if !words.isEmpty { for index in rows.indices { rows[index].prepareText() } }
        var found = rows.indices.filter { index in words.allSatisfy { rows[index].holds($0) } }
        switch order {
        case .began: if isDescending { found.reverse() }
        default:
            // Equal ones stay in the order of time, the newest first; what is not known comes last.
            let keys = found.map { (index: $0, key: rows[$0].facts.flatMap(order.key)) }
            found = keys.sorted { left, right in
                switch (left.key, right.key) {
                case (let a?, let b?):
                    if a < b { return !isDescending }
                    if b < a { return isDescending }
                    return left.index > right.index
                case (_?, nil): return true
                case (nil, _?): return false
                case (nil, nil): return left.index > right.index
                }
            }.map(\.index)
        }
        shown = found
        selection = name.flatMap { places[$0] }.flatMap { place in found.firstIndex(of: place) } ?? 0
        follow()
    }

    // MARK: - Place

    /// Rows of the screen that show runs.
    var room: Int { RunListLayout(size)?.rows ?? 1 }

    /// The places of the runs on the screen.
    var visible: Range<Int> { top..<min(shown.count, top + max(1, room)) }

    /// The screen has another size.
    mutating func resize(_ size: Size) {
        self.size = size
        follow()
    }

    /// Selects another one, as far as there is one.
    mutating func select(_ place: Int) {
        selection = min(max(0, place), max(0, shown.count - 1))
        follow()
    }

    /// Keeps the selected one on the screen.
    private mutating func follow() {
        let room = max(1, room)
        top = min(top, selection)
        top = max(top, selection - room + 1)
        top = max(0, min(top, shown.count - room))
    }

    // MARK: - Saying

    /// Says something in the hints' place for a moment.
    mutating func say(_ text: String, role: Role = .warning) {
        notice = Notice(text: text, role: role, fadesAt: now + Notice.duration)
    }
}
