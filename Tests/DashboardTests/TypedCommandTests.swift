import Canvas
import Testing
import TrainEngine

@testable import Dashboard

@Suite("Typed commands")
struct TypedCommandTests {
    private var state = FakeRun.state()

    @Test(
        "Commands that ask the engine for something",
        arguments: [
            ("lr 0.003", .set("learning_rate", 0.003)), ("lr *2", .set("learning_rate", 0.02)),
            ("lr /4", .set("learning_rate", 0.0025)), ("learning_rate 3e-3", .set("learning_rate", 0.003)),
            ("epochs +5", .set("epochs", 10)), ("epochs 10", .set("epochs", 10)), ("batch 64", .set("batch_size", 64)),
            ("layers.0.l2 0.1", .set("layers.0.l2", 0.1)), ("beta_1 0.95", .set("beta_1", 0.95)),
            ("pace 500", .set("pace", 500)), ("pace 0", .set("pace", 0)), ("nesterov off", .set("nesterov", 0)),
            ("pause", .pause), ("resume", .resume), ("step 10", .step(10)), ("step", .step(1)), ("epoch", .runEpoch),
            ("  eval ", .evaluate), ("save", .save),
        ] as [(String, Command)])
    mutating func sends(line: String, command: Command) {
        state.press(.character(":"))
        #expect(state.type(line) == [.send(command, RequestID(1))])
        #expect(state.overlay == nil)
    }

    @Test(
        "Mistakes are told and the line is kept",
        arguments: [
            ("epcohs 3", "there is no command 'epcohs'; did you mean 'epochs'?"),
            ("frobnicate", "there is no command 'frobnicate'"),
            ("lr -1", "learning rate must be greater than 0"), ("lr abc", "abc is not a number"),
            ("lr", "learning rate is 0.01; type a value behind it"), ("batch 1.5", "batch size must be a whole number"),
            ("step -3", "'-3' is not a number of steps"), ("pause 3", "'pause' takes nothing behind it"),
            ("theme papr", "there is no theme 'papr'; did you mean 'paper'?"),
            ("theme x", "the themes are midnight, paper, mono"),
        ])
    mutating func mistakes(line: String, message: String) {
        state.press(.character(":"))
        #expect(state.type(line) == [])
        #expect(state.overlay == .command(CommandOverlay(field: TextField(line), mistake: message)))
    }

    @Test("theme, quit and help do what their names say")
    mutating func program() {
        state.press(.character(":"))
        #expect(state.type("theme mono") == [.useTheme("mono")])
        state.press(.character(":"))
        state.type("quit")
        #expect(state.overlay == .quit(QuitOverlay()))
        state.press(.escape, .character(":"))
        state.type("help")
        #expect(state.overlay == .help(HelpOverlay()))
    }

    @Test("Tab completes as far as it is clear")
    mutating func completion() {
        state.press(.character(":"))
        state.type("learn", thenEnter: false)
        state.press(.tab)
        #expect(state.overlay == .command(CommandOverlay(field: TextField("learning_rate "))))
        state.press(.control("u"))
        state.type("theme m", thenEnter: false)
        state.press(.tab)
        #expect(state.overlay == .command(CommandOverlay(field: TextField("theme m"))))
        state.type("o", thenEnter: false)
        state.press(.tab)
        #expect(state.overlay == .command(CommandOverlay(field: TextField("theme mono "))))
    }

    @Test("Up and down go through what was typed before")
    mutating func recall() {
        for line in ["lr 0.1", "epoch"] {
            state.press(.character(":"))
            state.type(line)
        }
        state.press(.character(":"), .up, .up, .up)
        #expect(state.overlay == .command(CommandOverlay(field: TextField("lr 0.1"), back: 2)))
        state.press(.down, .down)
        #expect(state.overlay == .command(CommandOverlay()))
    }
}
