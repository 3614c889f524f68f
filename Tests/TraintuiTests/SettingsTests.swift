import Foundation
import Testing

@testable import traintui

extension Program {
    /// What a person set once for all runs.
    @Suite(.serialized)
    struct Preferences {
        private let folder: Folder

        init() throws {
            folder = try Folder()
            let place = folder.url.appending(path: ".config/traintui")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        }

        private func write(_ text: String) throws { try folder.write(".config/traintui/config.toml", text) }

        private func config(_ arguments: String..., environment: [String: String] = [:]) throws -> Invocation {
            try Invocation(["config"] + arguments, in: folder, environment: environment)
        }

        @Test func eachValueHasItsOrigin() throws {
            let none = try config("--origin").output
            #expect(none.contains("theme = \"midnight\"") && none.contains("# built in\n"))
            try write("theme = \"paper\"\n[notices]\nbell = false\n[keys]\nspace = \"v\"\n")
            let own = try config("--origin").output
            #expect(
                own.contains(/theme = "paper" +# .*config.toml:1\n/)
                    && own.contains(/bell = false +# .*config.toml:3\n/))
            #expect(
                own.contains(/"space" = \["v"\] +# .*config.toml:5\n/) && own.contains(/title = true +# built in\n/))
            try folder.write("job.toml", "[dashboard]\ntheme = \"mono\"\n")
            #expect(try config("--origin", "job.toml").output.contains(/theme = "mono" +# job.toml\n/))
            let environment = ["TRAINTUI_THEME": "okabe-ito", "TRAINTUI_RUNS": "/somewhere"]
            let set = try config("--origin", "job.toml", environment: environment).output
            #expect(set.contains(/theme = "okabe-ito" +# TRAINTUI_THEME\n/))
            #expect(set.contains(/runs = "\/somewhere" +# TRAINTUI_RUNS\n/))
            // What is printed can be written to the file.
            let printed = try config().output
            try write(printed)
            #expect(try config().output == printed)
        }

        @Test func aMistakeIsOneLineWithItsPlace() throws {
            for (text, objection) in [
                ("them = \"paper\"", ":1:1: unknown key 'them'"), ("theme = 3", ":1:1: 'theme' must be a string"),
                ("glyphs = \"dots\"", ":1:1: there are no glyphs 'dots'"),
                ("runs = \"here\"", ":1:1: 'runs' must be an absolute path"),
                ("[keys]\nspace = \"n\"", ":2:1: 'space' cannot be moved to 'n', which means: one step"),
                ("[keys]\nwhat = \"n\"", ":2:1: 'what' is no key"),
                ("[keys]\nspace = [\"v\", \"v\"]", "which is taken"),
                ("[keys]\n\"ctrl-c\" = \"v\"", "is no key that can be moved"),
            ] {
                try write(text)
                let answer = try config()
                #expect(answer.code == 78 && answer.errors.contains(objection), "\(answer.errors)")
                #expect(answer.errors.split(separator: "\n").count == 1)
            }
        }

        @Test func runsAreWhereTheyAreWanted() throws {
            try write("runs = \"\(folder.path)/own\"")
            #expect(try Invocation("--headless", "--epochs", "1", in: folder).code == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/own").count == 1)
            #expect(try Invocation("runs", in: folder).output.contains("storms"))
        }

        @Test func movedKeysAreThoseOfTheListToo() throws {
            try write("theme = \"paper\"\n[keys]\nspace = \"v\"\nr = \"w\"\n")
            for _ in 0..<2 { #expect(try Invocation("--headless", "--epochs", "1", in: folder).code == 0) }
            let terminal = try Tmux("runs", width: 120, height: 36, in: folder)
            try terminal.wait(for: "2 in all", "v mark", "w resume")
            try terminal.keys("Space")
            try terminal.type("v")
            try terminal.wait(for: "1 marked")
            try terminal.type("rw")
            try terminal.wait(for: "all its epochs are done")
            try terminal.type("?")
            try terminal.wait(for: "w                 go on with a run that did not end", "mark a run, or no longer")
            try terminal.keys("Escape")
            try terminal.type("q")
            #expect(try terminal.code() == 0)
            for (moves, objection) in [
                ("space = \"r\"", "'space' cannot be moved to 'r', which means: in the list of runs, go on with"),
                ("r = \"n\"", "'r' cannot be moved to 'n', which means: in the list of runs, write a note"),
            ] {
                try write("[keys]\n\(moves)\n")
                #expect(try config().errors.contains(objection))
            }
        }

        @Test func movedKeysAreObeyedAndShown() throws {
            try write("theme = \"paper\"\n[keys]\nspace = \"v\"\n\"?\" = \"H\"\n")
            let terminal = try Tmux("job.toml --pace 100 --epochs 3", in: folder)
            try folder.write("job.toml", "")
            try terminal.wait("steps are taken") {
                ($0.step ?? 0) > 3 && $0.contains("v pause") && $0.contains("H help")
            }
            try terminal.keys("Space")
            try terminal.keys("v")
            try terminal.wait(for: "● PAUSED", "v resume")
            try terminal.keys("?")
            try terminal.keys("H")
            try terminal.wait(for: "pause, resume", "one step, then pause")
            try terminal.wait("the title says so") { _ in try terminal.fact("pane_title").hasPrefix("storms paused ") }
        }
    }
}
