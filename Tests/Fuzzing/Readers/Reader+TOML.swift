import TOMLTree
import Wording

extension Reader {
    /// Any TOML document. What is accepted must read the same after it was written anew; its line ends may be CRLF, and a
    /// byte order mark may come first, with no difference. An error's place must lie in the text.
    static let toml = Reader(name: "toml") { bytes in
        let found = outcome(bytes)
        // The second of two marks is a character like any other.
        let rest = Array(bytes.dropFirst(3))
        if bytes.starts(with: mark), !rest.starts(with: mark) {
            promise(outcome(rest) == found, "a byte order mark says nothing")
        }
        promise(outcome(withCarriageReturns(bytes)) == found, "LF and CRLF are the same line end")
        switch found {
        case .success(let text):
            promise(outcome(Array(text.utf8)) == found, "a document that is written anew reads the same")
            return true
        case .failure(let error):
            checkMessage(error.description)
            checkPlace(error.description, in: bytes)
            return false
        }
    }

    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private static func outcome(_ bytes: [UInt8]) -> Result<String, TOMLError> {
        do throws(TOMLError) {
            return .success(try TOMLNode.document(utf8: bytes, file: "f").tomlText)
        } catch {
            return .failure(error)
        }
    }

    private static func withCarriageReturns(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for byte in bytes {
            if byte == 0x0A, result.last != 0x0D { result.append(0x0D) }
            result.append(byte)
        }
        return result
    }

    /// `f:LINE:COLUMN: ...`, both counted from 1. A column counts Unicode scalars, and may stand behind the line's last.
    private static func checkPlace(_ message: String, in bytes: [UInt8]) {
        let parts = message.split(separator: ":", maxSplits: 3)
        guard parts.count == 4, parts[0] == "f", let line = Int(parts[1]), let column = Int(parts[2]) else {
            promise(false, "an error has a place: \(message)")
            return
        }
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        promise((1...lines.count).contains(line), "an error's line is in the text: \(message)")
        // A scalar has one byte at least.
        promise((1...lines[line - 1].count + 1).contains(column), "an error's column is in its line: \(message)")
    }
}

extension TOMLNode {
    /// The document as TOML, tables inline, without a word about where things stood.
    fileprivate var tomlText: String {
        guard case .table(let entries) = value else { return "not a table" }
        return entries.keys.map { "\(quoted($0)) = \(entries[$0]?.valueText ?? "")\n" }.joined()
    }

    private var valueText: String {
        switch value {
        case .string(let text): quoted(text)
        case .integer(let number): "\(number)"
        case .double(let number): number.isNaN ? "nan" : "\(number)"
        case .boolean(let isTrue): "\(isTrue)"
        case .dateTime(let moment): moment.text
        case .array(let items): "[" + items.map(\.valueText).joined(separator: ", ") + "]"
        case .table(let entries):
            "{ " + entries.keys.map { "\(quoted($0)) = \(entries[$0]?.valueText ?? "")" }.joined(separator: ", ") + " }"
        }
    }
}
