import Canvas

/// What a long list is searched for: `/` and a text leave the rows that hold it.
struct ListSearch: Sendable, Equatable {
    /// What was typed.
    private var field = TextField()
    /// Whether keys are taken for it.
    private(set) var isTyping = false

    /// Whether rows are left out.
    var isOn: Bool { isTyping || !field.text.isEmpty }

    /// Takes a key.
    ///
    /// - Returns: whether the key was the search's.
    mutating func press(_ key: Key) -> Bool {
        switch key {
        case .character("/") where !isTyping:
            (field, isTyping) = (TextField(), true)
            return true
        case .escape where isOn:
            self = ListSearch()
            return true
        case .enter where isTyping:
            isTyping = false
            return true
        default:
            return isTyping && field.press(key)
        }
    }

    /// Whether a row with these texts is left.
    func holds(_ texts: String...) -> Bool {
        let wanted = field.text.lowercased()
        return wanted.isEmpty || texts.contains { $0.lowercased().contains(wanted) }
    }

    /// A list's title with what it is searched for: "help /rate".
    func titled(_ title: String) -> String { isOn ? "\(title) /\(field.text)\(isTyping ? "_" : "")" : title }

    /// What the hint bar says of it.
    var hint: (keys: String, word: String) { isTyping ? ("enter", "done") : isOn ? ("esc", "all") : ("/", "find") }
}
