import CNcurses
import Canvas

/// Reads keys from ncurses without waiting, and what ncurses does not know it reads itself.
struct KeyReader {
    /// What one call of ncurses gave.
    private enum Code {
        case function(Int32)
        case scalar(UInt32)

        var function: Int32? {
            if case .function(let number) = self { number } else { nil }
        }
    }

    /// One thing read.
    enum Result {
        case key(Key)
        case mouse(MouseEvent)
        case resize
    }

    /// A character read too far.
    private var pending: UInt32?
    /// The parameters of a sequence of which the rest has not come yet.
    private var unfinished: String?

    /// The next key, nil when there is none yet. Sequences that mean nothing here are passed over.
    mutating func next() -> Result? {
        if let parameters = unfinished, let result = sequence(parameters) { return result }
        while let code = read() {
            switch code {
            case .function(KEY_RESIZE): return .resize
            case .function(let number):
                if let key = Self.functionKeys[number] { return .key(key) }
            case .scalar(27): if let result = escape() { return result }
            case .scalar(let value): if let key = Self.key(value) { return .key(key) }
            }
        }
        return nil
    }

    private mutating func read() -> Code? {
        if let value = pending {
            pending = nil
            return .scalar(value)
        }
        var value: wint_t = 0
        switch get_wch(&value) {
        case OK: return .scalar(UInt32(value))
        case KEY_CODE_YES: return .function(Int32(truncatingIfNeeded: value))
        default: return nil
        }
    }

    /// The Escape key, or what a sequence that begins with it means; nil for one that is unknown.
    private mutating func escape() -> Result? {
        guard let code = read() else { return .key(.escape) }
        guard case .scalar(let value) = code else {
            return code.function.flatMap { Self.functionKeys[$0] }.map { .key($0) }
        }
        guard value == 0x5B || value == 0x4F, case .scalar(let next)? = read() else {
            // A key that follows at once: both were meant.
            pending = value
            return .key(.escape)
        }
        if value == 0x5B, next == 0x4D {
            var report: [UInt32] = []
            while report.count < 3, case .scalar(let next)? = read() { report.append(next) }
            return MouseReport.event(report).map { .mouse($0) }
        }
        pending = next
        return sequence("")
    }

    /// What a sequence means of which so much is known, CSI or SS3: parameters, then one final letter (ECMA-48, 5.4).
    private mutating func sequence(_ known: String) -> Result? {
        var parameters = known
        unfinished = nil
        while case .scalar(let next)? = read() {
            guard let scalar = Unicode.Scalar(next) else { return nil }
            if (0x40...0x7E).contains(next) {
                if parameters.first == "<" {
                    return next == 0x4D ? MouseReport.event(parameters).map { .mouse($0) } : nil
                }
                return Self.sequences[parameters + String(scalar)].map { .key($0) }
            }
            // Not a sequence after all.
            guard (0x20...0x3F).contains(next), parameters.count < 32 else { return nil }
            parameters.unicodeScalars.append(scalar)
        }
        unfinished = parameters
        return nil
    }

    private static func key(_ value: UInt32) -> Key? {
        switch value {
        case 9: return .tab
        case 10, 13: return .enter
        case 8, 127: return .backspace
        case 1...26: return .control(Character(Unicode.Scalar(UInt8(96 + value))))
        case 0..<32, 0x80..<0xA0: return nil
        default: return Unicode.Scalar(value).map { .character(Character($0)) }
        }
    }

    private static let functionKeys: [Int32: Key] = [
        KEY_UP: .up, KEY_DOWN: .down, KEY_LEFT: .left, KEY_RIGHT: .right, KEY_SLEFT: .shiftLeft,
        KEY_SRIGHT: .shiftRight, KEY_HOME: .home, KEY_END: .end, KEY_PPAGE: .pageUp, KEY_NPAGE: .pageDown,
        KEY_BACKSPACE: .backspace, KEY_DC: .delete, KEY_BTAB: .backTab, KEY_ENTER: .enter, KEY_FIND: .home,
        KEY_SELECT: .end, KEY_A1: .home, KEY_A3: .pageUp, KEY_C1: .end, KEY_C3: .pageDown,
        KEY_F0 + 1: .function(1),
    ]

    /// Keys that terminals send though their description says otherwise.
    private static let sequences: [String: Key] = [
        "A": .up, "B": .down, "C": .right, "D": .left, "H": .home, "F": .end, "Z": .backTab, "M": .enter,
        "1~": .home, "4~": .end, "7~": .home, "8~": .end, "3~": .delete, "5~": .pageUp, "6~": .pageDown,
        "1;2D": .shiftLeft, "1;2C": .shiftRight, "d": .shiftLeft, "c": .shiftRight, "P": .function(1),
        "11~": .function(1),
    ]
}
