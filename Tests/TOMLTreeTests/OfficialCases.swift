import Foundation

/// The cases of toml-test, the suite that the authors of TOML keep: those for TOML 1.1, as tomlkit's sources carry them.
enum OfficialCases {
    struct Case {
        /// `valid/string/escapes`.
        let name: String
        let text: [UInt8]
        /// The expected value, see ``CanonicalText``; nil where the text must be refused.
        let value: String?
    }

    /// How many there are.
    static let count = 680

    /// All, nil if they cannot be had.
    static let all: [Case]? = {
        let package = PythonPackage(
            name: "tomlkit", version: "0.15.2",
            sha256: "83e32755ba1d20d9340bd069ee97e9f6232ba2346b63ffcba425de01f7e327a6", isWheel: false)
        guard let folder = package.fetch()?.appending(path: "tomlkit-0.15.2/tests/toml-test/tests") else {
            print("skipped: \(count) official cases of TOML, which are not here")
            return nil
        }
        do {
            let list = try String(contentsOf: folder.appending(path: "files-toml-1.1.0"), encoding: .utf8)
            return try list.split(separator: "\n").filter { $0.hasSuffix(".toml") }.map { line in
                let name = String(line.dropLast(".toml".count))
                let file = folder.appending(path: String(line))
                let value =
                    name.hasPrefix("valid/")
                    ? try expected(Data(contentsOf: file.deletingPathExtension().appendingPathExtension("json"))) : nil
                return Case(name: name, text: Array(try Data(contentsOf: file)), value: value)
            }
        } catch {
            print("skipped: \(count) official cases of TOML, which cannot be read: \(error)")
            return nil
        }
    }()

    struct Unreadable: Error { let what: String }

    private static func expected(_ json: Data) throws -> String {
        try canonicalText(JSONSerialization.jsonObject(with: json))
    }

    /// The suite writes every value but lists and tables as `{ "type": "integer", "value": "42" }`.
    private static func canonicalText(_ json: Any) throws -> String {
        if let items = json as? [Any] { return CanonicalText.list(try items.map(canonicalText)) }
        guard let entries = json as? [String: Any] else { throw Unreadable(what: "\(json)") }
        guard entries.count == 2, let type = entries["type"] as? String, let text = entries["value"] as? String else {
            return CanonicalText.table(try entries.map { ($0.key, try canonicalText($0.value)) })
        }
        switch type {
        case "string": return CanonicalText.string(text)
        case "integer": return CanonicalText.integer(try number(text))
        case "float": return CanonicalText.double(try number(text))
        case "bool": return CanonicalText.boolean(text == "true")
        case "datetime", "datetime-local", "date-local", "time-local":
            return CanonicalText.dateTime(text, kind: type)
        default: throw Unreadable(what: type)
        }
    }

    private static func number<Number: LosslessStringConvertible>(_ text: String) throws -> Number {
        guard let number = Number(text) else { throw Unreadable(what: text) }
        return number
    }
}
