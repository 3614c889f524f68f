package import Canvas
import Foundation
package import Testing

/// Compares a frame with the picture kept in `Snapshots/<name>.txt` beside the calling test file.
///
/// A picture that is not there yet is written and the test fails, so that somebody looks at it once. With
/// RECORD_SNAPSHOTS=1 in the environment every picture is written anew.
package func expectSnapshot(
    _ frame: Frame, named name: String, filePath: String = #filePath, sourceLocation: SourceLocation = #_sourceLocation
) {
    let file = URL(fileURLWithPath: filePath).deletingLastPathComponent()
        .appendingPathComponent("Snapshots").appendingPathComponent(name + ".txt")
    let picture = frame.snapshot
    do {
        let isRecording = ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1"
        guard !isRecording, FileManager.default.fileExists(atPath: file.path) else {
            let folder = file.deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(picture.utf8).write(to: file)
            if !isRecording {
                Issue.record(
                    "there was no picture '\(name)'; it is written now, look at it", sourceLocation: sourceLocation)
            }
            return
        }
        let kept = try String(decoding: Data(contentsOf: file), as: UTF8.self)
        if picture != kept {
            let difference = firstDifference(picture, kept)
            Issue.record(
                "\(name).txt differs in \(difference)\nnow:\n\(picture)\nkept:\n\(kept)", sourceLocation: sourceLocation
            )
        }
    } catch {
        Issue.record("\(name).txt: \(error)", sourceLocation: sourceLocation)
    }
}

/// Where two texts first differ, for the top of a long message.
private func firstDifference(_ now: String, _ kept: String) -> String {
    let now = now.split(separator: "\n", omittingEmptySubsequences: false)
    let kept = kept.split(separator: "\n", omittingEmptySubsequences: false)
    let line = zip(now, kept).prefix { $0 == $1 }.count
    let (left, right) = (line < now.count ? now[line] : "nothing", line < kept.count ? kept[line] : "nothing")
    return "line \(line + 1):\n  now  \(left)\n  kept \(right)"
}
