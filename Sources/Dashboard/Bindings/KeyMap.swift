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

    /// Keys moved to others, of one table.
    ///
    /// - Parameters:
    ///   - moves: a key of the table, and the keys that mean the same from now on. One that the table does not have is moved
    ///     in another table.
    ///   - help: what a key does in the table; nil where it does nothing.
    fileprivate init(
        _ moves: [(name: String, meaning: Key, keys: [Key])], help: (Key) -> String?
    ) throws(Mistake) {
        for (name, meaning, keys) in moves where help(meaning) != nil {
            for key in keys {
                guard meanings[key] == nil else {
                    throw Mistake(meaning: name, message: "cannot be moved to '\(key.label)', which is taken")
                }
                meanings[key] = meaning
                places[meaning, default: []].append(key)
            }
        }
        for (name, meaning, keys) in moves where help(meaning) != nil {
            for key in keys where key != meaning && places[key] == nil {
                guard let help = help(key) else { continue }
                throw Mistake(
                    meaning: name, message: "cannot be moved to '\(key.label)', which means: \(help); move that too")
            }
        }
    }

    fileprivate static let names = "keys are single characters, space, enter, tab, up, page-up, ctrl-x and the like"

    /// What a key means; nil where it means nothing any more.
    func meaning(of key: Key) -> Key? { meanings[key] ?? (places[key] == nil ? key : nil) }

    /// The key that is pressed for a meaning, as it is read.
    func label(of meaning: Key) -> String { places[meaning]?.map(\.label).joined(separator: " ") ?? meaning.label }

    /// A binding's keys as they are read.
    func label(of binding: KeyBinding) -> String {
        isMoved(binding.keys + binding.aliases) ? labels(of: binding.keys) : binding.keyLabel
    }

    /// The same of a binding of the list of runs.
    func label(of binding: RunListBinding) -> String {
        isMoved(binding.keys + binding.aliases) ? labels(of: binding.keys) : binding.keyLabel
    }

    private func isMoved(_ keys: [Key]) -> Bool { keys.contains { places[$0] != nil } }

    private func labels(of keys: [Key]) -> String { keys.map { label(of: $0) }.joined(separator: " ") }
}

/// What a person moved, in the dashboard's table and in that of the list of runs: a key that both have is moved in both.
package struct KeyMaps: Sendable, Equatable {
    /// The dashboard's.
    package private(set) var dashboard = KeyMap()
    /// The list's.
    package private(set) var runList = KeyMap()

    /// All keys where the tables have them.
    package init() {}

    /// Keys moved to others.
    ///
    /// - Parameter moves: a key of a table by its name, and the names of those that mean the same from now on.
    package init(_ moves: [(meaning: String, keys: [String])]) throws(KeyMap.Mistake) {
        var read: [(name: String, meaning: Key, keys: [Key])] = []
        for (name, texts) in moves {
            guard let meaning = Key(label: name) else {
                throw KeyMap.Mistake(meaning: name, message: "is no key; \(KeyMap.names)")
            }
            guard meaning != .control("c"), Self.ofDashboard(meaning) != nil || Self.ofRunList(meaning) != nil else {
                throw KeyMap.Mistake(meaning: name, message: "is no key that can be moved; the help has all of them")
            }
            var keys: [Key] = []
            for text in texts {
                guard let key = Key(label: text) else {
                    throw KeyMap.Mistake(
                        meaning: name,
                        message: "cannot be moved to '\(SafeText(text))', which is no key; \(KeyMap.names)")
                }
                guard key != .control("c") else {
                    throw KeyMap.Mistake(meaning: name, message: "cannot be moved to '\(key.label)', which is taken")
                }
                keys.append(key)
            }
            read.append((name, meaning, keys))
        }
        dashboard = try KeyMap(read, help: Self.ofDashboard)
        runList = try KeyMap(read, help: Self.ofRunList)
    }

    private static func ofDashboard(_ key: Key) -> String? { KeyTable.all.first { $0.matches(key) }?.help }

    private static func ofRunList(_ key: Key) -> String? {
        RunListBinding.all.first { $0.matches(key) }.map { "in the list of runs, \($0.help)" }
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
