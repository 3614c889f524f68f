import Wording

/// A line of a training: an answer to a request, or something that it tells.
package enum WireMessage: Sendable, Equatable {
    /// A request was carried out.
    case answer(id: Int, JSONTree)
    /// A request was not carried out, or a line could not be read and has no number.
    case refusal(id: Int?, code: Int, reason: String)
    /// Something happened.
    case told(method: String, JSONTree)

    /// Reads a line.
    ///
    /// - Throws: where it is no message; the line of the error quotes nothing of it.
    package init(_ line: ArraySlice<UInt8>) throws(WireError) {
        guard let tree = JSONTree(line) else { throw WireError("a line came that is no JSON") }
        let message = try Members(tree, of: "message")
        guard try message.optionalString("jsonrpc") == "2.0" else {
            throw WireError("a line came that is no message of JSON-RPC 2.0")
        }
        if let method = try message.optionalString("method") {
            self = .told(method: method, message.value("params") ?? .object([:]))
        } else if let error = try message.optionalObject("error") {
            guard let code = Int(exactly: try error.number("code")) else { throw error.wrong("code", "a whole number") }
            self = .refusal(
                id: try message.optionalCount("id"), code: code,
                reason: visible(try error.optionalString("message") ?? "it is not done", limit: 300))
        } else {
            guard let result = message.value("result") else { throw WireError("an answer came without a result") }
            self = .answer(id: try message.count("id"), result)
        }
    }

    /// A request as a line, with its end.
    package static func request(id: Int, _ method: String, _ params: JSONTree) -> [UInt8] {
        Array("{\"jsonrpc\":\"2.0\",\"id\":\(id),\"method\":\(quoted(method)),\"params\":\(params.text)}\n".utf8)
    }
}
