import TrainProtocol

/// What the person asked for: the requests that an engine has not answered, and what was typed.
struct Requests: Sendable, Equatable {
    /// The requests without an answer.
    private(set) var open: [RequestID: Request] = [:]
    /// The values that were asked for and are not in force yet, by the hyperparameters' names.
    private(set) var pending: [String: Pending] = [:]
    /// The request to save that the program waits for before it closes.
    var saveBeforeQuitting: RequestID?
    /// Whether the person wants a twin, of some edit or of those to come.
    var wantsTwin = false
    /// What is looked at inside of the training, as it was asked for last.
    var inspection: Inspection?
    /// What was typed in the command line, oldest first.
    var typed: [String] = []
    private var next = 1

    /// Something that was asked for.
    struct Request: Sendable, Equatable {
        /// What.
        let command: Command
        /// When, in the seconds of ticks.
        let askedAt: Double
    }

    /// A value that was asked for.
    struct Pending: Sendable, Equatable {
        /// The value.
        var value: SettingValue
        /// The steps that it is to take to get there, 0 for at once.
        var over = 0
        /// The request.
        var request: RequestID
    }

    /// The pace that was asked for last and is not told to be in force, nil for none.
    var pace: Double? {
        let asked = open.filter { if case .setPace = $0.value.command { true } else { false } }
        guard case .setPace(let pace)? = asked.max(by: { $0.key < $1.key })?.value.command else { return nil }
        return pace
    }

    /// So many seconds nobody minds.
    static let patience = 1.0

    /// Notes that a command is sent, and names it.
    mutating func add(_ command: Command, at now: Double) -> RequestID {
        let id = RequestID(next)
        next += 1
        open[id] = Request(command: command, askedAt: now)
        switch command {
        case .set(let name, let value): pending[name] = Pending(value: value, request: id)
        case .ramp(let name, let value, let steps):
            pending[name] = Pending(value: .number(value), over: steps, request: id)
        default: break
        }
        return id
    }

    /// Notes that a request was answered.
    ///
    /// - Returns: what it was.
    mutating func close(_ id: RequestID) -> Command? {
        for (name, value) in pending where value.request == id { pending[name] = nil }
        return open.removeValue(forKey: id)?.command
    }

    /// The request that has waited longest, with the seconds; nil where none has waited for so long that it is worth a
    /// word.
    func slowest(at now: Double) -> (request: Request, seconds: Double)? {
        guard let first = open.min(by: { $0.key < $1.key }), let seconds = wait(of: first.key, at: now) else {
            return nil
        }
        return (first.value, seconds)
    }

    /// Seconds that a request has waited; nil where it is answered, or has not waited long.
    func wait(of id: RequestID, at now: Double) -> Double? {
        guard let request = open[id], now - request.askedAt >= Self.patience else { return nil }
        return now - request.askedAt
    }

    /// Seconds of waiting: "42 s", "3 min".
    static func text(_ seconds: Double) -> String {
        seconds < 120 ? "\(Int(seconds)) s" : "\(Int(min(seconds / 60, 1e9))) min"
    }

    /// When there is something to say of requests that wait: after a second, and then each second anew.
    func nextRemark(after now: Double) -> Double? {
        guard let oldest = open.values.map(\.askedAt).min() else { return nil }
        return oldest + max(Self.patience, (now - oldest).rounded(.down) + 1)
    }
}
