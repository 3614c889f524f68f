import Canvas
import Foundation
import Testing

@testable import Dashboard

@Suite("The README")
struct ReadmeTests {
    private let file = URL(filePath: #filePath).appending(path: "../../../README.md").standardized

    @Test("shows the keys and the commands as they are")
    func keys() throws {
        let readme = try String(contentsOf: file, encoding: .utf8)
        #expect(readme.contains(KeyBinding.markdownTable), "the README's table should be:\n\(KeyBinding.markdownTable)")
        #expect(
            readme.contains(RunListBinding.markdownTable),
            "the README's table of the list of runs should be:\n\(RunListBinding.markdownTable)")
        #expect(readme.contains(CommandTable.markdown), "the README's commands should be:\n\(CommandTable.markdown)")
    }

    @Test("links to files that are there")
    func links() throws {
        let readme = try String(contentsOf: file, encoding: .utf8)
        let paths = readme.matches(of: /\n\[[^\]]+\]: ([^ \n]+)/).map { String($0.1) }
        #expect(paths.count >= 14)
        for path in paths {
            #expect(
                FileManager.default.fileExists(atPath: file.deletingLastPathComponent().appending(path: path).path),
                "\(path)")
        }
    }

    @Test("leads to a map that names every module")
    func modules() throws {
        let sources = file.deletingLastPathComponent().appending(path: "Sources")
        let map = try String(
            contentsOf: sources.appending(path: "traintui/traintui.docc/Architecture.md"), encoding: .utf8)
        let rows = map.split(separator: "\n").filter { $0.hasPrefix("| `") }
        let named = Set(rows.flatMap { $0.split(separator: "|")[0].split(separator: "`").filter { !$0.contains(" ") } })
        let modules = try FileManager.default.contentsOfDirectory(atPath: sources.path).filter { !$0.hasPrefix(".") }
        #expect(named.map(String.init).sorted() == modules.sorted())
    }

    /// With RECORD_SNAPSHOTS=1 in the environment the screen is written into the README.
    @Test("shows the screen of a run of the built-in job as it is")
    func screen() throws {
        var run = try SteeredRun(pace: 200)
        defer { run.stop() }
        for step in [343, 686, 835] { try run.go(to: step) }
        try run.press("-")
        for step in [1029, 1317] { try run.go(to: step) }

        let frame = render(run.state, size: Size(width: 100, height: 36), glyphs: .braille)
        let readme = try String(contentsOf: file, encoding: .utf8)
        var parts = readme.split(separator: "```\n", maxSplits: 2, omittingEmptySubsequences: false)
        try #require(parts.count == 3, "the README begins with a block of text between lines of ```")
        let screen = frame.lines.map { $0 + "\n" }.joined()
        if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
            parts[1] = screen[...]
            try Data(parts.joined(separator: "```\n").utf8).write(to: file)
        } else {
            #expect(
                parts[1] == screen,
                "the README's screen should be as below; RECORD_SNAPSHOTS=1 swift test --filter ReadmeTests writes it\n\(screen)"
            )
        }
    }
}

extension Frame {
    /// What stands in the rows, without the blanks at their ends.
    fileprivate var lines: [String] {
        (0..<size.height).map { y in
            let row = (0..<size.width).map { self[$0, y] }.filter { !$0.isContinuation }.map(\.character)
            return String(row[...(row.lastIndex { $0 != " " } ?? 0)])
        }
    }
}
