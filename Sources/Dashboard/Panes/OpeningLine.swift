import Canvas
import TrainProtocol

/// What to press before the first step, in the middle of the empty chart:
///
///     space starts   + - change the learning rate   ? shows all keys
enum OpeningLine {
    /// Draws it, as much of it as fits.
    static func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        var groups = [[StyledText("space", .accent), StyledText(" starts", .text)]]
        if let index = state.selectedControl {
            let title = state.controls[index].title
            groups.append([StyledText("+ -", .accent), StyledText(" change the \(title)", .text)])
        }
        groups.append([StyledText("?", .accent), StyledText(" shows all keys", .text)])
        func width() -> Int { groups.reduce(-3) { $0 + frame.glyphs.width(of: $1) + 3 } }
        // The key that starts it stays longest.
        while groups.count > 1, width() > rect.width { groups.remove(at: groups.count > 2 ? 1 : groups.count - 1) }
        frame.put(groups: groups, in: rect.centered(Size(width: width(), height: 1)))
    }
}
