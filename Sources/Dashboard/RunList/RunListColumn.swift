import Canvas
import RunModel

/// A column of the list of runs, and what sorting by it compares.
enum RunListColumn: String, Sendable, CaseIterable {
    case name, data
    case began = "when"
    case state, epochs, best, edits, validation, note

    /// What a run is sorted by.
    enum Key: Comparable {
        case text(String)
        case number(Double)
    }

    /// The columns that a list can be sorted by, in the order of the key that goes through them.
    static let orders: [RunListColumn] = [.began, .best, .state, .name, .data, .epochs, .edits]

    /// Whether its greatest is what people look for first.
    var startsDescending: Bool { self == .began || self == .epochs || self == .edits }

    /// What a run has to compare; nil where there is nothing.
    func key(_ run: RunFacts) -> Key? {
        switch self {
        case .name: .text(run.title.lowercased())
        case .data: .text(run.data.lowercased())
        case .began: .text(run.began)
        case .state: .number(Double(RunFacts.Standing.allCases.firstIndex(of: run.standing) ?? 0))
        case .epochs: .number(Double(run.epochsDone))
        case .best: run.best.map { .number($0) }
        case .edits: .number(Double(run.edits))
        case .validation: run.validation.last.map { .number($0) }
        case .note: run.note.isEmpty ? nil : .text(run.note.lowercased())
        }
    }

    // MARK: - Room

    /// Columns that it takes at least.
    var least: Int {
        switch self {
        case .name: 14
        case .data: 10
        case .began: 11
        case .state: 8
        case .epochs: 7
        case .best: 7
        case .edits: 5
        case .validation: 12
        case .note: 12
        }
    }

    /// Columns that it takes at most.
    var most: Int {
        switch self {
        case .name: 36
        case .data: 24
        case .validation: 32
        case .note: 60
        case .epochs: 11
        default: least
        }
    }

    /// Whether its texts end at one edge.
    var isNumber: Bool { self == .epochs || self == .best || self == .edits }

    /// In which order columns get room: the last ones are left out where there is none.
    private static let byImportance: [RunListColumn] = [
        .name, .state, .best, .began, .validation, .epochs, .edits, .note, .data,
    ]
    /// Which columns grow where there is room to spare, in turn.
    private static let growing: [RunListColumn] = [.name, .note, .validation, .data, .epochs]
    /// Blanks between two columns.
    static let gap = 2

    /// The columns that a row of that width has, with their widths.
    static func widths(_ width: Int) -> [(column: RunListColumn, width: Int)] {
        var widths: [RunListColumn: Int] = [:]
        var room = width + gap
        for column in byImportance {
            guard column.least + gap <= room else { break }
            widths[column] = column.least
            room -= column.least + gap
        }
        var growing = growing.filter { widths[$0] != nil }
        while room > 0, !growing.isEmpty {
            for column in growing where room > 0 {
                widths[column, default: 0] += 1
                room -= 1
            }
            growing.removeAll { widths[$0] == $0.most }
        }
        return allCases.compactMap { column in widths[column].map { (column, $0) } }
    }
}
