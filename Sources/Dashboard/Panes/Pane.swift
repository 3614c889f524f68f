import Canvas

/// A part of the screen. It draws itself into its rectangle, whatever its size: boxed, or as one line where that is all.
protocol Pane: Sendable {
    /// Where it lies.
    var place: Layout.Place { get }
    /// Draws it.
    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState, face: Face)
}

/// All panes. To add one, write its file, add it here and give it a place in ``Layout``.
enum Panes {
    static let all: [any Pane] = [
        HeaderPane(), LossPane(), MetricChartPane(), LivePane(), ProgressPane(), MetricsPane(), HyperparametersPane(),
        EditsPane(), RacePane(), HintsPane(),
    ]
}

extension Pane {
    /// Draws the pane's border.
    ///
    /// - Returns: the area inside, less a column on either side.
    func box(
        _ rect: Rect, title: String, facts: [String] = [], on frame: inout Frame, state: DashboardState, face: Face
    ) -> Rect {
        let title = face.text(title)
        // Whole facts or none: the first ones give way where there is no room for all.
        var facts = facts.filter { !$0.isEmpty }
        while !facts.isEmpty, title.width + face.text(facts.joined(separator: "  ")).width + 10 > rect.width {
            facts.removeFirst()
        }
        let inside = frame.box(
            rect, title: title, facts: face.text(facts.joined(separator: "  ")), focused: state.focus.place == place,
            face: face)
        return inside.inset(horizontally: 1, vertically: 0)
    }
}

extension Face {
    /// A string as this face spells it, sanitised: an arrow is `->` in ASCII.
    func text(_ string: String) -> SafeText {
        SafeText(self == .ascii ? String(string.flatMap { $0 == "→" ? "->" : String($0) }) : string)
    }
}

extension Frame {
    /// Writes a string as the face spells it, cut with an ellipsis where it would leave the area.
    ///
    /// - Returns: the column behind the last one written.
    @discardableResult
    mutating func put(
        _ string: String, x: Int, y: Int, role: Role = .text, face: Face, in area: Rect? = nil
    ) -> Int {
        let right = (area ?? bounds).maxX
        let text = face.text(string).truncated(to: max(0, right - x), ellipsis: face.ellipsis)
        return write(text, x: x, y: y, role: role, in: area)
    }

    /// Writes pieces of different roles one after the other.
    @discardableResult
    mutating func put(_ pieces: [Piece], x: Int, y: Int, face: Face, in area: Rect? = nil) -> Int {
        pieces.reduce(x) { put($1.text, x: $0, y: y, role: $1.role, face: face, in: area) }
    }
}

/// A run of text of one meaning.
struct Piece: Sendable, Equatable {
    var text: String
    var role: Role

    init(_ text: String, _ role: Role = .text) { (self.text, self.role) = (text, role) }
}

extension [Piece] {
    /// Columns taken on the screen.
    func width(_ face: Face) -> Int { reduce(0) { $0 + face.text($1.text).width } }
}

/// Losses and metrics as text of steady decimals.
enum Reading {
    /// `0.9755`, `28.4000`, `1,234.50`, `3.10e-5`, and a dash for what is not known.
    static func text(_ value: Double?, width: Int = 0, face: Face) -> String {
        let text: SafeText =
            switch value?.magnitude {
            case .some(0): NumberFormat.fixed(0, decimals: 4, face: face)
            case .some(..<0.001), .some(100_000...): NumberFormat.significant(value, digits: 3, face: face)
            case .some(..<100): NumberFormat.fixed(value, decimals: 4, face: face)
            default: NumberFormat.fixed(value, decimals: 2, face: face)
            }
        return text.padded(to: width).description
    }
}

extension String {
    /// With blanks before it.
    func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
    /// With blanks behind it.
    func rightPadded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
