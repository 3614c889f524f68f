import Foundation
import RandomTesting
import Testing
import TrainProtocol

@testable import RemoteEngine
@testable import Wire

/// Commands at random, over connections that pass bytes on as they like, and break.
@Suite("Five hundred sessions at random")
struct RandomSessionsTests {
    @Test("answer each request once, behind its events, and tell each step once, over connections that break")
    func sessions() throws {
        for seed in 0..<500 {
            var line = Line(seed: UInt64(seed))
            for _ in 0..<Int.random(in: 5...60, using: &line.random) { try line.happen() }
            try line.settle()
            try line.check("session \(seed)")
        }
    }

    @Test("are the same through an engine and its socket")
    func engines() throws {
        let files = try openFiles()
        for seed in 0..<500 {
            var random = SplitMix(state: UInt64(seed))
            var ends: [Int32] = [0, 0]
            try #require(socketpair(AF_UNIX, LocalSocket.stream, 0, &ends) == 0)
            let (mine, theirs) = (ends[0], ends[1])
            _ = fcntl(theirs, F_SETFL, O_NONBLOCK)
            let engine = try RemoteEngine(title: "elsewhere", onNews: {}, connect: { theirs })
            var (training, told) = (FakeTraining(), Told())
            var number = 0
            func asked() -> Command { Line.command(using: &random) }
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                number += 1
                let command = asked()
                told.asked(command, number)
                engine.send(command, id: RequestID(number))
            }
            let deadline = Date(timeIntervalSinceNow: 20)
            while told.answers.count < number || told.steps < training.step || training.step == 0, Date.now < deadline {
                var polled = pollfd(fd: mine, events: Int16(POLLIN), revents: 0)
                if poll(&polled, 1, 1) == 1 {
                    var bytes = [UInt8](repeating: 0, count: 1 << 16)
                    let count = read(mine, &bytes, bytes.count)
                    try #require(count > 0)
                    var output = try training.hear(Array(bytes[..<count]))
                    if training.step < 40 { output += training.train(Int.random(in: 1...9, using: &random)) }
                    while !output.isEmpty {
                        let part = Array(output.prefix(Int.random(in: 1...200, using: &random)))
                        try #require(write(mine, part, part.count) == part.count)
                        output.removeFirst(part.count)
                    }
                }
                told.take(engine.drain())
            }
            told.check(training, "engine \(seed)")
            close(mine)
            engine.detach(keepPaused: false)
        }
        // Other tests open files meanwhile, but not hundreds.
        #expect(try openFiles() - files < 100)
    }

    private func openFiles() throws -> Int {
        #if os(Linux)
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        #else
        0
        #endif
    }
}

/// What a dashboard was told, and whether that is all and in order.
private struct Told {
    private(set) var answers: [Int] = []
    private(set) var steps = 0
    private var wanted: [Int] = []
    /// The requests that are edits, in the order in which they were asked for.
    private var edits: [Int] = []
    private var edited = 0
    private var isInOrder = true
    private var isWithoutGaps = true

    mutating func asked(_ command: Command, _ number: Int) {
        wanted.append(number)
        if command.kind == .set { edits.append(number) }
    }

    mutating func take(_ update: EngineUpdate) {
        for event in update.events {
            switch event {
            case .edited(let edit):
                edited += 1
                isInOrder = isInOrder && edit.number == edited
            case .applied(let id, _):
                answers.append(id.number)
                if let place = edits.firstIndex(of: id.number) { isInOrder = isInOrder && edited > place }
            case .refused(let id, _): answers.append(id.number)
            default: break
            }
        }
        for sample in update.samples {
            isWithoutGaps = isWithoutGaps && sample.firstStep == steps + 1
            steps = sample.lastStep
        }
    }

    func check(_ training: FakeTraining, _ which: String) {
        #expect(answers.sorted() == wanted, "\(which)")
        #expect(training.edits == edits.count && edited == edits.count, "\(which)")
        #expect(isInOrder, "\(which): events behind answers")
        #expect(isWithoutGaps && steps == training.step, "\(which): steps")
    }
}

/// A session, a training, and what is on the way between them.
private struct Line {
    var random: SplitMix
    private var session = RemoteSession(title: "elsewhere", name: "s")
    private var training = FakeTraining()
    private var told = Told()
    private var (there, back): ([UInt8], [UInt8]) = ([], [])
    private var isConnected = false
    private var number = 0

    init(seed: UInt64) { random = SplitMix(state: seed) }

    static func command(using random: inout SplitMix) -> Command {
        let commands: [Command] = [
            .set("learning_rate", .number(Double.random(in: 0.001...1, using: &random))),
            .set("learning_rate", 0.2), .pause, .resume, .undo, .step(3), .goToStep(1), .evaluate, .stop,
            .ramp("learning_rate", 0.1, over: 5), .plan("learning_rate", .times(0.5), at: 9), .clearBreakpoints,
        ]
        return commands.randomElement(using: &random)!
    }

    /// One thing of those that can happen.
    mutating func happen() throws {
        switch Int.random(in: 0..<8, using: &random) {
        case 0, 1:
            number += 1
            let command = Self.command(using: &random)
            told.asked(command, number)
            session.ask(command, id: RequestID(number))
        case 2:
            let news = training.train(Int.random(in: 1...9, using: &random))
            if isConnected { back += news }
        case 3 where isConnected:
            isConnected = false
            (there, back) = ([], [])
            training.disconnect()
            session.lost("the connection broke")
        case 4 where !isConnected:
            isConnected = true
            session.connected(at: 0)
        case 5: told.take(session.drain())
        default: try pass(most: Int.random(in: 1...400, using: &random))
        }
    }

    /// Passes some of the bytes on, both ways.
    private mutating func pass(most: Int) throws {
        guard isConnected else { return }
        there += session.takeOutput()
        back += try training.hear(Array(there.prefix(most)))
        there.removeFirst(min(most, there.count))
        try session.received(back.prefix(most), at: 0)
        back.removeFirst(min(most, back.count))
    }

    /// Lets both sides say all that they have to say.
    mutating func settle() throws {
        if !isConnected {
            isConnected = true
            session.connected(at: 0)
        }
        repeat { try pass(most: 1 << 20) } while !there.isEmpty || !back.isEmpty || !session.output.isEmpty
        told.take(session.drain())
    }

    func check(_ which: String) throws { told.check(training, which) }
}
