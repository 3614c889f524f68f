import Foundation
import TrainProtocol

@testable import RemoteEngine
@testable import Wire

/// The other end of a session: answers as a training does, and keeps its answers by their numbers.
struct FakeTraining {
    private var answers: [Int: String] = [:]
    private(set) var edits = 0
    private(set) var step = 0
    private var event = 0
    private var past: [(number: Int, line: String)] = []
    private var lines = LineBuffer()
    var process = 7
    var attempt = 0

    /// Takes in what a session sends, and returns what it hears.
    mutating func hear(_ bytes: [UInt8]) throws -> [UInt8] {
        var output = ""
        for line in try lines.append(bytes) {
            let request = try Members(JSONTree(line), of: "request")
            let (id, method) = (try request.count("id"), try request.string("method"))
            let params = try Members(request.value("params"), of: "params")
            if method == "initialize" {
                output += try introduction(id, params)
            } else if let answer = answers[id] {
                output += answer
            } else {
                output += carryOut(id, method, params)
            }
        }
        return Array(output.utf8)
    }

    /// A connection ended: half a line is forgotten.
    mutating func disconnect() { lines = LineBuffer() }

    mutating func train(_ count: Int) -> [UInt8] {
        let first = step + 1
        step += count
        let losses = (first...step).map { "\(1 / Double($0))" }.joined(separator: ",")
        return Array(
            (line("samples", #"{"branch":1,"first":\#(first),"losses":[\#(losses)],"rates":[0.1]}"#)
                + line("progress", #"{"step":\#(step),"seconds":1}"#)).utf8)
    }

    mutating func tell(_ method: String, _ params: String = "") -> String {
        event += 1
        let text = line(method, #"{"n":\#(event)\#(params.isEmpty ? "" : ",")\#(params)}"#)
        past.append((event, text))
        return text
    }

    private mutating func carryOut(_ id: Int, _ method: String, _ params: Members) -> String {
        var output = ""
        switch method {
        case "set":
            edits += 1
            output += tell(
                "changed", #""number":\#(edits),"name":"learning_rate","old":0.1,"new":0.2,"step":\#(step)"#)
            output += #"{"jsonrpc":"2.0","id":\#(id),"result":{"step":\#(step)}}"# + "\n"
        case "pause":
            output += tell("state", #""name":"paused""#)
            output += #"{"jsonrpc":"2.0","id":\#(id),"result":{"step":\#(step)}}"# + "\n"
        case "ping": output += #"{"jsonrpc":"2.0","id":\#(id),"result":{"step":\#(step)}}"# + "\n"
        default:
            output += #"{"jsonrpc":"2.0","id":\#(id),"error":{"code":1,"message":"not \#(method)\u0007"}}"# + "\n"
        }
        answers[id] = output
        return output
    }

    private func introduction(_ id: Int, _ params: Members) throws -> String {
        let (events, steps) = (try params.count("events_after"), try params.count("steps_after"))
        let methods = Command.Kind.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ",")
        let result = """
            {"jsonrpc":"2.0","id":\(id),"result":{"protocol":1,"driver":true,"attempt":\(attempt),"peer":{"pid":\(process)},\
            "description":{"title":"fake"},"capabilities":{"methods":[\(methods)]},"hyperparameters":[{"name":\
            "learning_rate","title":"learning rate","role":"learning_rate","value":0.1,"range":{"kind":"positive"}}],\
            "state":{"name":"training"},"progress":{"step":\(step)}}}

            """
        var output = result
        if steps < step {
            let losses = ((steps + 1)...step).map { "\(1 / Double($0))" }.joined(separator: ",")
            output += line("samples", #"{"branch":1,"first":\#(steps + 1),"losses":[\#(losses)]}"#)
        }
        return output + past.filter { $0.number > events }.map(\.line).joined()
    }

    private func line(_ method: String, _ params: String) -> String {
        #"{"jsonrpc":"2.0","method":"\#(method)","params":\#(params)}"# + "\n"
    }
}
