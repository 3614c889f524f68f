package import TrainProtocol
package import Wire
import Wording

/// What one side of a connection knows, as a value without a socket: bytes in, bytes out, news for the dashboard.
///
/// ```
///  ask ──> output ~~~ socket ~~~ received ──> events, samples ──> drain
/// ```
/// It outlives connections. After one was lost it says what it knows, asks once more for what has no answer, and the
/// training, which keeps its answers, does nothing twice.
package struct RemoteSession: Sendable {
    /// What is known of the training before it said anything.
    package let run: RunDescription
    /// Bytes that wait to be sent.
    package private(set) var output: [UInt8] = []
    /// Whether the training has ended, so that nobody need connect any more.
    package private(set) var isOver = false

    var news = RemoteNews()
    private var lines = LineBuffer()
    private let name: String
    private let role: Role
    private var open: [Int: Request] = [:]
    private var nextRequest = 1
    private var introduction: Int?
    private var isConnected = false
    /// The process that was spoken with, so that another one is not taken for it.
    private var process: Int?
    private var silence = Silence()
    private var isAbsenceTold = false

    /// Seconds after which a training that was there is given up.
    private static let patience = 60.0

    /// Whether to steer or to look on.
    package enum Role: Sendable {
        /// Steer where nobody else does.
        case drive
        /// Steer, whoever else does.
        case take
        /// Look on.
        case watch
        /// Let the training go on and stop it, whoever steers: it was started here.
        case launch
    }

    private struct Request: Sendable {
        /// Nil for one that the dashboard did not make.
        let id: RequestID?
        let command: Command?
        let line: [UInt8]
    }

    /// - Parameters:
    ///   - title: what the training is called until it says so itself.
    ///   - name: names this session to the training; no other one may have it.
    package init(title: String, name: String, role: Role = .drive) {
        run = RunDescription(title: title)
        self.name = name
        self.role = role
        news.events = [.state(.connecting)]
    }

    /// Whether there is anything to drain.
    package var hasNews: Bool { !news.isEmpty }

    // MARK: - The connection

    /// A connection is there: introduces itself.
    package mutating func connected(at now: Double) {
        (output, lines, isConnected) = ([], LineBuffer(), true)
        silence = Silence(heardAt: now)
        introduction = nextRequest
        let params: JSONTree = [
            "protocol": 1, "viewer": "traintui", "session": .string(name), "role": .string(role.word),
            "events_after": .number(Double(news.lastEvent)), "steps_after": .number(Double(news.steps)), "rate": 20,
        ]
        output += WireMessage.request(id: nextRequest, "initialize", params)
        nextRequest += 1
    }

    /// Whether the training has said what it is since the connection is there.
    package var isIntroduced: Bool { isConnected && introduction == nil }

    /// The connection is lost, or none could be made.
    ///
    /// - Parameter seconds: for how long nobody has spoken.
    package mutating func lost(_ reason: String, for seconds: Double = 0) {
        (output, isConnected, introduction) = ([], false, nil)
        guard !isOver else { return }
        let words = visible(reason, limit: 200)
        if process != nil {
            news.become(.lost(reason: words))
        } else if seconds >= Silence.limit, !isAbsenceTold {
            // Before its first word a training is not lost but not there yet.
            isAbsenceTold = true
            news.events.append(.notice("nobody is there yet: \(words)"))
        }
        // Nobody need wait for an answer any more.
        if seconds > Self.patience { refuseAll("the connection was lost; whether it was done is not known") }
    }

    /// Nobody will come back.
    package mutating func end(_ reason: String, isGood: Bool) {
        guard !isOver else { return }
        isOver = true
        refuseAll("the training ended; whether it was done is not known")
        news.end(visible(reason, limit: 200), isGood: isGood)
    }

    /// Time goes by: a training that says nothing is asked whether it is there, and one that does not answer is lost.
    package mutating func tick(at now: Double) {
        guard isConnected, !isOver else { return }
        switch silence.tick(at: now) {
        case .nothing: break
        case .ask: request("ping", [:])
        case .lost: news.become(.lost(reason: "it has not said anything for 9 s; it may hang"))
        }
    }

    /// Leaves the training as it is. Send what is in ``output`` and close.
    package mutating func detach(keepPaused: Bool) {
        guard isConnected, introduction == nil, !isOver else { return }
        request("detach", ["keep_paused": .flag(keepPaused)])
    }

    /// Takes what is to be sent.
    package mutating func takeOutput() -> [UInt8] {
        defer { output = [] }
        return output
    }

    // MARK: - Asking

    /// Asks for a command; the answer comes with the events.
    package mutating func ask(_ command: Command, id: RequestID) {
        guard !isOver else {
            news.events.append(.refused(id, reason: "the training has ended"))
            return
        }
        let asked = news.attempts.asked(command)
        if let reason = news.objection(to: command.kind) {
            news.events.append(.refused(id, reason: reason))
        } else if let asked {
            request(command.kind.rawValue, asked.params, id: id, command: command)
        } else {
            news.events.append(.refused(id, reason: "that branch is another attempt's"))
        }
    }

    private mutating func request(
        _ method: String, _ params: JSONTree, id: RequestID? = nil, command: Command? = nil
    ) {
        let line = WireMessage.request(id: nextRequest, method, params)
        open[nextRequest] = Request(id: id, command: command, line: line)
        nextRequest += 1
        if isConnected, introduction == nil { output += line }
    }

    // MARK: - Hearing

    /// Takes in what came.
    ///
    /// - Throws: where it is not what the protocol has; close the connection then.
    package mutating func received(_ bytes: some Sequence<UInt8>, at now: Double) throws(WireError) {
        if silence.heard(at: now) { news.becomeAsTold() }
        for line in try lines.append(bytes) {
            guard !isOver else { return }
            try hear(WireMessage(line))
        }
    }

    private mutating func hear(_ message: WireMessage) throws(WireError) {
        switch message {
        case .answer(let id, let result):
            if id == introduction {
                return try introduce(Members(news.attempts.numbered(result), of: "initialize"))
            }
            guard let request = open.removeValue(forKey: id) else { return }
            guard let asked = request.id else { return }
            let step = try Members(result, of: "answer").optionalCount("step") ?? news.progress.step
            news.events.append(.applied(asked, at: step))
        case .refusal(let id?, _, let reason):
            if id == introduction { throw WireError("the training refuses to talk: \(reason)") }
            guard let request = open.removeValue(forKey: id), let asked = request.id else { return }
            news.events.append(.refused(asked, reason: reason))
        case .refusal(nil, _, let reason): throw WireError("the training cannot read what is sent: \(reason)")
        case .told(let method, let params):
            // Whatever comes before the introduction is not for this session.
            guard introduction == nil else { return }
            try news.take(method, Members(news.attempts.numbered(params), of: method))
            if news.isEnded {
                refuseAll("the training ended first")
                isOver = true
            }
        }
    }

    private mutating func introduce(_ told: Members) throws(WireError) {
        let version = try told.count("protocol", from: 1)
        guard version == 1 else { throw WireError("the training speaks protocol \(version); this program speaks 1") }
        let process = try told.optionalObject("peer")?.optionalCount("pid") ?? 0
        let attempt = try told.optionalCount("attempt") ?? 0
        if let former = self.process, former != process {
            if let last = news.attempts.present, attempt > last {
                self.process = process
                refuseAll("the training was begun again; whether it was done is not known")
                news.beginAgain(attempt)
                // It is to tell all of itself, which it does to one who knows nothing.
                throw WireError("the training was begun again: attempt \(attempt)")
            }
            refuseAll("the connection was lost; whether it was done is not known")
            end("another process, \(process), has taken its place", isGood: false)
            return
        }
        (self.process, news.attempts.present) = (process, attempt)
        introduction = nil
        try news.introduce(told)
        if role == .take, !news.isDriver { request("take", ["force": .flag(true)]) }
        // What has no answer yet is asked for once more under its number: what was done is not done again.
        for (_, request) in open.sorted(by: { $0.key < $1.key }) { output += request.line }
        open = open.filter { $0.value.id != nil }
    }

    private mutating func refuseAll(_ reason: String) {
        for (_, request) in open.sorted(by: { $0.key < $1.key }) {
            if let id = request.id { news.events.append(.refused(id, reason: reason)) }
        }
        open = [:]
    }

    /// Takes all that happened since the last call.
    package mutating func drain() -> EngineUpdate { news.drain() }
}

extension RemoteSession.Role {
    /// As the protocol has it. The wheel is taken once it is known who has it.
    fileprivate var word: String {
        switch self {
        case .drive, .take: "drive"
        case .watch: "watch"
        case .launch: "launch"
        }
    }
}

/// How long a training has said nothing.
private struct Silence: Sendable {
    private var heardAt = 0.0
    private var hasAsked = false
    private var isLost = false

    /// Seconds after which it is asked, and after which it is lost: on the screen within ten.
    static let (patience, limit) = (5.0, 9.0)

    enum Step { case nothing, ask, lost }

    init(heardAt: Double = 0) { self.heardAt = heardAt }

    /// Something came.
    ///
    /// - Returns: whether that had not been expected any more.
    mutating func heard(at now: Double) -> Bool {
        defer { (heardAt, hasAsked, isLost) = (now, false, false) }
        return isLost
    }

    mutating func tick(at now: Double) -> Step {
        if now - heardAt >= Self.limit, !isLost {
            isLost = true
            return .lost
        }
        if now - heardAt >= Self.patience, !hasAsked {
            hasAsked = true
            return .ask
        }
        return .nothing
    }
}
