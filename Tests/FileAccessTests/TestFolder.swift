import FileAccess
import Foundation
import Testing

/// A folder for one test, gone after it.
final class TestFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "files-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: path) } catch { Issue.record(error) }
    }

    func at(_ name: String) -> String { "\(path)/\(name)" }

    func write(_ name: String, _ text: String) throws { try Data(text.utf8).write(to: URL(filePath: at(name))) }

    func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: at(name))), as: UTF8.self)
    }

    var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }

    func status(_ name: String) throws -> FileStatus { try SystemCalls.posix.statusOfLink(at(name)) }
}
