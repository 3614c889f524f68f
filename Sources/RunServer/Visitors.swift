import RemoteEngine
import TrainProtocol
import Wire

/// The dashboards that have come to a training of this process: what each is told and asks, as a value without a socket.
struct Visitors: Sendable {
    /// The training.
    private(set) var run: ToldRun
    private var visitors: [Int: Visitor] = [:]
    /// The session that steers.
    private var driver: String?
    /// The last answers of sessions, those heard of last at the end: nothing is done twice.
    private var answers: [(session: String, lines: [(id: Int, line: [UInt8])])] = []
    /// Whose requests are under way.
    private var open: [RequestID: (session: String, id: Int, pauses: Bool?)] = [:]
    private var nextRequest = Self.firstRequest
    /// What sessions which left were told of: how many steps, and the last one of each branch.
    private var known: [String: (steps: Int, last: [BranchID: Int])] = [:]
    private var (leftAt, keepsPaused) = (0.0, false)
    /// Whether the pause that is, or the next one, is one that a visitor asked for.
    private var pauseIsTheirs = false
    /// When the last step was told.
    private var steppedAt: Double
    /// What is to be told with the next update.
    private var notices: [Event] = []
    private let peer: [String: JSONTree]

    /// Their requests are numbered from here on, those of this process before it.
    private static let firstRequest = 1 << 40
    private static let (mostVisitors, mostSessions, mostAnswers, mostOpen) = (8, 32, 256, 64)
    /// Requests of a visitor in a second.
    private static let mostRequests = 200
    /// Bytes that may wait for a reader before it is left, and before samples are folded for it.
    private static let (mostWaiting, comfortable) = (1 << 20, 1 << 16)
    /// Seconds for the first request, and after which a pause that nobody watches is over.
    private static let (greeting, orphaned) = (5.0, 30.0)

    private struct Visitor {
        let cameAt: Double
        var lines = LineBuffer()
        var session: String?
        /// How many requests came in a second, and when that began.
        var requests = (since: 0.0, count: 0)
        var output: [UInt8] = []
        /// How many of the bytes in `output` are what it was given first, which is as long as the run is.
        var past = 0
        /// What was taken to be written: bytes, and those of the past among them.
        var taken = (count: 0, past: 0)
        var samples = SampleList()
        /// Whether nothing more is read, and it goes when all is said.
        var isLeaving = false

        mutating func take(past bytes: [UInt8]) {
            output += bytes
            past = output.count
        }

        var isTooSlow: Bool { output.count - past > Visitors.mostWaiting }
    }

    /// What is to be done for a request.
    typealias Work = (command: Command, id: RequestID)

    /// - Parameters:
    ///   - name: the run's.
    ///   - peer: who trains, as it is told.
    ///   - now: seconds on a clock that only goes forward, here and below.
    init(_ run: RunDescription, name: String, peer: [String: JSONTree], at now: Double) {
        self.run = ToldRun(run)
        steppedAt = now
        self.peer = ["run": .string(name), "peer": .object(peer)]
    }

    // MARK: Coming and going

    /// A dashboard connects. False where there are too many.
    mutating func come(_ number: Int, at now: Double) -> Bool {
        guard visitors.count < Self.mostVisitors else { return false }
        visitors[number] = Visitor(cameAt: now)
        return true
    }

    /// A connection has ended.
    mutating func go(_ number: Int, at now: Double) {
        guard leave(number) else { return }
        if visitors.values.allSatisfy({ $0.session == nil }) { leftAt = now }
    }

    /// Forgets a connection, and keeps what its session was told. False where it had none.
    private mutating func leave(_ number: Int) -> Bool {
        guard let session = visitors.removeValue(forKey: number)?.session else { return false }
        if known.count >= Self.mostSessions { known = [:] }
        known[session] = (run.steps, run.lastSteps)
        if driver == session { driver = nil }
        return true
    }

    /// Takes what is to be written to a visitor; nil where it is to be left.
    mutating func takeOutput(of number: Int) -> [UInt8]? {
        guard let visitor = visitors[number], !visitor.isTooSlow else { return nil }
        visitors[number]?.taken = (visitor.output.count, visitor.past)
        visitors[number]?.output = []
        visitors[number]?.past = 0
        return visitor.output.isEmpty && visitor.isLeaving ? nil : visitor.output
    }

    /// Puts back what could not be written.
    mutating func putBack(_ bytes: ArraySlice<UInt8>, of number: Int) {
        guard let taken = visitors[number]?.taken else { return }
        visitors[number]?.output.insert(contentsOf: bytes, at: 0)
        visitors[number]?.past = max(0, taken.past - (taken.count - bytes.count))
    }

    /// Whether anything waits for a visitor.
    func isWaiting(_ number: Int) -> Bool { visitors[number]?.output.isEmpty == false }

    /// Time goes by.
    ///
    /// - Returns: visitors that have not said who they are, and whether the training is to go on by itself.
    mutating func tick(at now: Double) -> (strangers: [Int], resumes: Bool) {
        let strangers = visitors.filter { $0.value.session == nil && now - $0.value.cameAt > Self.greeting }.keys
        guard leftAt > 0, now - leftAt > Self.orphaned, visitors.isEmpty, !keepsPaused, pauseIsTheirs,
            run.state == .paused
        else { return (Array(strangers), false) }
        leftAt = 0
        notices.append(.notice("nobody was there: the training goes on"))
        return (Array(strangers), true)
    }

    /// Something is asked for where the training runs: a pause that comes of it is nobody else's.
    mutating func askedHere(_ command: Command) {
        if pauses(command) != nil { pauseIsTheirs = false }
    }

    /// Whether a command of a visitor makes a pause theirs; nil where it has nothing to do with pauses. One that was made
    /// where the training runs stays so, also when they take steps in it.
    private func pauses(_ command: Command) -> Bool? {
        switch command.kind {
        case .pause, .step, .runEpoch: run.state != .paused || pauseIsTheirs
        case .resume: false
        default: nil
        }
    }

    // MARK: Hearing

    /// Takes in what came from a visitor.
    ///
    /// - Returns: what the training is asked for.
    mutating func receive(_ bytes: some Sequence<UInt8>, from number: Int, at now: Double) -> [Work] {
        guard var visitor = visitors[number], !visitor.isLeaving else { return [] }
        let lines: [ArraySlice<UInt8>]
        do throws(WireError) { lines = try visitor.lines.append(bytes) } catch {
            visitors[number]?.output += WireRequest.refusal(id: nil, .noRequest, "\(error)")
            visitors[number]?.isLeaving = true
            return []
        }
        visitors[number] = visitor
        return lines.compactMap { line in
            do throws(WireRequest.Fault) { return hear(try WireRequest(line), from: number, at: now) } catch {
                visitors[number]?.output += error.line
                return nil
            }
        }
    }

    private mutating func hear(_ request: WireRequest, from number: Int, at now: Double) -> Work? {
        guard let session = visitors[number]?.session else {
            do throws(WireError) { try introduce(request, number) } catch {
                visitors[number]?.output += WireRequest.refusal(id: request.id, .wrongParams, "\(error)")
                visitors[number]?.isLeaving = true
            }
            return nil
        }
        func answer(_ line: [UInt8]) { visitors[number]?.output += line }
        // What was done is answered again, and what is under way will be.
        if let kept = answers.first(where: { $0.session == session })?.lines.first(where: { $0.id == request.id }) {
            answer(kept.line)
            return nil
        }
        if open.values.contains(where: { $0.session == session && $0.id == request.id }) { return nil }
        if isTooFast(number, at: now) {
            answer(WireRequest.refusal(id: request.id, .tooMany, "more than \(Self.mostRequests) requests in a second"))
            return nil
        }
        switch request.method {
        case "ping":
            answer(
                WireRequest.answer(
                    id: request.id,
                    [
                        "step": JSONTree(count: run.progress.step),
                        "in_step_s": .number(((now - steppedAt) * 1000).rounded() / 1000),
                        "state": .string(run.stateName), "ranks": .list([]),
                    ]))
        case "take":
            do throws(WireError) {
                let isForced = try request.params.flag("force")
                guard driver == nil || driver == session || isForced else {
                    answer(
                        WireRequest.refusal(
                            id: request.id, .notTheDriver,
                            "another dashboard steers this training; take with force moves the wheel"))
                    return nil
                }
            } catch {
                answer(WireRequest.refusal(id: request.id, .wrongParams, "\(error)"))
                return nil
            }
            answer(WireRequest.answer(id: request.id, ["step": JSONTree(count: run.progress.step)]))
            steer(session)
        case "detach":
            do throws(WireError) { keepsPaused = try request.params.flag("keep_paused") } catch { keepsPaused = false }
            answer(WireRequest.answer(id: request.id, ["step": JSONTree(count: run.progress.step)]))
            visitors[number]?.isLeaving = true
        default: return ask(request, of: session, number)
        }
        return nil
    }

    private mutating func isTooFast(_ number: Int, at now: Double) -> Bool {
        guard var requests = visitors[number]?.requests else { return false }
        if now - requests.since >= 1 { requests = (now, 0) }
        requests.count += 1
        visitors[number]?.requests = requests
        return requests.count > Self.mostRequests
    }

    private mutating func ask(_ request: WireRequest, of session: String, _ number: Int) -> Work? {
        func refuse(_ code: WireRequest.Code, _ reason: String) -> Work? {
            visitors[number]?.output += WireRequest.refusal(id: request.id, code, reason)
            return nil
        }
        guard driver == session else { return refuse(.notTheDriver, "another dashboard steers this training") }
        guard open.count < Self.mostOpen else { return refuse(.tooMany, "\(open.count) requests wait already") }
        let command: Command
        do throws(WireError) {
            guard let asked = try Command(request.method, request.params) else {
                return refuse(.unknownMethod, "a training does not do that from elsewhere")
            }
            command = asked
        } catch {
            return refuse(.wrongParams, "\(error)")
        }
        if let objection = run.objection(to: command.kind) { return refuse(.unknownMethod, objection) }
        defer { nextRequest += 1 }
        open[RequestID(nextRequest)] = (session, request.id, pauses(command))
        return (command, RequestID(nextRequest))
    }

    private mutating func introduce(_ request: WireRequest, _ number: Int) throws(WireError) {
        let params = request.params
        guard request.method == "initialize" else { throw WireError("the first request must be initialize") }
        guard try params.count("protocol", from: 1) == 1 else { throw WireError("this training speaks protocol 1") }
        let session = try params.string("session")
        guard !session.isEmpty, session.utf8.count <= 64 else { throw params.wrong("session", "1 to 64 characters") }
        // Another connection of this session is one that nobody reads any more.
        for (former, visitor) in visitors where visitor.session == session { _ = leave(former) }
        visitors[number]?.session = session
        (leftAt, keepsPaused) = (0, false)
        if driver == nil, try params.optionalString("role") != "watch" { driver = session }
        let result = run.introduction.merging(peer) { $1 }.merging([
            "protocol": 1, "driver": .flag(driver == session), "world": ["size": 1, "rank": 0],
            "orphan": ["after": .number(Self.orphaned), "then": "resume"],
        ]) { $1 }
        var output = WireRequest.answer(id: request.id, .object(result))
        let after = try params.optionalCount("events_after") ?? 0
        let steps = try params.optionalCount("steps_after") ?? 0
        // Where some did not arrive all are told again; the other side knows which ones are new.
        let former = known[session].flatMap { $0.steps == steps ? $0.last : nil }
        for line in run.past(after: former ?? [:], event: after) { output += line }
        visitors[number]?.take(past: output)
    }

    private mutating func steer(_ session: String) {
        driver = session
        for (number, visitor) in visitors where visitor.session != nil {
            visitors[number]?.output += WireRequest.told("driver", ["driver": .flag(visitor.session == session)])
        }
    }

    // MARK: Telling

    /// Tells all visitors what happened.
    ///
    /// - Returns: the same without the answers to their requests.
    mutating func tell(_ update: EngineUpdate, at now: Double) -> EngineUpdate {
        if update.progress.step != run.progress.step { steppedAt = now }
        var own = update
        own.events.removeAll { event in
            switch event {
            case .applied(let id, _), .refused(let id, _): id.number >= Self.firstRequest
            default: false
            }
        }
        own.events += notices
        notices = []
        let former = run.state
        let events = run.take(own)
        for number in visitors.keys where visitors[number]?.session != nil {
            for sample in update.samples { visitors[number]?.samples.append(sample) }
            let isComfortable = visitors[number].map { $0.output.count < Self.comfortable } ?? false
            guard isComfortable || !events.isEmpty else { continue }
            let samples = ToldRun.thinned(visitors[number]?.samples.take() ?? [])
            for message in Sample.told(samples) {
                let recent: [String: JSONTree] = update.recent.map { ["recent": $0.told] } ?? [:]
                visitors[number]?.output += WireRequest.told("samples", message.adding(recent))
            }
            for line in events { visitors[number]?.output += line }
            visitors[number]?.output += WireRequest.told("progress", run.toldProgress)
        }
        follow(update.events, from: former)
        return own
    }

    private mutating func follow(_ events: [Event], from former: RunState) {
        var state = former
        for event in events {
            if case .state(let new) = event {
                // A pause is over; evaluating within the steps that were asked for is none.
                if state == .paused, new.takesSteps { pauseIsTheirs = false }
                state = new
            }
            answer(event)
        }
    }

    private mutating func answer(_ event: Event) {
        let (id, line): (RequestID, (Int) -> [UInt8])
        switch event {
        case .applied(let applied, let step):
            (id, line) = (applied, { WireRequest.answer(id: $0, ["step": JSONTree(count: step)]) })
        case .refused(let refused, let reason):
            (id, line) = (refused, { WireRequest.refusal(id: $0, .refused, reason) })
        default: return
        }
        guard let request = open.removeValue(forKey: id) else { return }
        if case .applied = event, let pauses = request.pauses { pauseIsTheirs = pauses }
        let text = line(request.id)
        var own = answers.firstIndex { $0.session == request.session }.map { answers.remove(at: $0).lines } ?? []
        own.append((request.id, text))
        answers.append((request.session, own.suffix(Self.mostAnswers)))
        if answers.count > Self.mostSessions { answers.removeFirst() }
        for (number, visitor) in visitors where visitor.session == request.session {
            visitors[number]?.output += text
        }
    }

    /// The run is over: nothing is told behind this.
    mutating func end() {
        let line = run.line("end", ["reason": "finished"])
        for number in visitors.keys {
            visitors[number]?.output += line
            visitors[number]?.isLeaving = true
        }
    }
}
