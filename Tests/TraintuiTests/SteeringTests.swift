import Foundation
import Testing

extension Program {
    /// A run in a terminal of 100 x 30, and what keys do to it.
    @Suite(.serialized)
    struct Steering {
        private let terminal: Tmux

        init() throws {
            terminal = try Tmux("--pace 100")
            try terminal.wait("steps are taken") { ($0.step ?? 0) > 3 }
        }

        @Test
        func everyPaneIsThereAndTheStepMoves() throws {
            let screen = try terminal.screen()
            for title in ["loss", "progress", "metrics", "hyperparameters", "live loss, last", "story"] {
                #expect(screen.contains(try Regex("[─━] ([1-9] )?\(title)")), "\(title)")
            }
            #expect(screen.contains("● TRAINING"))
            #expect(screen.contains("space pause"))
            let step = try #require(screen.step)
            try terminal.wait("the step moves on") { ($0.step ?? 0) > step }
        }

        @Test
        func nothingHappensWhilePaused() throws {
            try terminal.keys("Space")
            let before = try terminal.waitForStillness(with: "● PAUSED")
            let processorTime = try terminal.processorSeconds()
            let start = Date.now
            // Two seconds are what is measured.
            usleep(2_000_000)
            let share = (try terminal.processorSeconds() - processorTime) / -start.timeIntervalSinceNow
            #expect(try terminal.screen() == before)
            #expect(share < 0.01)
        }

        @Test
        func oneStepIsOneStep() throws {
            try terminal.keys("Space")
            let step = try #require(try terminal.waitForStillness(with: "● PAUSED").step)
            for count in 1...3 {
                try terminal.keys("n")
                try terminal.wait("\(count) more steps are taken") { $0.step == step + count }
            }
            try terminal.wait(for: "● PAUSED")
            try terminal.keys("Space")
            try terminal.wait("it goes on") { ($0.step ?? 0) > step + 3 && $0.contains("● TRAINING") }
        }

        @Test
        func aHalvedRateIsAppliedAtAStepAndMarkedOnTheChart() throws {
            try terminal.keys("Space")
            let step = try #require(try terminal.wait(for: "● PAUSED").step)
            try terminal.keys("-")
            let screen = try terminal.wait(for: "@\(step)  1 learning rate 0.01 → 0.005")
            #expect(screen.contains("@\(step)"))
            #expect(screen.contains(/[└┬─]1[┬─]/))
            #expect(screen.contains("▸ learning rate  0.005 "))
        }

        @Test
        func anExactValueIsTakenAndNonsenseRefused() throws {
            try terminal.keys("Space")
            try terminal.wait(for: "● PAUSED")
            try terminal.keys("Enter")
            try terminal.wait(for: "now 0.01; a number")
            for (text, objection) in [
                ("-1", "learning rate must be greater than 0"), ("abc", "abc is not a number"),
                ("nan", "learning rate must be a finite number"),
            ] {
                try terminal.type(text)
                try terminal.keys("Enter")
                try terminal.wait(for: objection)
                try terminal.keys("C-u")
            }
            try terminal.type("3e-3")
            try terminal.wait(for: "0.01 → 0.003")
            try terminal.keys("Enter")
            try terminal.wait(for: "▸ learning rate  0.003 ", "1 learning rate 0.01 →")
        }

        @Test
        func quittingAsksAndEscapeGoesBack() throws {
            try terminal.keys("q")
            try terminal.wait(for: "━ quit ━")
            try terminal.keys("Escape")
            try terminal.wait("the question is gone") { !$0.contains("━ quit ━") }
            try terminal.keys("q")
            try terminal.wait(for: "━ quit ━")
            try terminal.keys("q")
            #expect(try terminal.code() == 0)
            let screen = try terminal.screen()
            #expect(screen.contains("storms      8 → 30 elu → 1 · 301 weights · nadam · seed 42"))
            #expect(screen.contains("trained     0 of 5 epochs"))
            #expect(!terminal.folder.has("storms.safetensors"))
        }

        @Test
        func savingAndQuittingWritesTheWeights() throws {
            try terminal.keys("q")
            try terminal.wait(for: "━ quit ━")
            try terminal.keys("Enter")
            #expect(try terminal.code() == 0)
            #expect(try terminal.screen().contains("saved       storms.safetensors"))
            #expect(terminal.folder.has("storms.safetensors"))
        }

        @Test
        func anUndoneEditLeavesTheSameWeightsAsNone() throws {
            let steps = try #require(try terminal.screen().step)
            try terminal.keys("g")
            try terminal.keys("-")
            try terminal.wait(for: "1 learning rate 0.01 →")
            try terminal.wait("it goes on with the edit") { ($0.step ?? 0) > steps + 30 }
            try terminal.keys("u")
            try terminal.wait(for: "undo 1")
            try terminal.keys("f")
            try terminal.wait(for: "● DONE")
            try terminal.keys("q")
            try terminal.wait(for: "━ quit ━")
            try terminal.keys("Enter")
            #expect(try terminal.code() == 0)
            #expect(try Invocation("--headless", "--save", "untouched", in: terminal.folder).code == 0)
            #expect(try terminal.folder.read("storms.safetensors") == terminal.folder.read("untouched"))
        }
    }
}

extension String {
    /// The step that a dashboard's progress pane shows: "run   █▋······  177/1715".
    var step: Int? {
        guard let match = firstMatch(of: /run +\S+ +([0-9]+)\/[0-9]+/) else { return nil }
        return Int(match.1)
    }
}

extension Tmux {
    /// The processor time that the program has used: fields 14 and 15 of proc(5)'s stat, in clock ticks.
    func processorSeconds() throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(try processID())/stat", encoding: .utf8)
        // The second field, the name in parentheses, may hold blanks.
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else {
            throw Failure(description: "not a stat line: \(text)")
        }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}
