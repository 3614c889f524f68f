import Foundation
import Testing

extension Program {
    /// The program in terminals of all sizes and kinds, and every way out of them.
    @Suite(.serialized)
    struct Terminals {
        @Test(arguments: [(80, 24), (200, 55), (44, 12)])
        func fillsTheScreen(width: Int, height: Int) throws {
            let terminal = try Tmux("--pace 100", width: width, height: height)
            // The whole of a large screen takes a while to come.
            let screen = try terminal.wait("steps are taken") { ($0.step ?? 0) > 3 && $0.contains("q quit") }
            #expect(screen.contains("live loss"))
            #expect(screen.contains("learning rate"))
            #expect(screen.contains("q quit"))
        }

        @Test
        func saysWhatSizeItNeedsAndStillQuits() throws {
            let terminal = try Tmux("--pace 100", width: 30, height: 8)
            try terminal.wait(for: "30 x 8, needed 40 x 10")
            try terminal.keys("C-c")
            try terminal.keys("C-c")
            #expect(try terminal.code() == 130)
        }

        @Test
        func manyResizesLeaveNoRubbish() throws {
            let terminal = try Tmux("--pace 100")
            try terminal.wait("steps are taken") { ($0.step ?? 0) > 3 }
            try terminal.keys("Space")
            let before = try terminal.waitForStillness(with: "● PAUSED")
            for round in 0..<40 { try terminal.resize(width: 20 + round * 37 % 150, height: 5 + round * 13 % 45) }
            try terminal.resize(width: 100, height: 30)
            try terminal.wait("the screen is as it was") { $0 == before }
        }

        @Test
        func thesameBitsWithTheDashboardOpenAndResized() throws {
            let folder = try Folder()
            #expect(try Invocation("--headless", "--epochs", "2", "--save", "plain", in: folder).code == 0)
            let terminal = try Tmux("--epochs 2 --pace 1000 --save watched", in: folder)
            for round in 0..<10 { try terminal.resize(width: 60 + round * 7, height: 20 + round) }
            try terminal.wait(for: "● DONE")
            let (watched, plain) = (try folder.read("watched"), try folder.read("plain"))
            #expect(watched == plain)
        }

        @Test
        func drawsInASCIIWhereTheLocaleHasNothingElse() throws {
            let terminal = try Tmux("--pace 100", environment: ["LANG": "C", "LC_ALL": "C"])
            let screen = try terminal.wait("steps are taken") { $0.contains("TRAINING") && $0.contains("live loss") }
            #expect(screen.utf8.count == screen.count, "\(screen)")
        }

        @Test
        func drawsWithoutColourWhereNoneIsWanted() throws {
            let terminal = try Tmux("--pace 100", environment: ["NO_COLOR": "1"])
            try terminal.wait("steps are taken") { ($0.step ?? 0) > 3 }
            #expect(try terminal.styledScreen().firstMatch(of: Self.color) == nil)
        }

        /// Numbers such as 31, 48 and 97 are colours; 39 and 49 take them back, and bold, faint and reverse are none.
        private static var color: Regex<Substring> {
            /\u{1B}\[(?:[0-9;]*;)?(?:[34][0-8]|9[0-7]|10[0-7])(?:;[0-9;]*)?m/
        }

        @Test
        func anUnknownTerminalGetsOneLine() throws {
            let terminal = try Tmux(environment: ["TERM": "bogus"])
            #expect(try terminal.code() == 1)
            let lines = try terminal.screen().split(separator: "\n").filter { $0.hasPrefix("traintui:") }
            #expect(
                lines == [
                    "traintui: the terminal type 'bogus' is not known; set TERM, for example to xterm-256color"
                ])
        }

        @Test
        func aDivergedRunSaysSoAndEndsWithItsOwnCode() throws {
            let terminal = try Tmux("--optimizer sgd --learning-rate 1e5 --pace 0")
            try terminal.wait(for: "● DIVERGED", "step 2")
            try terminal.keys("q")
            try terminal.wait(for: "━ quit ━")
            try terminal.keys("q")
            #expect(try terminal.code() == 2)
        }

        @Test
        func aBadThemeIsNamedAndTheStandardOneUsed() throws {
            let folder = try Folder()
            try folder.write("mine.toml", "name = 'mine'\nsummary = 'x'\n[roles]\ntexd = { fg = '#ffffff' }\n")
            let terminal = try Tmux("--pace 100 --theme mine.toml", width: 120, in: folder)
            // In the log, and for a while in the hint bar's place, which is drawn last.
            try terminal.wait("the last row names it") { screen in
                screen.split(separator: "\n").last?.contains("mine.toml:4") == true && screen.contains("midnight")
            }
        }

        @Test
        func aBrokenThemeLeavesTheTrainingAndTheScreenAlone() throws {
            let folder = try Folder()
            let themes = folder.url.appending(path: ".config/traintui/themes")
            try FileManager.default.createDirectory(at: themes, withIntermediateDirectories: true)
            try Data("[\n".utf8).write(to: themes.appending(path: "broken.toml"))
            let terminal = try Tmux(
                "--pace 20 --theme mono", width: 160, in: folder,
                environment: ["HOME": folder.path, "XDG_CONFIG_HOME": ""])
            let before = try terminal.wait("steps are taken") { ($0.step ?? 0) > 3 }
            // The person's own stands behind the built-in ones, of which mono is the last.
            try terminal.keys("t")
            try terminal.wait(for: "broken.toml:1:2: the line ends here")
            #expect(try terminal.styledScreen().firstMatch(of: Self.color) == nil)
            try terminal.wait("the training goes on") { ($0.step ?? 0) > (before.step ?? 0) + 5 }
            try terminal.keys("t")
            try terminal.wait("the next theme is in use") { _ in
                try terminal.styledScreen().firstMatch(of: Self.color) != nil
            }
        }

        /// SIGTRAP is what a Swift trap raises on some machines, SIGILL on others.
        @Test(arguments: [SIGTERM, SIGINT, SIGHUP, SIGTRAP, SIGILL, SIGSEGV])
        func aSignalLeavesTheTerminalAsItWas(signal: Int32) throws {
            let terminal = try Tmux("--pace 100")
            try terminal.wait("steps are taken") { ($0.step ?? 0) > 3 }
            try terminal.kill(signal)
            try expectRestored(terminal, code: 128 + signal)
        }

        @Test
        func ctrlCTwiceEndsItWithItsWeights() throws {
            let terminal = try Tmux("--pace 100 --save w")
            try terminal.wait("steps are taken") { ($0.step ?? 0) > 3 }
            try terminal.keys("C-c")
            try terminal.wait(for: "━ quit ━")
            try terminal.keys("C-c")
            try expectRestored(terminal, code: 130)
            #expect(terminal.folder.has("w"))
        }

        private func expectRestored(_ terminal: Tmux, code: Int32) throws {
            #expect(try terminal.code() == code)
            let (before, after) = (try terminal.folder.text("stty.before"), try terminal.folder.text("stty.after"))
            #expect(after == before)
            #expect(try terminal.fact("cursor_flag") == "1")
            #expect(try terminal.fact("alternate_on") == "0")
        }
    }
}
