import RunModel
import TrainProtocol
import Wording

extension TypedCommand {
    /// Commands that steer the run and the program.
    static let fixed: [TypedCommand] = [
        TypedCommand(names: ["pause"], help: "stop before the next step", asks: .pause) { state, _ in
            state.ask(.pause)
        },
        TypedCommand(names: ["resume"], help: "go on", asks: .resume) { state, _ in
            state.ask(.resume)
        },
        TypedCommand(names: ["step"], argument: "COUNT", help: "take so many steps, then pause", asks: .step) {
            (state, text) throws(Mistake) in
            guard !text.isEmpty else { return state.ask(.step(1)) }
            guard let count = text.wholeNumber, count > 0 else {
                throw Mistake(message: "'\(text)' is not a number of steps")
            }
            return state.ask(.step(count))
        },
        TypedCommand(
            names: ["pace"], argument: "NUMBER", help: "steps a second to watch by; 0 is as fast as it goes",
            asks: .setPace
        ) {
            (state, text) throws(Mistake) in
            guard let pace = Double(text), pace >= 0, pace.isFinite else {
                throw Mistake(message: "'\(text)' is not a number of steps a second")
            }
            return state.ask(.setPace(pace))
        },
        TypedCommand(names: ["epoch"], help: "go on to the end of the epoch, then pause", asks: .runEpoch) { state, _ in
            state.ask(.runEpoch)
        },
        TypedCommand(names: ["eval", "evaluate"], help: "evaluate on the validation rows", asks: .evaluate) {
            (state, _) throws(Mistake) in
            guard state.description.isValidated else { throw Mistake(message: state.noValidation) }
            return state.ask(.evaluate)
        },
        TypedCommand(
            names: ["test"], argument: "[now]", help: "look at the test rows before the end", asks: .test,
            choices: { _, words in words.isEmpty ? ["now"] : [] }
        ) {
            (state, text) throws(Mistake) in
            guard text == "now" else {
                throw Mistake(
                    message: "what is changed after a look at the test rows is fitted to them; look with :test now")
            }
            return state.ask(.test)
        },
        TypedCommand(
            names: ["save", "w"], argument: "[best]", help: "write the weights, or those of the best validation",
            asks: .save, choices: { _, words in words.isEmpty ? ["best"] : [] }
        ) {
            (state, text) throws(Mistake) in
            guard text.isEmpty || text == "best" else {
                throw Mistake(message: "'best', or nothing for the weights as they are")
            }
            return state.ask(text.isEmpty ? .save : .saveBest)
        },
        TypedCommand(
            names: ["theme"], argument: "NAME", help: "draw in another theme", choices: { $1.isEmpty ? $0.themes : [] }
        ) {
            (state, text) throws(Mistake) in
            if state.themes.contains(text) { return state.use(theme: text) }
            let near = closest(text, among: state.themes)
            let all = state.themes.joined(separator: ", ")
            throw Mistake(
                message: near.map { "there is no theme '\(text)'; did you mean '\($0)'?" } ?? "the themes are \(all)")
        },
        TypedCommand(
            names: ["overlay"], argument: "RUN", help: "draw another run under this one; overlay off",
            choices: { $1.isEmpty ? ["off"] + $0.view.overlaid.map(\.name) : [] }
        ) { state, text in
            switch text {
            case "": state.view.overlay = .overlaid(OverlaidOverlay())
            case "off":
                state.view.overlaid = []
                state.view.chart.follow(state)
            default: return [.overlay(text)]
            }
            return []
        },
        TypedCommand(
            names: ["note"], argument: "TEXT",
            help: "write a note about the run, for traintui runs; without one, remove it"
        ) { _, text in
            [.note(text)]
        },
        TypedCommand(
            names: ["picture"], argument: "FILE",
            help: "write the screen to a .svg or .txt file; with chart behind it, the chart",
            choices: { _, words in words.count == 1 ? Picture.allCases.map(\.rawValue) : [] },
            action: { (state, text) throws(Mistake) in
                let words = text.words
                guard let path = words.first, path.hasSuffix(".svg") || path.hasSuffix(".txt") else {
                    throw Mistake(message: "type a file that ends in .svg or .txt: picture run.svg")
                }
                guard words.count <= 2, let picture = Picture(rawValue: words.count == 2 ? words[1] : "screen") else {
                    throw Mistake(message: "behind the file stands chart, screen or nothing")
                }
                return [.picture(path: path, picture)]
            }),
        TypedCommand(names: ["help"], help: "all keys and commands") { state, _ in
            state.view.overlay = .help(HelpOverlay())
            return []
        },
        TypedCommand(names: ["quit", "q"], help: "quit, after a question") { state, _ in
            state.view.overlay = .quit(QuitOverlay())
            return []
        },
    ]
}
