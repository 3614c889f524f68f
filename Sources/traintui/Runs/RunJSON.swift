import Foundation

/// A run as one line of JSON, in the words of its `run.json`, with its name and folder.
enum RunJSON {
    private struct Line: Encodable {
        let run: String
        let folder: String
        let state: String?
        let record: RunRecord?
    }

    static func line(_ run: ListedRun) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let line = Line(run: run.folder.name, folder: run.folder.path, state: run.state, record: run.record)
        return String(decoding: try encoder.encode(line), as: UTF8.self)
    }
}
