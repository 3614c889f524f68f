import RemoteEngine
import Testing
import TrainProtocol
import Wire
import Wording

@testable import RunServer

/// A training that is served, heard by the dashboards' own side of the protocol.
@Suite("Dashboards that come to a training of this process")
struct VisitorsTests {
    private var visitors = Visitors(
        RunDescription(title: "storms", metrics: []), name: "storms-1", peer: ["pid": 7], at: 0)

    private func step(_ number: Int, branch: BranchID = .first) -> Sample {
        Sample(branch: branch, firstStep: number, loss: Fold(Float(number)), learningRate: 0.1)
    }

    private func update(_ steps: ClosedRange<Int>? = nil, _ events: [Event] = []) -> EngineUpdate {
        EngineUpdate(
            events: events, samples: steps.map { $0.map { step($0) } } ?? [],
            recent: steps.map { RecentLosses(lastStep: $0.upperBound, losses: $0.map { Float($0) }) },
            progress: Progress(step: steps?.upperBound ?? visitors.run.progress.step))
    }

    /// Hands over what both sides have to say, until neither has more.
    private mutating func talk(_ session: inout RemoteSession, as number: Int) throws -> [Visitors.Work] {
        var asked: [Visitors.Work] = []
        while true {
            let said = session.takeOutput()
            asked += visitors.receive(said, from: number, at: 0)
            let told = visitors.takeOutput(of: number) ?? []
            if said.isEmpty, told.isEmpty { return asked }
            try session.received(told, at: 0)
        }
    }

    private mutating func come(_ number: Int, at now: Double) {
        let isTakenIn = visitors.come(number, at: now)
        #expect(isTakenIn)
    }

    private func session(_ name: String, _ role: RemoteSession.Role = .drive) -> RemoteSession {
        var session = RemoteSession(title: "storms", name: name, role: role)
        session.connected(at: 0)
        return session
    }

    private let rate = Hyperparameter(
        name: "learning_rate", title: "learning rate", role: .learningRate, kind: .number(.positive),
        value: .number(0.1))

    @Test("are told the run so far, and each step once")
    mutating func telling() throws {
        _ = visitors.tell(update(1...5000, [.hyperparameters([rate]), .state(.training)]), at: 0)
        var one = session("one")
        come(1, at: 0)
        _ = try talk(&one, as: 1)
        var heard = one.drain()
        #expect(heard.samples.reduce(0) { $0 + $1.steps } == 5000)
        #expect(heard.samples.reduce(0) { $0 + $1.loss.sum } == 5000 * 5001 / 2)
        #expect(heard.events.contains(.hyperparameters([rate])) && heard.events.contains(.state(.training)))
        #expect(heard.recent?.losses.last == 5000 && heard.progress.step == 5000)
        let edit = Edit(number: 1, name: "learning_rate", old: .number(0.1), new: .number(0.05), step: 5010)
        var lineage = Lineage()
        lineage.append(edit)
        _ = visitors.tell(update(5001...5010, [.lineage(lineage, redo: nil), .edited(edit)]), at: 0)
        _ = try talk(&one, as: 1)
        heard = one.drain()
        #expect(heard.samples.map(\.lastStep).last == 5010 && heard.samples.reduce(0) { $0 + $1.steps } == 10)
        #expect(heard.events.contains(.edited(edit)) && heard.events.contains(.lineage(lineage, redo: nil)))
        #expect(heard.recent?.losses == (5001...5010).map { Float($0) })
    }

    @Test("steer it: asked once, answered once, and only those who asked")
    mutating func asking() throws {
        _ = visitors.tell(update(1...3, [.hyperparameters([rate]), .state(.training)]), at: 0)
        var (one, two) = (session("one"), session("two"))
        come(1, at: 0)
        come(2, at: 0)
        _ = try talk(&one, as: 1)
        _ = try talk(&two, as: 2)
        one.ask(.set("learning_rate", .number(0.05)), id: RequestID(9))
        two.ask(.pause, id: RequestID(9))
        let work = try talk(&one, as: 1)
        #expect(work.map(\.command) == [.set("learning_rate", .number(0.05))])
        let none = try talk(&two, as: 2)
        #expect(none.isEmpty, "another one steers")
        let own = visitors.tell(update(nil, [.applied(work[0].id, at: 3), .applied(RequestID(1), at: 3)]), at: 0)
        #expect(own.events == [.applied(RequestID(1), at: 3)], "the dashboard here hears of its own")
        _ = try talk(&one, as: 1)
        _ = try talk(&two, as: 2)
        #expect(one.drain().events.contains(.applied(RequestID(9), at: 3)))
        let refusals = two.drain().events.filter { if case .refused(RequestID(9), _) = $0 { true } else { false } }
        #expect(refusals.count == 1)
        // The wheel moves to whoever takes it.
        var three = session("three", .take)
        come(3, at: 0)
        _ = try talk(&three, as: 3)
        three.ask(.step(2), id: RequestID(1))
        let third = try talk(&three, as: 3)
        #expect(third.map(\.command) == [.step(2)])
    }

    @Test("that come back are answered once more, and nothing is done twice")
    mutating func returning() throws {
        _ = visitors.tell(update(1...3, [.state(.training)]), at: 0)
        var one = session("one")
        come(1, at: 0)
        _ = try talk(&one, as: 1)
        one.ask(.pause, id: RequestID(1))
        one.ask(.evaluate, id: RequestID(2))
        let work = try talk(&one, as: 1)
        #expect(work.count == 2)
        // The first is answered on a connection that is lost, the second while there is none.
        _ = visitors.tell(update(4...4, [.applied(work[0].id, at: 4)]), at: 0)
        visitors.go(1, at: 1)
        one.lost("it broke")
        _ = visitors.tell(update(5...6, [.refused(work[1].id, reason: "there are no rows")]), at: 0)
        one.connected(at: 2)
        come(2, at: 2)
        let again = try talk(&one, as: 2)
        #expect(again.isEmpty)
        let heard = one.drain()
        #expect(heard.events.contains(.applied(RequestID(1), at: 4)))
        #expect(heard.events.contains(.refused(RequestID(2), reason: "there are no rows")))
        #expect(heard.samples.map(\.firstStep) == [1, 2, 3, 4, 5, 6])
    }

    @Test("that come back before their lost connection has ended take its place, and the wheel")
    mutating func replacing() throws {
        _ = visitors.tell(update(1...3, [.state(.training)]), at: 0)
        var one = session("one")
        come(1, at: 0)
        _ = try talk(&one, as: 1)
        one.ask(.pause, id: RequestID(1))
        let work = try talk(&one, as: 1)
        // Nobody has seen yet that the first one is broken.
        one.lost("it broke")
        one.connected(at: 2)
        come(2, at: 2)
        let again = try talk(&one, as: 2)
        #expect(again.isEmpty, "what is under way is not asked for twice")
        let former = visitors.takeOutput(of: 1)
        #expect(former == nil, "the former connection is closed")
        visitors.go(1, at: 3)
        _ = visitors.tell(update(4...4, [.applied(work[0].id, at: 4)]), at: 0)
        one.ask(.step(2), id: RequestID(2))
        let more = try talk(&one, as: 2)
        #expect(more.map(\.command) == [.step(2)])
        let heard = one.drain()
        #expect(heard.events.filter { $0 == .applied(RequestID(1), at: 4) }.count == 1)
        #expect(heard.samples.map(\.firstStep) == [1, 2, 3, 4])
    }

    /// What a visitor hears when it asks.
    private mutating func ask(_ method: String, _ params: String, id: Int, as who: Int, at now: Double = 0) -> String {
        let line = #"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":{\#(params)}}"# + "\n"
        _ = visitors.receive(line.utf8, from: who, at: now)
        return String(decoding: visitors.takeOutput(of: who) ?? [], as: UTF8.self)
    }

    @Test("hear at once where it stands, and for how long")
    mutating func pings() {
        _ = visitors.tell(update(1...3, [.state(.training)]), at: 10)
        _ = visitors.tell(update(nil, [.state(.paused)]), at: 11)
        come(1, at: 11)
        _ = ask("initialize", #""protocol":1,"session":"one""#, id: 1, as: 1)
        let answer = ask("ping", "", id: 2, as: 1, at: 12.25)
        #expect(answer.contains(#""in_step_s":2.25"#) && answer.contains(#""state":"paused""#))
        #expect(answer.contains(#""step":3"#))
    }

    @Test("take the wheel of another one only by force, and ask no more than 200 times in a second")
    mutating func limits() {
        for (number, name) in [(1, "one"), (2, "two")] {
            come(number, at: 0)
            _ = ask("initialize", #""protocol":1,"session":"\#(name)""#, id: 1, as: number)
        }
        #expect(ask("take", "", id: 2, as: 2).contains(#""code":3"#))
        #expect(ask("take", #""force":1"#, id: 3, as: 2).contains(#""code":-32602"#))
        #expect(ask("pause", "", id: 4, as: 2).contains(#""code":3"#), "the first one steers")
        #expect(ask("take", #""force":true"#, id: 5, as: 2).contains(#""driver":true"#))
        for id in 2...201 { #expect(ask("ping", "", id: id, as: 1, at: 5).contains("result")) }
        #expect(ask("ping", "", id: 202, as: 1, at: 5.5).contains(#""code":6"#))
        #expect(ask("ping", "", id: 203, as: 1, at: 6).contains("result"))
    }

    @Test("are offered nothing that is refused to them, and a name to save under is")
    mutating func offers() {
        come(1, at: 0)
        let offered = ask("initialize", #""protocol":1,"session":"one""#, id: 1, as: 1)
        #expect(offered.contains(#""save""#) && offered.contains(#""test""#))
        let methods = offered.firstRange(of: #""methods":["#).map { offered[$0.upperBound...].prefix { $0 != "]" } }
        #expect(methods?.contains("save") == true && methods?.contains("inspect") == false)
        #expect(ask("save", #""name":"mine""#, id: 2, as: 1).contains(#""code":-32602"#))
        let line = #"{"jsonrpc":"2.0","id":3,"method":"save"}"# + "\n"
        let work = visitors.receive(line.utf8, from: 1, at: 0)
        #expect(work.map(\.command) == [.save])
    }

    @Test("are told what trains beside the run, then and when they come late, and may ask for it")
    mutating func branchesBeside() throws {
        let edit = Edit(number: 1, name: "learning_rate", old: .number(0.1), new: .number(0.05), step: 4)
        var lineage = Lineage()
        lineage.append(edit)
        let (former, twin) = (
            Twin(branch: BranchID(1 << 52), withoutEdit: 1), Twin(branch: BranchID(1 << 52 + 1), withoutEdit: 1)
        )
        func own(_ branch: BranchID) -> Lineage { Lineage().forked(as: branch, at: Moment(step: 4, edits: 0)) }
        let race = Race(
            settings: [.init(name: "learning_rate", old: .number(0.1)), .init(name: "nesterov", old: nil)],
            entrants: [
                .init(branch: BranchID(2), values: [.number(0.1), .flag(true)], edits: [nil, 2]),
                .init(branch: BranchID(3), values: [.number(0.2), .flag(false)], edits: [3, 4]),
            ], step: 6, halvesEvery: 500)
        let test = LearningRateTest(
            step: 6, horizon: 50, streams: 2, rates: [0.1, 1], changes: [-0.5, .infinity], loss: 2, range: 0.1...0.1,
            suggestion: 0.1)
        _ = visitors.tell(
            update(1...6, [.lineage(lineage, redo: nil), .branched(own(former.branch)), .twin(former)]), at: 0)
        let other = BranchProgress(
            branch: twin.branch, step: 5, meanLoss: 0.25, divergence: "the loss is nan", droppedAt: 5)
        var with = update(
            nil,
            [
                .twin(nil), .branched(own(twin.branch)), .twin(twin), .race(race), .learningRatesTested(test),
                .state(.racing),
            ])
        with.samples = [step(5, branch: twin.branch)]
        with.others = [other]
        _ = visitors.tell(with, at: 0)
        var one = session("one")
        come(1, at: 0)
        _ = try talk(&one, as: 1)
        let heard = one.drain()
        #expect(heard.events.last { if case .twin = $0 { true } else { false } } == .twin(twin))
        #expect(heard.events.last { if case .race = $0 { true } else { false } } == .race(race))
        #expect(heard.events.contains(.learningRatesTested(test)) && heard.events.contains(.branched(own(twin.branch))))
        #expect(heard.others == [other])
        #expect(heard.samples.filter { $0.branch == twin.branch }.map(\.lastStep) == [5])
        let commands: [Command] = [
            .showTwin(withoutEdit: 1), .showTwin(withoutEdit: nil), .hideTwin,
            .race("learning_rate", [.number(1), .number(2)]),
            .race(
                RaceTerms(
                    [("learning_rate", [.number(1)]), ("nesterov", [.flag(true), .flag(false)])], halvesEvery: 9)),
            .adopt(BranchID(3)), .endRace, .testLearningRates,
        ]
        for (index, command) in commands.enumerated() { one.ask(command, id: RequestID(index)) }
        let asked = try talk(&one, as: 1)
        #expect(asked.map(\.command) == commands)
        _ = visitors.tell(update(nil, [.twin(nil), .race(nil)]), at: 0)
        _ = try talk(&one, as: 1)
        #expect(one.drain().events.contains(.twin(nil)))
    }

    @Test("that say nonsense, nothing or come in crowds do no harm")
    mutating func strangers() {
        come(1, at: 0)
        let asked = visitors.receive(
            "what\n[1]\n{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"pause\"}\n".utf8, from: 1, at: 0)
        #expect(asked.isEmpty)
        let answers = String(decoding: visitors.takeOutput(of: 1) ?? [], as: UTF8.self).split(separator: "\n")
        #expect(answers.count == 3 && answers[0].contains("-32700") && answers[1].contains("-32600"))
        #expect(answers[2].contains("the first request must be initialize"))
        var left = visitors.takeOutput(of: 1)
        #expect(left == nil, "and it is left")
        let strangers = visitors.tick(at: 6).strangers
        #expect(strangers == [1])
        for number in 2...8 { come(number, at: 0) }
        let isOneTooMany = !visitors.come(9, at: 0)
        #expect(isOneTooMany)
        _ = visitors.receive(repeatElement(UInt8(ascii: "x"), count: 1 << 20), from: 2, at: 0)
        left = visitors.takeOutput(of: 2)
        #expect(left?.isEmpty == false)
        left = visitors.takeOutput(of: 2)
        #expect(left == nil)
    }

    /// Comes, asks, is answered behind what that led to, and leaves at 100 s.
    private mutating func visit(_ command: Command?, leadsTo events: [Event], keepsPaused: Bool = false) throws {
        var one = session("one")
        come(1, at: 0)
        _ = try talk(&one, as: 1)
        if let command { one.ask(command, id: RequestID(1)) }
        let work = try talk(&one, as: 1)
        _ = visitors.tell(update(nil, events + work.map { .applied($0.id, at: 3) }), at: 0)
        _ = try talk(&one, as: 1)
        one.detach(keepPaused: keepsPaused)
        _ = visitors.receive(one.takeOutput(), from: 1, at: 0)
        visitors.go(1, at: 100)
    }

    @Test("that leave it paused let it go on after a while, unless they said that it shall wait")
    mutating func orphans() throws {
        for (keepsPaused, resumes) in [(true, false), (false, true)] {
            visitors = VisitorsTests().visitors
            _ = visitors.tell(update(nil, [.state(.training)]), at: 0)
            try visit(.pause, leadsTo: [.state(.paused)], keepsPaused: keepsPaused)
            let ticks = [120, 131, 170].map { visitors.tick(at: $0).resumes }
            #expect(ticks == [false, resumes, false])
            let own = visitors.tell(update(nil, []), at: 0)
            #expect(own.events == (resumes ? [.notice("nobody was there: the training goes on")] : []))
        }
    }

    @Test("leave a pause that was made where the training runs, also when they take a step in it")
    mutating func pausesOfOthers() throws {
        let step: [Event] = [.state(.training), .state(.paused)]
        for command in [nil, Command.step(1)] {
            visitors = VisitorsTests().visitors
            _ = visitors.tell(update(nil, [.state(.training), .state(.paused)]), at: 0)
            try visit(command, leadsTo: command == nil ? [] : step)
            let resumes = visitors.tick(at: 200).resumes
            #expect(!resumes)
        }
        // One of theirs is over when it is resumed; the next one is made here.
        visitors = VisitorsTests().visitors
        _ = visitors.tell(update(nil, [.state(.training)]), at: 0)
        try visit(.pause, leadsTo: [.state(.paused)])
        _ = visitors.tell(update(nil, [.state(.training), .state(.paused)]), at: 0)
        var resumes = visitors.tick(at: 200).resumes
        #expect(!resumes)
        // Steps of theirs that are still to come end in a pause of theirs, unless it is asked for here.
        for isAskedHere in [false, true] {
            visitors = VisitorsTests().visitors
            _ = visitors.tell(update(nil, [.state(.training)]), at: 0)
            try visit(.runEpoch, leadsTo: [])
            resumes = visitors.tick(at: 140).resumes
            #expect(!resumes, "it trains")
            if isAskedHere { visitors.askedHere(.pause) }
            _ = visitors.tell(update(nil, [.state(.evaluating), .state(.training), .state(.paused)]), at: 0)
            resumes = visitors.tick(at: 150).resumes
            #expect(resumes == !isAskedHere)
        }
    }

    @Test("are told the edits of a branch that is known, where there are more branches than are kept")
    mutating func branches() throws {
        _ = visitors.tell(update(1...3, (1...70).map { .branched(Lineage(BranchID($0))) }), at: 0)
        var lineage = Lineage(BranchID(5))
        lineage.append(Edit(number: 1, name: "learning_rate", old: .number(0.1), new: .number(0.05), step: 3))
        _ = visitors.tell(update(4...4, [.lineage(lineage, redo: nil)]), at: 0)
        var one = session("one")
        come(1, at: 0)
        _ = try talk(&one, as: 1)
        let told = one.drain().events.compactMap { if case .branched(let lineage) = $0 { lineage } else { nil } }
        #expect(told.contains(lineage))
    }

    @Test("that do not read are left, and cost a bounded amount of memory")
    mutating func slowness() throws {
        var one = session("one")
        come(1, at: 0)
        _ = try talk(&one, as: 1)
        for round in 0..<10 {
            _ = visitors.tell(update((round * 1000 + 1)...(round * 1000 + 1000)), at: 0)
        }
        // What waited was folded.
        let waiting = visitors.takeOutput(of: 1) ?? []
        #expect(waiting.count < 1 << 20)
        try one.received(waiting, at: 0)
        _ = visitors.tell(update(10_001...10_001), at: 0)
        _ = try talk(&one, as: 1)
        #expect(one.drain().samples.reduce(0) { $0 + $1.steps } == 10_001)
        for _ in 0..<5000 { _ = visitors.tell(update(nil, [.notice(String(repeating: "x", count: 100))]), at: 0) }
        let left = visitors.takeOutput(of: 1)
        #expect(left == nil)
    }

    @Test("are told a past of any length, however slowly they read it")
    mutating func longPast() throws {
        let branches = (1...40).map { BranchID($0) }
        for branch in branches {
            let samples = (1...1000).map { step($0, branch: branch) }
            _ = visitors.tell(EngineUpdate(events: [], samples: samples, progress: Progress(step: 1000)), at: 0)
        }
        var one = session("one")
        come(1, at: 0)
        _ = visitors.receive(one.takeOutput(), from: 1, at: 0)
        var told = 0
        while let output = visitors.takeOutput(of: 1), !output.isEmpty {
            let written = min(output.count, 100_000)
            try one.received(output[..<written], at: 0)
            told += written
            if written < output.count { visitors.putBack(output[written...], of: 1) }
        }
        #expect(told > 1 << 20, "more than may wait of what is told later")
        #expect(one.drain().samples.reduce(0) { $0 + $1.steps } == 40_000)
        // From then on it counts as anybody else's.
        for _ in 0..<1200 { _ = visitors.tell(update(nil, [.notice(String(repeating: "x", count: 1000))]), at: 0) }
        let left = visitors.takeOutput(of: 1)
        #expect(left == nil)
    }
}
