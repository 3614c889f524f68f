import Testing

extension Program {
    /// Everything that a person can do to a run, at random, and the journal's word that it can be done again.
    @Suite(.serialized)
    struct RandomSteering {
        @Test(arguments: 1...20)
        func isReplayedBitForBit(seed: Int) throws {
            let pace = seed.isMultiple(of: 2) ? 0 : 300
            let terminal = try Tmux("--epochs 4000 --pace \(pace) --journal j", width: 120, height: 36)
            try terminal.wait("steps are taken") { ($0.step ?? 0) > 3 }
            var random = Draws(seed: UInt64(seed))
            for _ in 0..<40 {
                try Action.random(&random).take(in: terminal, &random)
                let screen = try terminal.wait("the run takes steps or waits") {
                    $0.contains(/● (TRAINING|PAUSED|DIVERGED)/)
                }
                if !screen.contains("● TRAINING") { try terminal.keys("Space") }
            }
            try terminal.type(":quit\r")
            try terminal.wait(for: "━ quit ━")
            try terminal.keys("q")
            #expect(try terminal.code() == 0)
            for kernels in ["", "v3"] {
                let replay = try Invocation(
                    ["replay", "j"], in: terminal.folder, environment: ["TRAINTUI_KERNELS": kernels])
                let identical = /[0-9,]+ steps?, ([0-9]+) edits?.*: identical\n/
                let match = try #require(try identical.wholeMatch(in: replay.output), "\(replay)")
                // Not each of the forty can be done where the run stands; a good part of them can.
                #expect(try #require(Int(match.1)) > 5)
            }
        }
    }
}

extension Program.RandomSteering {
    /// What a person does.
    private enum Action: CaseIterable {
        case halve, double, edit, ramp, plan, undo, redo, goTo, goWithCursor, best, branch, ghost, race, fork, test

        static func random(_ draws: inout Draws) -> Action {
            // Edits are what most else is about.
            draws.below(3) == 0 ? .edit : allCases[draws.below(allCases.count)]
        }

        func take(in terminal: Tmux, _ draws: inout Draws) throws {
            switch self {
            case .halve: try terminal.keys("-")
            case .double: try terminal.keys("+")
            case .edit:
                let edits = [
                    "lr 0.00\(1 + draws.below(9))", "l2 0.0\(1 + draws.below(9))", "batch \(8 + draws.below(99))",
                    "optimizer adam", "optimizer nadam", "optimizer sgd", "beta_1 0.\(5 + draws.below(4))",
                ]
                try command("\(edits[draws.below(edits.count)])", in: terminal)
            case .ramp: try command("lr 0.00\(1 + draws.below(9)) over \(1 + draws.below(200))", in: terminal)
            case .plan: try command("@\((try terminal.screen().step ?? 0) + draws.below(300)) lr /3", in: terminal)
            case .undo: try terminal.keys("u")
            case .redo: try terminal.keys("U")
            case .goTo: try command("goto \(draws.below(1 + (try terminal.screen().step ?? 0)))", in: terminal)
            case .goWithCursor: try terminal.keys("1", "Left", "S-Left", "Enter", "4")
            case .best: try terminal.keys("R")
            case .branch: try command("branch \(1 + draws.below(12))", in: terminal)
            case .ghost: try terminal.keys("g")
            case .race:
                try terminal.keys("b")
                try settleRace(in: terminal, &draws)
            case .fork:
                try command("fork optimizer adam nadam sgd rmsprop", in: terminal)
                try settleRace(in: terminal, &draws)
            case .test:
                try terminal.keys("F")
                try terminal.wait(for: "what each learning rate comes to")
                try terminal.keys(draws.below(2) == 0 ? "Enter" : "Escape")
                try terminal.wait("the test's box is gone") { !$0.contains("what each learning rate comes to") }
            }
        }

        /// Types a command. One that cannot be meant here, as to a branch that there is not, leaves the line open.
        private func command(_ text: String, in terminal: Tmux) throws {
            try terminal.type(":\(text)")
            let typed = try terminal.wait("it is typed") { $0.commandLine?.hasPrefix(":\(text) ") == true }
            try terminal.keys("Enter")
            let after = try terminal.wait("the command is taken or refused") {
                $0.commandLine == nil || $0.rowAboveCommandLine != typed.rowAboveCommandLine
            }
            guard after.commandLine != nil else { return }
            try terminal.keys("Escape")
            try terminal.wait("the line is gone") { $0.commandLine == nil }
        }

        /// Waits for a race, and adopts an entrant or none.
        private func settleRace(in terminal: Tmux, _ draws: inout Draws) throws {
            try terminal.wait(for: "● RACING")
            if draws.below(2) == 0 { try terminal.keys("Down") }
            try terminal.keys(draws.below(3) == 0 ? "Escape" : "Enter")
            try terminal.wait("the race is over") { !$0.contains("● RACING") }
        }
    }

    /// Draws that a seed names: a linear congruential generator with the constants of Knuth's MMIX.
    private struct Draws {
        private var state: UInt64

        init(seed: UInt64) { state = seed }

        mutating func below(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(count))
        }
    }
}

extension String {
    /// The row in which a command is typed, nil where none is.
    fileprivate var commandLine: String? {
        split(separator: "\n").last.flatMap { $0.hasPrefix(":") ? String($0) : nil }
    }

    /// What is said of the command.
    fileprivate var rowAboveCommandLine: Substring? { split(separator: "\n").dropLast().last }
}
