import Foundation
import Testing

extension Program {
    /// The mouse in a real terminal: what tmux knows of the modes that the program asked for, and the bytes that a terminal
    /// sends in them.
    @Suite(.serialized)
    struct Mouse {
        /// What a terminal sends when the left button goes down in a column and row, from 1.
        private static func press(_ x: Int, _ y: Int) -> String { "\u{1B}[<0;\(x);\(y)M\u{1B}[<0;\(x);\(y)m" }

        private static func place(of text: String, in screen: String) throws -> (x: Int, y: Int) {
            let lines = screen.split(separator: "\n", omittingEmptySubsequences: false)
            let row = try #require(lines.firstIndex { $0.contains(text) })
            let start = try #require(lines[row].range(of: text)?.lowerBound)
            return (lines[row].distance(from: lines[row].startIndex, to: start) + 1, row + 1)
        }

        private static func modes(_ terminal: Tmux) throws -> [String] {
            try ["mouse_standard_flag", "mouse_sgr_flag"].map(terminal.fact)
        }

        @Test
        func clicksFocusAndSelectAndPutTheCursor() throws {
            let terminal = try Tmux("--pace 100")
            try terminal.wait("steps are taken") { ($0.step ?? 0) > 30 }
            try terminal.keys("Space")
            let screen = try terminal.waitForStillness(with: "● PAUSED", "▸ learning rate")
            #expect(try Self.modes(terminal) == ["1", "1"])

            let batch = try Self.place(of: "batch size", in: screen)
            try terminal.type(Self.press(batch.x, batch.y))
            try terminal.wait(for: "▸ batch size")

            let title = try Self.place(of: "1 loss", in: screen)
            try terminal.type(Self.press(title.x + 8, title.y + 8))
            try terminal.wait(for: "┏━ 1 loss", "@", "go to step")
            try terminal.keys("Escape")
            try terminal.wait("the cursor is gone") { !$0.contains("go to step") }

            // A click on a hint is the key.
            let hint = try Self.place(of: "step", in: screen.split(separator: "\n").last.map(String.init) ?? "")
            let step = try #require(screen.step)
            try terminal.type(Self.press(hint.x, 30))
            try terminal.wait("a step was taken") { $0.step == step + 1 }

            try terminal.type(Self.press(title.x, title.y))
            try terminal.wait("it is zoomed") { !$0.contains("hyperparameters") && $0.contains("1 loss") }
        }

        @Test
        func theWheelSelectsAndAReportInPiecesIsStillOne() throws {
            let terminal = try Tmux("--pace 100")
            try terminal.wait("steps are taken") { ($0.step ?? 0) > 3 }
            try terminal.keys("Space")
            let screen = try terminal.waitForStillness(with: "● PAUSED", "▸ learning rate")
            let (x, y) = try Self.place(of: "batch size", in: screen)
            try terminal.type("\u{1B}[<65;\(x);\(y)M")
            try terminal.wait(for: "▸ batch size")
            try terminal.type("\u{1B}[<65;\(x)")
            usleep(200_000)
            try terminal.type(";\(y)M")
            try terminal.wait(for: "▸ l2 · layer 1")
        }

        @Test
        func theTerminalHasTheMouseAgainAfterwards() throws {
            let terminal = try Tmux("--pace 100")
            try terminal.wait("steps are taken") { ($0.step ?? 0) > 3 }
            #expect(try Self.modes(terminal) == ["1", "1"])
            try terminal.keys("q")
            try terminal.wait(for: "━ quit ━")
            try terminal.keys("q")
            #expect(try terminal.code() == 0)
            #expect(try Self.modes(terminal) == ["0", "0"])
        }

        @Test(arguments: [SIGTERM, SIGSEGV])
        func evenAfterASignal(signal: Int32) throws {
            let terminal = try Tmux("--pace 100")
            try terminal.wait("steps are taken") { ($0.step ?? 0) > 3 }
            try terminal.kill(signal)
            _ = try terminal.code()
            #expect(try Self.modes(terminal) == ["0", "0"])
        }

        @Test
        func aPersonCanLeaveItToTheTerminal() throws {
            let terminal = try Tmux("--pace 100 --no-mouse")
            try terminal.wait("steps are taken") { ($0.step ?? 0) > 3 }
            #expect(try Self.modes(terminal) == ["0", "0"])
        }
    }
}
