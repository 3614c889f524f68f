import Testing
import TrainProtocol

@testable import RemoteEngine
@testable import Wire

@Suite("A session with a training elsewhere")
struct RemoteSessionTests {
    private var session = RemoteSession(title: "elsewhere", name: "s")
    private var training = FakeTraining()
    private var random = SystemRandomNumberGenerator()

    /// Lets both sides talk until nothing is left to say.
    private mutating func talk(at now: Double = 0) throws {
        while true {
            let sent = session.takeOutput()
            if sent.isEmpty { return }
            try session.received(training.hear(sent), at: now)
        }
    }

    private mutating func connect() throws {
        session.connected(at: 0)
        try talk()
    }

    @Test("begins with what the training is, what it can, and where it stands")
    mutating func introduction() throws {
        #expect(session.drain().events == [.state(.connecting)])
        _ = training.train(3)
        try connect()
        let update = session.drain()
        #expect(
            update.events.contains(
                .described(
                    RunDescription(
                        title: "fake", validation: .none(reason: "the training tells none")))))
        let unseen = "a training elsewhere does not show its inside"
        #expect(update.events.contains(.capabilities(Capabilities(unavailable: [.inspect: unseen]))))
        #expect(update.events.last == .state(.training))
        #expect(update.progress.step == 3)
        #expect(update.samples.map(\.steps).reduce(0, +) == 3)
    }

    @Test(
        "says what it comes for",
        arguments: [
            (RemoteSession.Role.drive, "drive"), (.take, "drive"), (.watch, "watch"), (.launch, "launch"),
        ])
    func role(role: RemoteSession.Role, word: String) {
        var session = RemoteSession(title: "elsewhere", name: "s", role: role)
        session.connected(at: 0)
        #expect(String(decoding: session.takeOutput(), as: UTF8.self).contains("\"role\":\"\(word)\""))
    }

    @Test("answers each request once, behind the events that it caused")
    mutating func answers() throws {
        try connect()
        session.ask(.set("learning_rate", 0.2), id: RequestID(1))
        session.ask(.undo, id: RequestID(2))
        session.ask(.pause, id: RequestID(0))
        session.ask(.pause, id: RequestID(0))
        try talk()
        let events = session.drain().events.drop { if case .state(.training) = $0 { false } else { true } }
        let edit = Edit(number: 1, name: "learning_rate", old: 0.1, new: 0.2, step: 0)
        #expect(
            Array(events) == [
                .state(.training), .lineage(Lineage(segments: Lineage().segments, edits: [edit]), redo: nil),
                .edited(edit), .applied(RequestID(1), at: 0), .refused(RequestID(2), reason: "not undo␇"),
                .state(.paused), .applied(RequestID(0), at: 0), .applied(RequestID(0), at: 0),
            ])
    }

    @Test("asks for nothing twice and forgets nothing where the connection breaks at any byte")
    mutating func reconnect() throws {
        for cut in 0..<200 {
            session = RemoteSession(title: "elsewhere", name: "s")
            training = FakeTraining()
            try connect()
            for number in 1...5 { session.ask(.set("learning_rate", 0.2), id: RequestID(number)) }
            let sent = session.takeOutput()
            // What was asked is cut at one place, what is answered at another one.
            let heard = try training.hear(Array(sent.prefix(sent.count * cut / 199)))
            try session.received(heard.prefix(Int.random(in: 0...heard.count, using: &random)), at: 0)
            _ = training.train(2)
            training.disconnect()
            session.lost("the connection broke")
            session.ask(.pause, id: RequestID(6))
            try connect()
            let update = session.drain()
            #expect(training.edits == 5)
            let answered = update.events.compactMap { if case .applied(let id, _) = $0 { id.number } else { nil } }
            #expect(answered.sorted() == [1, 2, 3, 4, 5, 6])
            let edits = update.events.compactMap { if case .edited(let edit) = $0 { edit.number } else { nil } }
            #expect(edits == [1, 2, 3, 4, 5])
            #expect(update.samples.map(\.firstStep) == [1, 2])
            #expect(update.events.contains(.state(.lost(reason: "the connection broke"))))
        }
    }

    @Test("tells each step once, whatever is told twice")
    mutating func steps() throws {
        try connect()
        let told = training.train(10)
        try session.received(told + told, at: 0)
        try session.received(
            Array(
                #"{"jsonrpc":"2.0","method":"samples","params":{"first":8,"steps":[6],"folds":[[6,1,1,6,6,0]]}}"#.utf8)
                + [0x0A], at: 0)
        let samples = session.drain().samples
        #expect(samples.map(\.steps).reduce(0, +) == 13)
        #expect(samples.last.map { [$0.firstStep, $0.lastStep] } == [11, 13])
    }

    @Test("follows a run to its branches, and knows again what it is told again")
    mutating func branches() throws {
        try connect()
        try session.received(training.train(4), at: 0)
        _ = session.drain()
        let edit = #"{"number":1,"name":"learning_rate","old":0.1,"new":0.2,"step":2}"#
        let ways = #""segments":[{"branch":1,"step":2,"edits":0},{"branch":2}],"edits":[],"redo":1"#
        let moved =
            #""cause":"undo","left":1,"left_step":4,"branch":2,"step":2,"edit":\#(edit),"recent":{"last":2,"losses":[1,0.5]}"#
        let news = training.tell("lineage", ways) + training.tell("moved", moved)
        let steps = #"{"jsonrpc":"2.0","method":"samples","params":{"branch":2,"first":3,"losses":[0.25]}}"# + "\n"
        try session.received(Array((news + steps + news + steps).utf8), at: 0)
        let update = session.drain()
        let way = Lineage().forked(as: BranchID(2), at: Moment(step: 2, edits: 0))
        let undone = Edit(number: 1, name: "learning_rate", old: 0.1, new: 0.2, step: 2)
        #expect(
            update.events == [
                .lineage(way, redo: BranchID(1)),
                .moved(Move(.undo(undone), left: BranchID(1), leftStep: 4, branch: BranchID(2), step: 2)),
            ])
        #expect(update.samples.map(\.branch.number) == [2] && update.samples.map(\.firstStep) == [3])
        #expect(update.recent == RecentLosses(lastStep: 3, losses: [1, 0.5, 0.25]))
        // Whoever comes back says how many steps it knows, of all branches.
        session.lost("the connection broke")
        session.connected(at: 0)
        #expect(String(decoding: session.takeOutput(), as: UTF8.self).contains(#""steps_after":5"#))
    }

    @Test(
        "refuses a way that no run can have taken",
        arguments: [
            #""segments":[]"#, #""segments":[{"branch":1,"step":5,"edits":0},{"branch":1}]"#,
            #""segments":[{"branch":1,"step":5,"edits":0},{"branch":2,"step":4,"edits":0},{"branch":3}]"#,
            #""segments":[{"branch":1},{"branch":2}]"#, #""segments":[{"branch":0}]"#,
        ])
    mutating func lies(_ way: String) throws {
        try connect()
        let news = Array(training.tell("lineage", way).utf8)
        #expect(throws: WireError.self) { try session.received(news, at: 0) }
    }

    @Test("keeps all steps in a bounded list where nobody looks")
    mutating func bounded() throws {
        try connect()
        for _ in 0..<200 { try session.received(training.train(100), at: 0) }
        let samples = session.drain().samples
        #expect(samples.count <= SampleList.capacity + 1)
        #expect(samples.map(\.steps).reduce(0, +) == 20_000)
        #expect(samples.map(\.loss.count).reduce(0, +) == 20_000)
    }

    @Test("calls a training lost that says nothing for nine seconds, and there again when it speaks")
    mutating func silence() throws {
        try connect()
        session.tick(at: 4)
        #expect(session.takeOutput().isEmpty)
        session.tick(at: 6)
        #expect(String(decoding: session.takeOutput(), as: UTF8.self).contains("ping"))
        _ = session.drain()
        session.tick(at: 8.9)
        #expect(session.drain().events.isEmpty)
        session.tick(at: 9)
        #expect(session.drain().events == [.state(.lost(reason: "it has not said anything for 9 s; it may hang"))])
        try session.received(training.train(1), at: 40)
        #expect(session.drain().events == [.state(.training)])
    }

    @Test("says once why nobody is there, and answers what is open where nobody comes back")
    mutating func absence() throws {
        session.lost("no socket", for: 1)
        session.lost("no socket", for: 9.1)
        session.lost("no socket", for: 9.6)
        #expect(session.drain().events == [.state(.connecting), .notice("nobody is there yet: no socket")])
        try connect()
        session.ask(.pause, id: RequestID(1))
        _ = session.takeOutput()
        _ = session.drain()
        session.lost("it broke", for: 1)
        #expect(session.drain().events == [.state(.lost(reason: "it broke"))])
        session.lost("it broke", for: 61)
        let reason = "the connection was lost; whether it was done is not known"
        #expect(session.drain().events == [.refused(RequestID(1), reason: reason)])
    }

    @Test("ends where the training says so, and answers what is open")
    mutating func end() throws {
        try connect()
        session.ask(.set("learning_rate", 0.2), id: RequestID(1))
        try session.received(Array(training.tell("end", #""reason":"ended by ValueError""#).utf8), at: 0)
        session.ask(.pause, id: RequestID(2))
        let events = session.drain().events
        #expect(events.contains(.state(.lost(reason: "the process ended by ValueError"))))
        #expect(events.contains(.refused(RequestID(1), reason: "the training ended first")))
        #expect(events.contains(.refused(RequestID(2), reason: "the training has ended")))
        #expect(session.isOver)
    }

    @Test("does not take another process for the one that it spoke with")
    mutating func another() throws {
        try connect()
        session.ask(.set("learning_rate", 0.2), id: RequestID(1))
        _ = session.takeOutput()
        session.lost("the connection broke")
        training = FakeTraining()
        training.process = 8
        try connect()
        #expect(training.edits == 0)
        let events = session.drain().events
        #expect(
            events.contains(.refused(RequestID(1), reason: "the connection was lost; whether it was done is not known"))
        )
        #expect(events.last == .state(.lost(reason: "another process, 8, has taken its place")))
    }

    @Test("takes a training that its launcher begins again for a branch from step 0, and asks nothing of it twice")
    mutating func attempts() throws {
        try connect()
        try session.received(training.train(4), at: 0)
        session.ask(.set("learning_rate", 0.2), id: RequestID(1))
        try talk()
        session.ask(.set("learning_rate", 0.3), id: RequestID(2))
        _ = session.takeOutput()
        session.lost("the connection broke")
        _ = session.drain()
        training = FakeTraining()
        (training.process, training.attempt) = (8, 1)
        session.connected(at: 0)
        #expect(throws: WireError("the training was begun again: attempt 1")) { try talk() }
        session.lost("the training was begun again: attempt 1")
        try connect()
        try session.received(training.train(3), at: 0)
        session.ask(.goToBranch(BranchID(1)), id: RequestID(3))
        session.ask(.set("learning_rate", 0.2), id: RequestID(4))
        try talk()
        let update = session.drain()
        let way = Lineage().forked(as: BranchID(2), at: .start)
        #expect(
            update.events.contains(.lineage(way, redo: nil))
                && update.events.contains(
                    .moved(Move(.step, left: BranchID(1), leftStep: 4, branch: BranchID(2), step: 0)))
        )
        let unknown = "the training was begun again; whether it was done is not known"
        let answers = update.events.filter {
            if case .applied = $0 { true } else if case .refused = $0 { true } else { false }
        }
        #expect(
            answers == [
                .refused(RequestID(2), reason: unknown),
                .refused(RequestID(3), reason: "that branch is another attempt's"),
                .applied(RequestID(4), at: 3),
            ])
        #expect(training.edits == 1 && update.events.last == .applied(RequestID(4), at: 3))
        #expect(update.samples.map(\.branch.number) == [2, 2, 2] && update.samples.map(\.firstStep) == [1, 2, 3])
        // What it tells of its branches is told as those behind the first attempt's.
        let ways = #""segments":[{"branch":1,"step":2,"edits":0},{"branch":2}],"edits":[],"redo":1"#
        try session.received(Array(training.tell("lineage", ways).utf8), at: 0)
        let branches =
            [Lineage.Segment(branch: BranchID(1), end: .start)]
            + [
                Lineage.Segment(branch: BranchID(2), end: Moment(step: 2, edits: 0)),
                .init(branch: BranchID(3), end: .end),
            ]
        #expect(session.drain().events == [.lineage(Lineage(segments: branches, edits: []), redo: BranchID(2))])
        session.ask(.goToBranch(BranchID(3)), id: RequestID(5))
        #expect(String(decoding: session.takeOutput(), as: UTF8.self).contains(#""branch":2"#))
    }

    @Test("survives every truncation of what a training says, and any change of a byte")
    mutating func hostile() throws {
        _ = training.train(5)
        session.connected(at: 0)
        var heard = try training.hear(session.takeOutput())
        heard += training.train(3)
        heard += Array(
            (training.tell("epoch", #""epoch":1,"step":8,"mean_loss":null,"metrics":[]"#)
                + training.tell("planned", #""number":1,"name":"learning_rate","change":"times","value":2,"at":9"#)
                + training.tell(
                    "lineage", #""segments":[{"branch":1,"step":5,"edits":0},{"branch":2}],"edits":[],"redo":1"#)
                + training.tell("moved", #""cause":"step","left":1,"left_step":8,"branch":2,"step":5"#)
                + training.tell("notice", #""text":"a\u001b[2Jb""#) + training.tell("from_the_future")).utf8)
        func receive(_ bytes: some Sequence<UInt8>) {
            var other = RemoteSession(title: "elsewhere", name: "s")
            other.connected(at: 0)
            do throws(WireError) {
                try other.received(bytes, at: 0)
            } catch {
                #expect(!error.description.contains { $0.isNewline })
            }
            _ = other.drain()
        }
        for end in 0...heard.count { receive(heard.prefix(end)) }
        for _ in 0..<3000 {
            var changed = heard
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                changed[Int.random(in: 0..<changed.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            receive(changed)
        }
    }
}
