import Testing
import TrainCore
import TrainProtocol

@testable import JSONLines
@testable import TrainEngine

/// A journal with an edit, undo, redo, a choice, a race and an adoption in it, replayed whole, in part, and forged.
@Suite("A replay of a journal")
struct ReplayedJournalTests {
    static let data = Dataset(
        rows: 60, features: 2, targets: 1, x: (0..<120).map { Float($0 * 37 % 101) / 50 - 1 },
        y: (0..<60).map { Float($0 % 7) / 4 - 1 })
    static let job = TrainingJob(
        model: Sequential([Dense(3, activation: .elu), Dense(1)]), optimizer: .nadam(learningRate: 0.01), epochs: 4,
        batchSize: 20)

    static let header = JournalHeader(
        program: "traintui", began: "2026-03-01T09:30:00Z", title: "small", seed: job.seed, kernels: kernelLevel,
        data: .builtin("small"), dataSHA256: nil, job: "")

    static func entries() throws -> [JournalEntry] {
        final class Pen { var entries: [JournalEntry] = [] }
        let pen = Pen()
        let navigator = Navigator(try Trainer(job, training: data), memory: 1 << 20) { pen.entries.append($0) }
        func take(_ count: Int) {
            for _ in 0..<count {
                _ = navigator.run(atMost: 1, into: StepBuffer(capacity: 1, for: navigator.trainer))
                navigator.confirm()
                if navigator.trainer.isEpochComplete { navigator.noteEpoch() }
            }
        }
        take(2)
        try navigator.apply(navigator.edit("learning_rate", to: 0.5))
        take(3)
        try navigator.apply(navigator.undo())
        take(1)
        try navigator.apply(navigator.edit("optimizer", to: .choice("sgd")))
        take(2)
        try navigator.apply(navigator.go(to: .first))
        try navigator.apply(navigator.race(RaceTerms([("layers.0.l2", [0.01, 0.1])])))
        let race = try #require(navigator.race)
        race.run(atMost: 3) { _ in nil }
        try navigator.apply(navigator.endRace(adopting: race.entrants[1].branch))
        take(2)
        try navigator.apply(navigator.go(to: race.entrants[0].branch))
        take(2)
        navigator.noteEnd()
        return pen.entries
    }

    static func replay(_ entries: [JournalEntry]) throws -> Replay.Outcome {
        try Replay(of: entries, job: job, training: data).run()
    }

    @Test("is identical where nothing is missing")
    func whole() throws {
        var outcome = try Self.replay(Self.entries())
        outcome.checks = 0
        #expect(
            outcome
                == Replay.Outcome(
                    steps: 2 + 3 + 1 + 2 + 3 + 2 + 2, edits: 2, rewinds: 1, returns: 2, races: 1, lastIdenticalStep: 10,
                    isComplete: true))
    }

    @Test("ends at the run's end, and differs where the journal does not")
    func afterTheEnd() throws {
        let entries = try Self.entries()
        let end = try #require(entries.last)
        let outcome = try Self.replay(entries + [end])
        #expect(
            outcome.difference
                == Replay.Difference(step: end.step, reason: "the journal goes on after the run's end"))
    }

    @Test("cut off at any byte is identical up to there, and never complete")
    func cutOff() throws {
        let entries = try Self.entries()
        let bytes = Array(([Self.header.line] + entries.map(\.line)).map { $0 + "\n" }.joined().utf8)
        var outcomes: [Int: Replay.Outcome] = [:]
        for count in 0..<bytes.count {
            guard let file = try? JournalFile(bytes[..<count], file: "j") else {
                #expect(count <= Self.header.line.utf8.count)
                continue
            }
            #expect(file.isCutOff)
            let outcome = try outcomes[file.entries.count] ?? Self.replay(file.entries)
            outcomes[file.entries.count] = outcome
            #expect(outcome.difference == nil)
            #expect(!outcome.isComplete)
        }
        #expect(outcomes.count == entries.count)
    }

    @Test("finds every number that was changed")
    func forged() throws {
        let lines = try Self.entries().map(\.line)
        // What only names things may be called otherwise, and a race may as well end earlier or later on the same way.
        let names = ["number", "edit", "branch", "adopted"]
        for (index, line) in lines.enumerated() {
            var key = ""
            for position in line.indices where line[position].isHexDigit || line[position] == "\"" {
                if let word = line[..<position].matches(of: /"([a-z_]+)":[^:]*$/).last { key = String(word.1) }
                guard line[position].isHexDigit, line[..<position].hasSuffix(":") || !line[..<position].hasSuffix("\""),
                    key != "name", key != "event", key != "cause",
                    line[position...].prefix(while: { $0.isHexDigit || $0 == "." }).endIndex < line.endIndex
                else { continue }
                var forged = lines
                forged[index].replaceSubrange(position...position, with: line[position] == "7" ? "8" : "7")
                let text = ([Self.header.line] + forged).map { $0 + "\n" }.joined()
                guard let file = try? JournalFile(text.utf8, file: "j") else { continue }
                let outcome = try Self.replay(file.entries)
                let isTip = line.contains("race_end") && key == "step"
                #expect(outcome.difference != nil || names.contains(key) || isTip, "\(line) → \(forged[index])")
            }
        }
    }
}
