/// What a command printed, as a terminal would leave it: the last lines, without colours, a bar that is drawn over and
/// over as one line. Bounded, whatever is printed.
package struct PrintedLines: Sendable, Equatable {
    /// The last lines, oldest first; the last one may go on.
    package var lines: [String] { finished + (present.isEmpty ? [] : [text(present)]) }

    private var finished: [String] = []
    /// The line that goes on, as bytes: a character may be cut in two where they were read.
    private var present: [UInt8] = []
    /// Whether a carriage return was the last that came: whatever follows takes the line's place.
    private var isReturned = false
    private var escape = Escape.none

    /// Lines that are kept, and bytes of each.
    package static let (mostLines, mostBytes) = (300, 1000)

    /// What of an escape sequence came so far; none of it is shown.
    private enum Escape: Sendable, Equatable {
        case none, begun, control, text
    }

    /// Nothing yet.
    package init() {}

    /// Adds what was printed.
    package mutating func append(_ bytes: some Sequence<UInt8>) {
        for byte in bytes where !skip(byte) {
            switch byte {
            case UInt8(ascii: "\n"):
                finished.append(text(present))
                (present, isReturned) = ([], false)
            case UInt8(ascii: "\r"): isReturned = true
            case 0x08: if !present.isEmpty { present.removeLast() }
            default:
                if isReturned { (present, isReturned) = ([], false) }
                if present.count < Self.mostBytes { present.append(byte) }
            }
        }
        if finished.count > Self.mostLines { finished.removeFirst(finished.count - Self.mostLines) }
    }

    /// Whether a byte belongs to an escape sequence: `ESC [ … letter`, `ESC ] … BEL`, or `ESC` and one more.
    private mutating func skip(_ byte: UInt8) -> Bool {
        switch escape {
        case .none:
            guard byte == 0x1B else { return false }
            escape = .begun
        case .begun: escape = byte == UInt8(ascii: "[") ? .control : byte == UInt8(ascii: "]") ? .text : .none
        case .control: if (0x40...0x7E).contains(byte) { escape = .none }
        case .text:
            if byte == 0x07 { escape = .none }
            if byte == 0x1B { escape = .begun }
            // One that is never ended ends with its line.
            if byte == UInt8(ascii: "\n") {
                escape = .none
                return false
            }
        }
        return true
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
