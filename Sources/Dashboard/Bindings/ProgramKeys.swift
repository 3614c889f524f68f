import Canvas

extension KeyTable {
    /// Keys that concern the program itself.
    static let programKeys: [KeyBinding] = [
        KeyBinding(
            keys: [.character("?")], aliases: [.function(1)], label: "? F1", section: .program, help: "help",
            hint: { _ in "help" }, rank: 1,
            action: { state, _ in
                state.view.overlay = .help(HelpOverlay())
                return []
            }),
        KeyBinding(
            keys: [.character("q")], aliases: [.control("c")], label: "q Ctrl-C", section: .program,
            help: "quit, after a question; Ctrl-C twice quits at once", hint: { _ in "quit" }, rank: 0,
            action: { state, _ in
                state.view.overlay = .quit(QuitOverlay())
                return []
            }),
    ]
}
