import Canvas

/// How a terminal is asked to report the mouse, and what it reports then (xterm's control sequences, "Mouse Tracking").
///
///     CSI < 0 ; 12 ; 5 M      the left button went down in column 12, row 5; with m instead of M it went up
///     CSI M blank , %         the same of a terminal that knows no better: button, column and row, each 32 more
///
/// Presses and the wheel are asked for, not the way between: a person who drags selects text where the terminal has a key
/// for that, as shift in most.
enum MouseReport {
    /// Asks for it.
    static let begin = "\u{1B}[?1000h\u{1B}[?1006h"
    /// Asks for it no more.
    static let end = "\u{1B}[?1006l\u{1B}[?1000l"

    /// The event of a sequence's parameters, "<0;12;5"; nil where it means nothing here.
    static func event(_ parameters: String) -> MouseEvent? {
        let numbers = parameters.dropFirst().split(separator: ";").map { Int($0) }
        guard parameters.first == "<", numbers.count == 3, let button = numbers[0], let x = numbers[1],
            let y = numbers[2]
        else { return nil }
        return event(button: button, x: x, y: y)
    }

    /// The event of the three characters of an old report.
    static func event(_ characters: [UInt32]) -> MouseEvent? {
        guard characters.count == 3, characters.allSatisfy({ $0 >= 32 }) else { return nil }
        return event(button: Int(characters[0]) - 32, x: Int(characters[1]) - 32, y: Int(characters[2]) - 32)
    }

    /// - Parameters:
    ///   - button: 0 for the left one, 64 and 65 for the wheel; 4, 8 and 16 are added for shift, meta and control.
    ///   - x: the column, from 1; `y` likewise.
    private static func event(button: Int, x: Int, y: Int) -> MouseEvent? {
        guard x > 0, y > 0 else { return nil }
        switch button & ~(4 | 8 | 16) {
        case 0: return MouseEvent(.press, x: x - 1, y: y - 1)
        case 64: return MouseEvent(.wheelUp, x: x - 1, y: y - 1)
        case 65: return MouseEvent(.wheelDown, x: x - 1, y: y - 1)
        default: return nil
        }
    }
}
