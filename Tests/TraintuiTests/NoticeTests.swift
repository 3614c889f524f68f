import Foundation
import Testing

@testable import traintui

extension Program {
    /// What reaches a person who looks at another window, byte for byte, and what is offered at a start.
    @Suite(.serialized)
    struct Announcements {
        private let folder: Folder

        init() throws {
            folder = try Folder()
            try folder.write("job.toml", "")
        }

        private func settings(_ text: String) throws {
            let place = folder.url.appending(path: ".config/traintui")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            try folder.write(".config/traintui/config.toml", text)
        }

        /// Notifications that came, and how often the bell rang beside them; titles end with a bell of their own.
        private func heard(_ bytes: [UInt8]) -> (notifications: [String], bells: Int) {
            var (notifications, bells): ([String], Int) = ([], 0)
            var rest = String(decoding: bytes, as: UTF8.self)[...]
            while let start = rest.unicodeScalars.firstIndex(where: { $0 == "\u{7}" || $0 == "\u{1B}" }) {
                rest = rest[start...]
                guard rest.hasPrefix("\u{1B}]") else {
                    if rest.unicodeScalars.first == "\u{7}" { bells += 1 }
                    rest = rest[rest.unicodeScalars.index(after: rest.startIndex)...]
                    continue
                }
                let end = rest.unicodeScalars.firstIndex(of: "\u{7}") ?? rest.endIndex
                if rest.hasPrefix("\u{1B}]9;") { notifications.append(String(rest[..<end].dropFirst(4))) }
                rest = end < rest.endIndex ? rest[rest.unicodeScalars.index(after: end)...] : ""
            }
            return (notifications, bells)
        }

        /// Runs the program until it says something on its screen, and leaves it.
        private func run(_ arguments: String..., typing: String = "", until word: String) throws -> [UInt8] {
            let terminal = try PseudoTerminal(arguments, in: folder)
            if !typing.isEmpty {
                try terminal.wait("it trains") { terminal.text.contains("TRAINING") }
                try terminal.type(typing)
            }
            try terminal.wait("it says \(word)") { terminal.text.contains(word) }
            try terminal.type("qqy")
            _ = try terminal.end()
            return terminal.output
        }

        @Test func aRunThatEndsRingsAndNotifiesOnce() throws {
            let (notifications, bells) = heard(
                try run("job.toml", "--epochs", "2", "--pace", "0", until: "done: 2 epochs"))
            #expect(notifications == ["storms: done: 2 epochs"] && bells == 1)
        }

        @Test func soDoesOneThatDiverges() throws {
            try folder.write("job.toml", "[optimizer]\nname = \"sgd\"\nlearning_rate = 1e5\n")
            let (notifications, bells) = heard(try run("job.toml", "--pace", "0", until: "DIVERGED"))
            #expect(notifications.count == 1 && notifications[0].hasPrefix("storms: diverged: ") && bells == 1)
        }

        @Test func soDoesABreakpoint() throws {
            let bytes = try run("job.toml", "--pace", "200", typing: ":break step 300\r", until: "PAUSED")
            let (notifications, bells) = heard(bytes)
            #expect(notifications == ["storms: paused at step 300: step 300"] && bells == 1)
        }

        @Test(arguments: [(true, false), (false, true), (false, false)])
        func eachIsOffWhereAPersonSaysSo(bell: Bool, notification: Bool) throws {
            try settings("[notices]\nbell = \(bell)\nnotification = \(notification)\ntitle = false\n")
            let bytes = try run("job.toml", "--epochs", "2", "--pace", "0", until: "done: 2 epochs")
            let (notifications, bells) = heard(bytes)
            #expect(bells == (bell ? 1 : 0) && notifications.count == (notification ? 1 : 0))
            #expect(!String(decoding: bytes, as: UTF8.self).contains("\u{1B}]2;"))
        }

        @Test func aRunThatWasCutOffIsOfferedAtTheStart() throws {
            let job = ["job.toml", "--epochs", "400", "--pace", "300", "--checkpoint-every", "0.1"]
            let first = try Tmux(job.joined(separator: " "), in: folder)
            try first.wait("it trains") { ($0.step ?? 0) > 100 }
            #expect(kill(try first.processID(), SIGKILL) == 0)
            let runs = folder.url.appending(path: ".local/state/traintui/runs")
            let name = try #require(try FileManager.default.contentsOfDirectory(atPath: runs.path()).first)
            let step = try #require(RunRecord.read(runs.appending(path: "\(name)/run.json").path())).step
            let second = try Tmux("job.toml --pace 100", width: 140, in: folder)
            try second.wait(for: "a run that was cut off at step \(step): traintui resume \(name)")
            try second.type("qqy")
            try second.wait(for: "before it   a run that was cut off at step \(step)")
            // One that came to its end is none to go on with.
            #expect(try Invocation("job.toml", "--headless", "--epochs", "1", in: folder).code == 0)
            let third = try Tmux("job.toml --pace 100", width: 140, in: folder)
            try third.wait("it trains") { ($0.step ?? 0) > 3 && !$0.contains("cut off") }
        }
    }
}
