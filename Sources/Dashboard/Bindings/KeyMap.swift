import Canvas

/// Keys in other places than the table's: what each means that is pressed, and which is to be pressed for a meaning.
///
/// A meaning is a key of the table. Who wants `p` for what the space bar does moves `space` to `p`; the space bar then means
/// nothing. Help and hints show the keys that are to be pressed. Typing into a field is as ever.
package struct KeyMap: Sendable, Equatable {
    /// What a key means that was given to another one's meaning.
    private var meanings: [Key: Key] = [:]
    /// Where a meaning is now.
    private var places: [Key: [Key]] = [:]

    /// All keys where the table has them.
    package init() {}

    /// Why keys cannot be moved so.
    package struct Mistake: Error, Equatable {
        /// Which of the moves is wrong.
        package let meaning: String
        /// A sentence's second half.
        package let message: String
    }

    /// Keys moved to others.
    ///
    /// - Parameter moves: a key of the table by its name, and the names of those that mean the same from now on.
    package init(_ moves: [(meaning: String, keys: [String])]) throws(Mistake) {
        for (name, keys) in moves {
            guard let meaning = Key(label: name) else {
                throw Mistake(meaning: name, message: "is no key; \(Self.names)")
            }
            guard meaning != .control("c"), KeyTable.all.contains(where: { $0.matches(meaning) }) else {
                throw Mistake(meaning: name, message: "is no key that can be moved; the help has all of them")
            }
            for text in keys {
                guard let key = Key(label: text) else {
                    throw Mistake(
                        meaning: name, message: "cannot be moved to '\(SafeText(text))', which is no key; \(Self.names)"
                    )
                }
                guard meanings[key] == nil, key != .control("c") else {
                    throw Mistake(meaning: name, message: "cannot be moved to '\(key.label)', which is taken")
                }
                meanings[key] = meaning
                places[meaning, default: []].append(key)
            }
        }
        for (key, meaning) in meanings where key != meaning && places[key] == nil {
            guard let owner = KeyTable.all.first(where: { $0.matches(key) }) else { continue }
            throw Mistake(
                meaning: meaning.label,
                message: "cannot be moved to '\(key.label)', which means: \(owner.help); move that too")
        }
    }

    private static let names = "keys are single characters, space, enter, tab, up, page-up, ctrl-x and the like"

    /// What a key means; nil where it means nothing any more.
    func meaning(of key: Key) -> Key? { meanings[key] ?? (places[key] == nil ? key : nil) }

    /// The key that is pressed for a meaning, as it is read.
    func label(of meaning: Key) -> String { places[meaning]?.map(\.label).joined(separator: " ") ?? meaning.label }

    /// A binding's keys as they are read.
    func label(of binding: KeyBinding) -> String {
        let isMoved = (binding.keys + binding.aliases).contains { places[$0] != nil }
        return isMoved ? binding.keys.map { label(of: $0) }.joined(separator: " ") : binding.keyLabel
    }
}

extension Key {
    /// The key of a name as people write it: "p", "space", "page-up", "ctrl-x"; nil where there is none.
    init?(label text: String) {
        let named: [Key] = [
            .character(" "), .enter, .escape, .tab, .backTab, .backspace, .delete, .home, .end, .pageUp, .pageDown,
        ]
        let arrows: [String: Key] = [
            "up": .up, "down": .down, "left": .left, "right": .right, "shift-left": .shiftLeft,
            "shift-right": .shiftRight,
        ]
        let lower = text.lowercased()
        if text.count == 1, let character = text.first, character.isASCII, character > " ", character <= "~" {
            self = .character(character)
        } else if let key = arrows[lower] ?? named.first(where: { $0.label.replacing(" ", with: "-") == lower }) {
            self = key
        } else if lower.hasPrefix("ctrl-"), lower.count == 6, let letter = lower.last, ("a"..."z").contains(letter) {
            self = .control(letter)
        } else {
            return nil
        }
    }
}
