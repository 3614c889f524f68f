import Foundation
import NcursesTerminal
import Testing

extension Program {
    /// What each signal does, at random moments, in the dashboard and without it.
    @Suite(.serialized)
    struct Signals {
        /// Where the program runs.
        enum Face: String, CaseIterable, CustomTestStringConvertible {
            case dashboard, headless

            var testDescription: String { rawValue }
        }

        /// All signals that a process can be sent, those of the C library's own use left out.
        static let numbers = TerminalSignal.table.flatMap { $0.numbers.count == 1 ? Array($0.numbers) : [34, 47, 64] }

        /// How often each signal is sent to a program of its own, at a moment of its own. `TRAINTUI_SIGNAL_ROUNDS=50`
        /// takes some ten minutes.
        static let rounds = ProcessInfo.processInfo.environment["TRAINTUI_SIGNAL_ROUNDS"].flatMap { Int($0) } ?? 2

        @Test(arguments: Face.allCases, numbers)
        func doesWhatTheTableSaysAndLeavesTheTerminalAsItWas(face: Face, number: Int32) throws {
            let signal = try #require(TerminalSignal(number: number))
            for round in 0..<Self.rounds {
                let folder = try Folder()
                try folder.writeEndlessJob()
                let terminal = try PseudoTerminal(
                    (face == .headless ? ["--headless"] : []) + ["job.toml", "--pace", "1000", "--save", "w"],
                    in: folder)
                // In every other round it may come before the program is ready for it.
                let isEarly = round % 2 == 1
                if !isEarly { try waitUntilItTrains(terminal, face) }
                usleep(.random(in: 0...(isEarly ? 150_000 : 30_000)))
                try terminal.kill(number)
                try checkEnd(of: terminal, after: signal, face, isEarly: isEarly)
                let isKilled = number == SIGKILL && face == .dashboard
                #expect(isKilled || terminal.leftovers.isEmpty, "SIG\(signal.name): \(terminal.leftovers)")
            }
        }

        private func checkEnd(
            of terminal: PseudoTerminal, after signal: TerminalSignal, _ face: Face, isEarly: Bool
        ) throws {
            switch signal.action {
            case .ends:
                let status = try terminal.end(within: 10)
                #expect(status.code == signal.exitCode, "SIG\(signal.name): \(status)")
                if isEarly { return }
                #expect(status == .exited(signal.exitCode), "SIG\(signal.name)")
                #expect(terminal.folder.has("w"), "SIG\(signal.name) wrote no weights")
            case .dies:
                // For some milliseconds before the program's first line Swift's own handler takes them. It waits for a
                // key, and then goes on after what was not a real crash.
                var isAnswered = !isEarly
                try terminal.wait("it ends") {
                    if !isAnswered, terminal.text.contains("Press space") {
                        isAnswered = true
                        try terminal.type("q")
                    }
                    return terminal.status.code != nil || isEarly && isAnswered && trains(terminal, face)
                }
                if terminal.status.code == nil { try terminal.kill(signal.number) }
                #expect(try terminal.end() == .died(of: signal.number))
            case .leftAlone where signal.number == SIGKILL:
                #expect(try terminal.end() == .died(of: SIGKILL))
            case .leftAlone where signal.number == SIGSTOP, .suspends:
                // Nobody can catch SIGSTOP.
                try terminal.waitForStop(puttingTerminalBack: signal.action == .suspends)
                terminal.goOn(inForeground: true)
                try terminal.wait("it goes on") { terminal.status == .runs }
                try endIt(terminal, face)
            case .warns:
                if !isEarly {
                    try terminal.wait("the weights are written") { terminal.folder.has("w") }
                    try endIt(terminal, face)
                } else {
                    // Where it came before the program was ready, it died of it.
                    try terminal.wait("it trains or has ended") {
                        terminal.status.code != nil || trains(terminal, face)
                    }
                    if terminal.status.code == nil { try endIt(terminal, face) }
                    _ = try terminal.end()
                }
            case .ignored where isEarly && terminal.status.code != nil:
                #expect(try terminal.end() == .died(of: signal.number))
            case .ignored, .leftAlone, .resumes, .resizes:
                if isEarly {
                    try terminal.wait("it trains or has ended") {
                        terminal.status.code != nil || trains(terminal, face)
                    }
                    guard terminal.status.code == nil else {
                        #expect(terminal.status == .died(of: signal.number))
                        return
                    }
                }
                try endIt(terminal, face)
            }
        }

        /// Ends a program that a signal has not ended.
        private func endIt(_ terminal: PseudoTerminal, _ face: Face) throws {
            try waitUntilItTrains(terminal, face)
            try terminal.kill(SIGTERM)
            #expect(try terminal.end(within: 10) == .exited(143))
        }

        private func trains(_ terminal: PseudoTerminal, _ face: Face) -> Bool {
            switch face {
            case .dashboard: terminal.isAlternate && terminal.text.contains("learning rate")
            case .headless: terminal.text.contains("Epoch 1/") && terminal.text.contains(" - mean: ")
            }
        }

        private func waitUntilItTrains(_ terminal: PseudoTerminal, _ face: Face) throws {
            try terminal.wait("it trains") { trains(terminal, face) }
        }

        @Test
        func theDocumentationHasTheTable() throws {
            let page = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "../../Sources/traintui/traintui.docc/Signals.md").standardized
            let text = try String(contentsOf: page, encoding: .utf8)
            let table = TerminalSignal.markdownTable
            #expect(text.contains(table), "the page's table of signals should be:\n\(table)")
        }

        @Test
        func theTableHasEverySignalOfTheSystem() {
            let known = Set(TerminalSignal.table.flatMap { Array($0.numbers) })
            // 32 and 33 are the C library's own: it lets nobody catch them.
            #expect(known == Set(1...64).subtracting([32, 33]))
        }
    }
}

extension Folder {
    /// A small job, `job.toml`, that goes on until somebody ends it.
    func writeEndlessJob() throws {
        let rows = (0..<64).map { "\($0),\($0 * 7 % 13)" }
        try write("t.csv", (["x,y"] + rows).joined(separator: "\n") + "\n")
        try write(
            "job.toml",
            """
            [data]
            path = "t.csv"
            target = "y"
            [[model.layers]]
            units = 4
            activation = "elu"
            [[model.layers]]
            units = 1
            [training]
            epochs = 1000000000
            batch_size = 32
            """)
    }
}
