import Canvas

/// One line of text being typed, with a cursor.
struct TextField: Sendable, Equatable {
    /// The characters.
    private(set) var characters: [Character] = []
    /// Characters left of the cursor.
    private(set) var cursor = 0

    /// The most characters that are taken: more than any value or command needs.
    static let capacity = 200

    /// The text.
    var text: String { String(characters) }

    /// A field that holds a text, the cursor behind it.
    init(_ text: String = "") {
        characters = Array(text.prefix(Self.capacity))
        cursor = characters.count
    }

    /// Takes a key.
    ///
    /// - Returns: whether the key meant anything here.
    mutating func press(_ key: Key) -> Bool {
        switch key {
        case .character(let character):
            guard characters.count < Self.capacity else { return true }
            characters.insert(character, at: cursor)
            cursor += 1
        case .backspace, .control("h"):
            guard cursor > 0 else { return true }
            cursor -= 1
            characters.remove(at: cursor)
        case .delete, .control("d"):
            if cursor < characters.count { characters.remove(at: cursor) }
        case .left, .control("b"): cursor = max(0, cursor - 1)
        case .right, .control("f"): cursor = min(characters.count, cursor + 1)
        case .home, .control("a"): cursor = 0
        case .end, .control("e"): cursor = characters.count
        case .control("u"):
            characters.removeFirst(cursor)
            cursor = 0
        case .control("k"): characters.removeLast(characters.count - cursor)
        case .control("w"):
            var start = cursor
            while start > 0, characters[start - 1] == " " { start -= 1 }
            while start > 0, characters[start - 1] != " " { start -= 1 }
            characters.removeSubrange(start..<cursor)
            cursor = start
        default: return false
        }
        return true
    }

    /// Draws the text into one row behind a prompt and puts the frame's cursor there; the part around the cursor shows
    /// where it is too long.
    func draw(prompt: String, in rect: Rect, on frame: inout Frame) {
        frame.fill(rect, with: Cell(" ", role: .input))
        let start = frame.put(prompt, role: .accent, in: rect)
        let room = max(1, rect.maxX - start - 1)
        let first = max(0, cursor - room)
        let shown = SafeText(String(characters[first...].prefix(room)))
        frame.write(shown, x: start, y: rect.y, role: .input, in: rect)
        let before = SafeText(String(characters[first..<cursor])).width
        frame.cursor = Frame.Position(x: min(rect.maxX - 1, start + before), y: rect.y)
    }
}
