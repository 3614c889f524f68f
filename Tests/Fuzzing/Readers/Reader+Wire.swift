import RemoteEngine
import TrainProtocol
import Wire

extension Reader {
    /// What a training says to a dashboard. It is the same however its bytes are cut, and what is refused ends the
    /// connection with a line.
    static let told = Reader(name: "told") { bytes in
        let whole = Heard(bytes, cut: bytes.count)
        let cut = bytes.reduce(7) { ($0 &* 31 &+ Int($1)) & 0xFF } + 1
        let parts = Heard(bytes, cut: cut)
        promise(whole == parts, "what is told does not depend on where it is cut")
        if let problem = whole.problem { checkMessage(problem) }
        return whole.problem == nil
    }

    /// What a dashboard asks of a training, as the training in this program reads it. A command that is asked for is the
    /// same after it was written anew, and what is no request is answered with a message. Accepted is what has a command.
    static let asked = Reader(name: "asked") { bytes in
        var lines = LineBuffer()
        var isRead = false
        do throws(WireError) {
            for line in try lines.append(bytes + [0x0A]) where isRequest(line) { isRead = true }
        } catch {
            checkMessage(error.description)
            return false
        }
        return isRead
    }

    private static func isRequest(_ line: ArraySlice<UInt8>) -> Bool {
        let request: WireRequest
        do throws(WireRequest.Fault) { request = try WireRequest(line) } catch {
            do throws(WireError) {
                guard case .refusal(nil, _, let reason) = try WireMessage(error.line.dropLast()) else {
                    promise(false, "what is no request is refused")
                    return false
                }
                checkMessage(reason)
            } catch {
                promise(false, "a refusal can be read: \(error)")
            }
            return false
        }
        do throws(WireError) {
            guard let command = try Command(request.method, request.params) else { return false }
            let line = WireMessage.request(id: request.id, command.kind.rawValue, command.params)
            do {
                let again = try WireRequest(line.dropLast())
                let same = try Command(again.method, again.params)
                promise(again.id == request.id && same == command, "a request written anew is the same")
            } catch {
                promise(false, "a request written anew can be read: \(error)")
            }
            return true
        } catch {
            checkMessage(error.description)
            return false
        }
    }
}

/// What comes of bytes in a session that has just introduced itself.
private struct Heard: Equatable {
    private let news: EngineUpdate
    private let isOver: Bool
    private(set) var problem: String?

    /// - Parameter cut: how many bytes come at once.
    init(_ bytes: [UInt8], cut: Int) {
        var session = RemoteSession(title: "t", name: "s")
        session.connected(at: 0)
        do throws(WireError) {
            for start in stride(from: 0, to: bytes.count, by: max(1, cut)) {
                try session.received(bytes[start..<min(start + cut, bytes.count)], at: 0)
            }
        } catch {
            problem = error.description
            session.lost(error.description)
        }
        (isOver, news) = (session.isOver, session.drain())
    }

    static func == (one: Heard, other: Heard) -> Bool {
        // A loss that is not finite equals nothing, and a dictionary's text is not always the same.
        one.problem == other.problem && one.isOver == other.isOver && one.news.events.count == other.news.events.count
            && zip(one.news.events, other.news.events).allSatisfy { $0 == $1 || "\($0)" == "\($1)" }
            && "\(one.news.samples)" == "\(other.news.samples)"
            && "\(one.news.recent, default: "")" == "\(other.news.recent, default: "")"
            && "\(one.news.progress)" == "\(other.news.progress)"
    }
}
