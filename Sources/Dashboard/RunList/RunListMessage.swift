package import Canvas
package import RunModel

/// What can happen to the list of runs.
package enum RunListMessage: Sendable, Equatable {
    /// The person pressed a key.
    case key(Key)
    /// The mouse did something.
    case mouse(MouseEvent)
    /// It is this many seconds after some fixed moment.
    case tick(Double)
    /// The screen has this size.
    case size(Size)
    /// These are the runs now, the oldest first.
    case names([String])
    /// Runs were read.
    case read([RunFacts])
    /// What was asked for is here: a page of text.
    case page(title: String, lines: [String])
    /// Something was done, or was not.
    case told(String, isGood: Bool)
}

/// What the list of runs wants done.
package enum RunListEffect: Sendable, Equatable {
    /// Show a run as its files have it, and how it goes on where it does.
    case open(String)
    /// Take a run's steps again, in front of the person.
    case replay(String)
    /// Go on with a run.
    case resume(String)
    /// Say all there is to say of a run.
    case describe(String)
    /// Put runs side by side.
    case compare([String])
    /// Write a note about a run; an empty one removes it.
    case note(String, String)
    /// Keep a run, or no longer.
    case pin(String, Bool)
    /// Remove runs.
    case remove([String])
    /// Draw in the theme of that name from now on.
    case useTheme(String)
    /// Close the list.
    case quit
}

/// Decides what a message means: changes the state and says what is to be done. Pure, as the dashboard's is.
package func update(_ state: inout RunListState, _ message: RunListMessage) -> [RunListEffect] {
    switch message {
    case .key(let key): return state.press(key)
    case .mouse(let event): return state.point(event)
    case .tick(let seconds):
        state.now = max(state.now, seconds)
        if let notice = state.notice, notice.fadesAt <= state.now { state.notice = nil }
    case .size(let size): state.resize(size)
    case .names(let names): state.setNames(names)
    case .read(let runs): state.take(runs)
    case .page(let title, let lines): state.dialog = .page(title: title, lines: lines, scroll: 0)
    case .told(let text, let isGood): state.say(text, role: isGood ? .good : .warning)
    }
    return []
}

extension RunListState {
    fileprivate mutating func press(_ key: Key) -> [RunListEffect] {
        if key == .control("c") { return [.quit] }
        notice = nil
        if let dialog { return dialog.press(key, in: &self) }
        return keys.meaning(of: key).map { obey($0) } ?? []
    }

    /// Does what a key of the table means.
    private mutating func obey(_ key: Key) -> [RunListEffect] {
        guard let binding = RunListBinding.all.first(where: { $0.matches(key) }) else { return [] }
        guard let objection = binding.objection(self) else { return binding.action(&self, key) }
        say(objection)
        return []
    }

    /// When time alone changes the picture next; nil while only news or a key can.
    package var wakesAt: Double? { notice?.fadesAt }
}

extension RunListState {
    /// A click selects the run under it; the wheel goes through the list, or through the text that lies over it.
    fileprivate mutating func point(_ mouse: MouseEvent) -> [RunListEffect] {
        notice = nil
        guard mouse.action == .press else {
            let key = mouse.action == .wheelUp ? Key.up : .down
            return (0..<3).flatMap { _ in dialog == nil ? obey(key) : press(key) }
        }
        guard dialog == nil, let list = RunListLayout(size)?.list, mouse.x > list.x, mouse.x < list.maxX - 1 else {
            return []
        }
        // The border and the head line come first.
        let place = top + mouse.y - list.y - 2
        if mouse.y >= list.y + 2, visible.contains(place) { select(place) }
        return []
    }
}
