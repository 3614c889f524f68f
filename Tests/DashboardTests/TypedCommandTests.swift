import Canvas
import Testing
import TrainProtocol

@testable import Dashboard
@testable import RunModel

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
            ("pace 500", .setPace(500)), ("pace 0", .setPace(0)), ("nesterov off", .set("nesterov", .flag(false))),
            ("pause", .pause), ("resume", .resume), ("step 10", .step(10)), ("step", .step(1)), ("epoch", .runEpoch),
            ("  eval ", .evaluate), ("test now", .test), ("save", .save),
            ("save best", .saveBest),
            ("lr 0.003 over 200", .ramp("learning_rate", 0.003, over: 200)),
            ("lr /2 over 1,000", .ramp("learning_rate", 0.005, over: 1000)),
            ("@1200 lr /3", .plan("learning_rate", .dividedBy(3), at: 1200)),
            ("@ 1,200 epochs +5", .plan("epochs", .plus(5), at: 1200)),
            ("undo", .undo), ("redo", .redo), ("best", .goToBest), ("goto 0", .goToStep(0)),
            ("ghost", .showTwin(withoutEdit: nil)), ("ghost off", .hideTwin),
            ("fork lr 0.003 0.01 0.03", .race("learning_rate", [0.003, 0.01, 0.03])),
            ("race lr 0.003 0.01", .race("learning_rate", [0.003, 0.01])),
            (
                "race lr 1e-4..1e-1 x4 halve every 500",
                .race(RaceTerms([("learning_rate", [0.0001, 0.001, 0.01, 0.1])], halvesEvery: 500))
            ),
            ("race batch 16..256 x5", .race("batch_size", [16, 32, 64, 128, 256])),
            ("race batch 1..4 x9", .race("batch_size", [1, 2, 3, 4])),
            ("race l2 0..0.2 x3 0.4", .race("layers.0.l2", [0, 0.1, 0.2, 0.4])),
            (
                "race lr 0.003 0.01 x batch 16 64",
                .race(RaceTerms([("learning_rate", [0.003, 0.01]), ("batch_size", [16, 64])]))
            ),
            ("fork lr /2 *2", .race("learning_rate", [0.005, 0.02])),
            ("fork lr", .race("learning_rate", [0.005, 0.01, 0.02])),
            ("fork", .race("learning_rate", [0.005, 0.01, 0.02])),
            ("fork l2 0 0.05", .race("layers.0.l2", [0, 0.05])),
            ("fork layers.1.l2 0 0.05", .race("layers.1.l2", [0, 0.05])),
            ("fork beta_1", .race("beta_1", [0.45, 0.9])),
            ("fork nesterov", .race("nesterov", [.flag(false), .flag(true)])),
            ("rates", .testLearningRates), ("guard rewind", .onDivergence(.rewind)),
            ("guard pause", .onDivergence(.pause)), ("guard stop", .onDivergence(.stop)),
            ("break loss > 2", .pauseWhen(.lossAbove(2))), ("break loss<0.5", .pauseWhen(.lossBelow(0.5))),
            ("break epoch 3", .pauseWhen(.epoch(3))), ("break step 1,200", .pauseWhen(.step(1200))),
            ("break val_loss rises 3", .pauseWhen(.validationLossRises(times: 3))), ("break off", .clearBreakpoints),
        ] as [(String, Command)])
    func sends(line: String, command: Command) {
        var state = FakeRun.state(after: 400)
        var lineage = Lineage()
        lineage.append(Edit(number: 1, name: "beta_1", old: 0.8, new: 0.9, step: 10))
        state.receive(
            EngineUpdate(events: [.lineage(lineage, redo: BranchID(2))], progress: state.progress!))
        state.press(.character(":"))
        #expect(state.type(line) == [.send(command, RequestID(1))])
        #expect(state.view.overlay == nil)
    }

    @Test(
        "Mistakes are told and the line is kept",
        arguments: [
            ("epcohs 3", "there is no command 'epcohs'; did you mean 'epochs'?"),
            ("frobnicate", "there is no command 'frobnicate'"),
            ("lr -1", "learning rate must be greater than 0"), ("lr abc", "abc is not a number"),
            ("lr", "learning rate is 0.01; type a value behind it"), ("batch 1.5", "batch size must be a whole number"),
            ("step -3", "'-3' is not a number of steps"),
            ("test", "what is changed after a look at the test rows is fitted to them; look with :test now"),
            ("pause 3", "'pause' takes nothing behind it"),
            ("theme papr", "there is no theme 'papr'; did you mean 'paper'?"),
            ("theme x", "the themes are midnight, paper, mono"),
            ("lr 0.003 over", "'' is not a number of steps: 0.003 over 200"),
            ("lr 0.003 over x", "'x' is not a number of steps: 0.003 over 200"),
            ("nesterov off over 3", "nesterov changes at once; leave out 'over'"),
            ("lr -1 over 3", "learning rate must be greater than 0"),
            ("@1200", "a plan has a step, a name and a value: @1200 lr /3"), ("@x lr 1", "'x' is not a step"),
            ("@9 lr x", "x is not a number"), ("@9 lr -1", "learning rate must be greater than 0"),
            ("@9 learning_rte 1", "there is no hyperparameter 'learning_rte'; did you mean 'learning_rate'?"),
            ("goto", "type a step behind it"), ("goto x", "'x' is not a step"),
            ("goto 1200", "step 1,200 is still to come; this is step 0"), ("branch 1", "no branch was left yet"),
            ("ghost 3", "there is no edit yet"), ("fork lr 0.1", "a race needs at least two values"),
            ("fork lr 0.1 0.1", "0.1 is there twice"), ("fork lr 0.1 y", "y is not a number"),
            ("race lr 0.1 x", "'x' stands between two hyperparameters: lr 0.01 0.03 x batch 16 64"),
            ("race lr 0.1 0.2 x lr 1 2", "learning rate is there twice"),
            ("race lr 1e-4..1e-1", "behind a range of numbers stands how many race, 2 to 16: 1e-4..1e-1 x8"),
            ("race lr 1e-4..1e-1 x17", "behind a range of numbers stands how many race, 2 to 16: 1e-4..1e-1 x8"),
            ("race lr 0.1 0.2 halve 500", "'halve 500' is not clear: halve every 500, at the end"),
            ("race lr 1..4 x5 x batch 1..4 x4", "at most 16 can race, and these are 20"),
            ("fork lr 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17", "at most 16 can race, and these are 17"),
            ("fork epochs 1 2", "epochs has no part in what is learnt: there is nothing to race"),
            ("fork momentum", "momentum is 0, which no factor changes; try :race momentum 0 0.1"),
            ("fork batchsize 1 2", "there is no hyperparameter 'batchsize'; did you mean 'batch_size'?"),
            ("adopt 1", "there is no race; :race begins one"), ("cancel 1", "no edit is planned"),
            ("guard rewnd", "there is no policy 'rewnd'; did you mean 'rewind'?"),
            ("guard x", "there is no policy 'x'; the policies are pause, rewind, stop"),
            ("break loss > x", "'x' is not a loss"), ("break epoch 0", "'0' is not the number of an epoch"),
            ("break val_loss rises x", "'x' is not a number of evaluations"),
            (
                "break lss > 2",
                "did you mean 'loss'? "
                    + "break takes loss > 2, loss < 0.5, epoch 3, step 1200, val_loss rises 3, off"
            ),
        ])
    mutating func mistakes(line: String, message: String) {
        state.press(.character(":"))
        #expect(state.type(line) == [])
        #expect(state.view.overlay == .command(CommandOverlay(field: TextField(line), mistake: message)))
    }

    @Test("theme, quit and help do what their names say")
    mutating func program() {
        state.press(.character(":"))
        #expect(state.type("theme mono") == [.useTheme("mono")])
        state.press(.character(":"))
        state.type("quit")
        #expect(state.view.overlay == .quit(QuitOverlay()))
        state.press(.escape, .character(":"))
        state.type("help")
        #expect(state.view.overlay == .help(HelpOverlay()))
    }

    @Test("Tab completes as far as it is clear, then goes through what there is")
    mutating func completion() {
        func typed(_ state: DashboardState) -> String? {
            if case .command(let command)? = state.view.overlay { command.field.text } else { nil }
        }
        state.press(.character(":"))
        state.type("learn", thenEnter: false)
        state.press(.tab)
        #expect(state.view.overlay == .command(CommandOverlay(field: TextField("learning_rate "))))
        state.press(.control("u"))
        state.type("the", thenEnter: false)
        state.press(.tab)
        #expect(typed(state) == "theme ")
        state.type("m", thenEnter: false)
        state.press(.tab)
        #expect(typed(state) == "theme midnight")
        state.press(.tab)
        #expect(typed(state) == "theme mono")
        state.press(.tab, .backTab, .backTab)
        #expect(typed(state) == "theme midnight")
        // Whatever is typed then goes on from there.
        state.press(.control("u"))
        state.type("theme mo", thenEnter: false)
        state.press(.tab)
        #expect(typed(state) == "theme mono ")
    }

    @Test("Tab makes a name that was mistyped the one that was meant, and the row above says so before")
    mutating func meant() {
        state.press(.character(":"))
        state.type("epcohs", thenEnter: false)
        let frame = render(state, size: Size(width: 80, height: 24), glyphs: .braille)
        #expect(frame.snapshot.contains("did you mean epochs?"))
        state.press(.tab)
        #expect(state.view.overlay == .command(CommandOverlay(field: TextField("epochs "))))
    }

    @Test("A letter is enough to write the weights or to quit, as in an editor")
    mutating func letters() {
        state.press(.character(":"))
        #expect(state.type("w") == [.send(.save, RequestID(1))])
        state.press(.character(":"))
        state.type("q")
        #expect(state.view.overlay == .quit(QuitOverlay()))
    }

    @Test("A search leaves what holds it; esc takes it back, and then closes")
    mutating func search() {
        state.press(.function(1), .character("/"))
        state.type("ghost")
        let size = Size(width: 120, height: 36)
        let found = render(state, size: size, glyphs: .braille).snapshot
        #expect(found.contains("help /ghost ") && found.contains("a twin without") && !found.contains("slower, faster"))
        state.press(.escape)
        #expect(state.view.overlay == .help(HelpOverlay()))
        state.press(.escape)
        #expect(state.view.overlay == nil)
    }

    @Test("Up and down go through what was typed before")
    mutating func recall() {
        for line in ["lr 0.1", "epoch"] {
            state.press(.character(":"))
            state.type(line)
        }
        state.press(.character(":"), .up, .up, .up)
        #expect(state.view.overlay == .command(CommandOverlay(field: TextField("lr 0.1"), back: 2)))
        state.press(.down, .down)
        #expect(state.view.overlay == .command(CommandOverlay()))
    }

    @Test("Commands about what has happened know what there is")
    func known() {
        var state = FakeRun.state(after: 1000, edit: (700, 0.005))
        func answer(_ line: String) -> (sent: [Effect], mistake: String?) {
            state.view.overlay = nil
            state.press(.character(":"))
            let effects = state.type(line)
            guard case .command(let overlay)? = state.view.overlay else { return (effects, nil) }
            return (effects, overlay.mistake)
        }
        #expect(answer("goto 1,001").mistake == "step 1,001 is still to come; this is step 1,000")
        #expect(answer("break step 1000").mistake == "step 1,000 is over")
        #expect(answer("break epoch 2").mistake == "epoch 2 is over")
        #expect(answer("@999 lr 1").mistake == "step 999 is past; this is step 1,000")
        #expect(answer("ghost 2").mistake == "there is no edit '2'; the edits are 1")
        #expect(answer("ghost 1").sent == [.send(.showTwin(withoutEdit: 1), RequestID(2))])

        let plan = PlannedEdit(number: 4, name: "learning_rate", change: .dividedBy(3), step: 1200)
        let race = Race(
            name: "learning_rate", old: 0.01,
            entrants: [
                .init(branch: BranchID(3), value: 0.1, edit: 2), .init(branch: BranchID(4), value: 0.2, edit: 3),
            ], step: 1000)
        let watch = Watch(policy: .rewind, breakpoints: [.lossAbove(2), .epoch(5)])
        let events: [Event] = [
            .lineage(state.run.lineage.forked(as: BranchID(2), at: Moment(step: 700, edits: 0)), redo: nil),
            .moved(Move(.step, left: .first, leftStep: 1000, branch: BranchID(2), step: 700)),
            .planned(plan), .watching(watch),
        ]
        state.receive(EngineUpdate(events: events, progress: state.progress!))
        #expect(answer("cancel 3").mistake == "there is no planned edit '3'; planned: 4")
        #expect(answer("cancel 4").sent == [.send(.cancelPlan(4), RequestID(3))])
        #expect(answer("branch 9").mistake == "there is no branch '9' that was left; left: 1 at step 1,000")
        #expect(answer("branch 1").sent == [.send(.goToBranch(.first), RequestID(4))])
        state.receive(EngineUpdate(events: [.race(race)], progress: state.progress!))
        #expect(answer("adopt 3").mistake == "the entrants are 1 to 2")
        #expect(answer("adopt 2").sent == [.send(.adopt(BranchID(4)), RequestID(5))])
        #expect(answer("fork lr 1 2").mistake == "a race is on: enter adopts, esc ends it")
        for (line, text) in [
            ("branch", "on branch 2; left: 1 at step 1,000"), ("break", "pauses at: loss > 2, epoch 5"),
            ("guard", "a loss that is not finite makes the run go back some steps and on with half the learning rate"),
        ] {
            #expect(answer(line).sent == [])
            #expect(state.view.notice?.text == text)
        }
    }

    @Test(
        "What a word can be is known where it stands",
        arguments: [
            ("guard r", ["guard rewind"]), ("break val_loss ", ["break val_loss rises"]),
            ("fork lea", ["fork learning_rate"]),
            ("@1200 lea", ["@1200 learning_rate"]), ("lr 0.1 o", ["lr 0.1 over"]), ("nesterov 1 ", []),
            ("ghost o", ["ghost off"]), ("theme mono ", []),
        ] as [(String, [String])])
    func completions(line: String, expected: [String]) {
        #expect(TypedCommand.completions(of: line, in: state) == expected)
    }
}
