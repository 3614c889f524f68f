import Foundation
import Testing

/// Compares a script with the one kept in `Snapshots/<name>.txt`.
///
/// One that is not there yet is written and the test fails, so that somebody looks at it once. With RECORD_SNAPSHOTS=1
/// in the environment every one is written anew.
func expectSnapshot(_ text: String, named name: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Snapshots/\(name).txt")
    do {
        let isRecording = ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1"
        guard !isRecording, FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else {
            try Data(text.utf8).write(to: file)
            if !isRecording {
                Issue.record("there was no script '\(name)'; look at it", sourceLocation: sourceLocation)
            }
            return
        }
        let kept = try String(decoding: Data(contentsOf: file), as: UTF8.self)
        guard text != kept else { return }
        let line = zip(text.split(separator: "\n"), kept.split(separator: "\n")).first { $0 != $1 }
        Issue.record(
            "\(name).txt differs, first in\n  now  \(line?.0 ?? "")\n  kept \(line?.1 ?? "")",
            sourceLocation: sourceLocation)
    } catch {
        Issue.record("\(name).txt: \(error)", sourceLocation: sourceLocation)
    }
}
