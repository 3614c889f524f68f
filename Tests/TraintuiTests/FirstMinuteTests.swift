import Foundation
import Testing

extension Program {
    /// The program as somebody starts it for the first time: without a word behind its name.
    @Suite(.serialized)
    struct FirstMinute {
        @Test
        func itWaitsUntilItIsToldToBeginAndEndsWithACard() throws {
            let terminal = try Tmux()
            let before = try terminal.waitForStillness(with: "● PAUSED", "space starts", "? shows all keys")
            #expect(before.step == 0)
            try terminal.keys("Space")
            try terminal.wait("steps are taken") { ($0.step ?? 0) > 3 && $0.contains("pace 30") }
            try terminal.keys("-")
            try terminal.wait(for: "1 learning rate 0.01 → 0.005")
            try terminal.keys("f")
            let card = try terminal.wait(for: "● DONE", "━ done ━")
            #expect(card.contains("best epoch") && card.contains("traintui --data FILE.csv --target COLUMN"))
            try terminal.keys("q")
            try terminal.wait(for: "━ quit ━")
            try terminal.keys("q")
            #expect(try terminal.code() == 0)
        }

        @Test(arguments: ["--pace 100", "--save w"])
        func whoeverAsksForMoreIsNotKeptWaiting(arguments: String) throws {
            let terminal = try Tmux(arguments)
            try terminal.wait("steps are taken") { ($0.step ?? 0) > 3 }
        }
    }
}
