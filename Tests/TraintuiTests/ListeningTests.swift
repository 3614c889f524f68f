import Foundation
import Testing

extension Program {
    /// A training of the program itself, seen from another terminal.
    @Suite("A training that listens", .serialized)
    struct Listening {
        private let folder: Folder
        private var place: [String: String] { ["XDG_RUNTIME_DIR": folder.path] }

        init() throws { folder = try Folder() }

        @Test("is seen and steered from another terminal, at the same step")
        func twoTerminals() throws {
            let here = try Tmux("--listen --pace 60", in: folder, environment: place)
            try here.wait("steps are taken") { ($0.step ?? 0) > 3 }
            let there = try Tmux("attach", in: folder, environment: place)
            try there.wait("steps are seen") { ($0.step ?? 0) > 3 }
            try there.keys("Space")
            let step = try #require(try here.waitForStillness(with: "● PAUSED").step)
            try there.wait("it is paused there") { $0.step == step && $0.contains("● PAUSED") }
            try there.keys("-")
            for terminal in [here, there] { try terminal.wait(for: "@\(step)  1 learning rate 0.01 → 0.005") }
            // The other way round.
            try here.keys("n")
            try there.wait("a step is taken") { $0.step == step + 1 }
            try here.keys("u")
            try there.wait("it went back") { $0.step == step && $0.contains("undo 1") }
            // A dashboard that goes takes nothing with it.
            try there.keys("q")
            try there.wait(for: "quit")
            try there.keys("q")
            #expect(try there.code() == 0)
            try here.keys("f", "Space")
            try here.wait(for: "● DONE")
            try here.keys("q", "q")
            #expect(try here.code() == 0)
        }

        @Test("is found again where a logout removed its socket")
        func loggedOut() throws {
            let training = try Tmux("--headless --listen --pace 200", in: folder, environment: place)
            try training.wait(for: "listening: traintui attach storms-")
            try FileManager.default.removeItem(atPath: folder.path + "/traintui")
            try training.wait("it is found") { _ in
                try Invocation("attach", "--list", in: folder, environment: place).output.hasPrefix("storms-")
            }
        }

        @Test("is steered without a dashboard of its own, and its numbers are those of the edit")
        func headless() throws {
            let training = try Tmux(
                "--headless --listen --pace 200 --log-steps steps.csv --journal run.jsonl", in: folder,
                environment: place)
            try training.wait(for: "listening: traintui attach storms-")
            let there = try Tmux("attach", in: folder, environment: place)
            try there.wait("steps are seen") { ($0.step ?? 0) > 3 }
            try there.keys("Space")
            let step = try #require(try there.waitForStillness(with: "● PAUSED").step)
            try there.keys("-")
            try there.wait(for: "@\(step)  1 learning rate 0.01 → 0.005")
            try there.keys("f", "Space")
            try there.wait(for: "the training has ended")
            #expect(try training.code() == 0)
            let rates = try folder.text("steps.csv").split(separator: "\n").dropFirst().map {
                $0.split(separator: ",")[2]
            }
            #expect(rates.firstIndex(of: "0.005") == step && Set(rates.dropFirst(step)) == ["0.005"])
            #expect(try Invocation("replay", "run.jsonl", in: folder).code == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/traintui").isEmpty)
        }

        @Test("says in a line why it cannot listen")
        func refusals() throws {
            try folder.write("traintui", "no folder")
            let run = try Invocation("--headless", "--listen", "--epochs", "1", in: folder, environment: place)
            #expect(run.code == 73 && run.output.isEmpty)
            #expect(run.errors == "traintui: --listen: \(folder.path)/traintui is no folder\n")
        }
    }
}
