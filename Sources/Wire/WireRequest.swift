import Wording

/// A line of a dashboard: a request.
package struct WireRequest: Sendable, Equatable {
    package let id: Int
    package let method: String
    package let params: Members

    /// The protocol's errors.
    package enum Code: Int, Sendable {
        case refused = 1
        case notTheDriver = 3
        case tooMany = 6
        case noJSON = -32700
        case noRequest = -32600
        case unknownMethod = -32601
        case wrongParams = -32602
    }

    /// What is answered to a line that is no request.
    package struct Fault: Error, Equatable {
        /// The answer's line, with its end.
        package let line: [UInt8]
    }

    /// Reads a line.
    package init(_ line: ArraySlice<UInt8>) throws(Fault) {
        guard let tree = JSONTree(line) else {
            throw Fault(line: Self.refusal(id: nil, .noJSON, "a line came that is no JSON"))
        }
        do throws(WireError) {
            let message = try Members(tree, of: "request")
            guard try message.optionalString("jsonrpc") == "2.0" else {
                throw WireError("a line came that is no request of JSON-RPC 2.0")
            }
            id = try message.count("id")
            method = try message.string("method")
            params = try Members(message.value("params") ?? .object([:]), of: "params")
        } catch {
            throw Fault(line: Self.refusal(id: nil, .noRequest, "\(error)"))
        }
    }

    /// The line of an answer, with its end.
    package static func answer(id: Int, _ result: JSONTree) -> [UInt8] {
        Array("{\"jsonrpc\":\"2.0\",\"id\":\(id),\"result\":\(result.text)}\n".utf8)
    }

    /// The line of a refusal, with its end.
    package static func refusal(id: Int?, _ code: Code, _ reason: String) -> [UInt8] {
        let error: JSONTree = ["code": .number(Double(code.rawValue)), "message": .string(reason)]
        return Array("{\"jsonrpc\":\"2.0\",\"id\":\(id.map { "\($0)" } ?? "null"),\"error\":\(error.text)}\n".utf8)
    }

    /// The line of something that is told, with its end.
    package static func told(_ method: String, _ params: JSONTree) -> [UInt8] {
        Array("{\"jsonrpc\":\"2.0\",\"method\":\(quoted(method)),\"params\":\(params.text)}\n".utf8)
    }
}
