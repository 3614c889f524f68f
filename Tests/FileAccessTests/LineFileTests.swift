import Foundation
import Synchronization
import Testing

@testable import FileAccess

@Suite struct LineFileTests {
    private let folder: TestFolder
    private let disk = FullDisk()
    private let told = Told()

    init() throws { folder = try TestFolder() }

    final class Told: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func tell(_ line: String) { lines.withLock { $0.append(line) } }
    }

    private func open(
        threshold: Int = 0, capacity: Int = 1 << 20, endsForGood: Bool = false
    ) throws -> LineFile {
        let told = told
        return try LineFile(
            folder.at("log"), existing: .emptied,
            overflow: endsForGood ? .endsForGood : .marked { "# \($0) rows are missing here: \($1)" }, unit: "step",
            threshold: threshold, capacity: capacity, calls: disk.calls, onChange: { told.tell($0) })
    }

    private func rows(_ steps: some Sequence<Int>) -> String { steps.map { "\($0),1,0.5\n" }.joined() }

    private func append(_ steps: some Sequence<Int>, to file: LineFile) {
        for step in steps { file.append("\(step),1,0.5", number: step) }
    }

    @Test func holdsWhatDoesNotFitAndWritesItWhenThereIsRoomAgain() throws {
        let file = try open()
        append(1...3, to: file)
        // Half a row fits.
        disk.room = 4
        append(4...9, to: file)
        #expect(try folder.text("log") == rows(1...3))
        #expect(told.all == ["\(folder.at("log")): is not written from step 4 on: No space left on device"])
        disk.room = .max
        append([10], to: file)
        #expect(try folder.text("log") == rows(1...3), "it is not tried again before a second has passed")
        disk.pass(seconds: 1)
        append([11], to: file)
        #expect(try folder.text("log") == rows(1...11))
        #expect(told.all.count == 2)
        #expect(told.all.last?.hasSuffix("is written again; it was not from step 4 on, and nothing is missing") == true)
        #expect(file.close() == .whole)
    }

    @Test func saysInTheFileHowManyLinesAreMissingWhereTooManyWereHeld() throws {
        let file = try open(capacity: 40)
        append(1...3, to: file)
        disk.room = 0
        append(4...99, to: file)
        disk.room = .max
        disk.pass(seconds: 1)
        append(100...101, to: file)
        let text = try folder.text("log")
        let lines = text.split(separator: "\n")
        let marker = try #require(lines.firstIndex { $0.hasPrefix("#") })
        let kept = lines[..<marker].compactMap { Int($0.prefix { $0 != "," }) }
        #expect(kept == Array(1...kept.count))
        #expect(lines[marker] == "# \(100 - kept.count) rows are missing here: No space left on device")
        #expect(lines[(marker + 1)...] == ["101,1,0.5"])
        guard case .notWhole(let sentence) = file.close() else {
            Issue.record("lines are missing")
            return
        }
        #expect(sentence.hasSuffix("\(100 - kept.count) lines are missing: No space left on device"))
    }

    @Test func hasNoHoleWhereNoneMayBe() throws {
        let file = try open(capacity: 40, endsForGood: true)
        append(1...3, to: file)
        disk.room = 0
        append(4...99, to: file)
        disk.room = .max
        disk.pass(seconds: 1)
        append(100...200, to: file)
        guard case .notWhole(let sentence) = file.close() else {
            Issue.record("lines are missing")
            return
        }
        let text = try folder.text("log")
        let count = text.split(separator: "\n").count
        #expect(text == rows(1...count) && count < 10)
        #expect(sentence.contains("is not written from step \(count + 1) on: No space left on device"))
    }

    @Test func tellsAtTheEndWhatWasNeverWritten() throws {
        let file = try open(threshold: 1 << 16)
        append(1...5, to: file)
        disk.room = 12
        #expect(
            file.close()
                == .notWhole("\(folder.at("log")): is not written from step 2 on: No space left on device"))
        #expect(try folder.text("log") == rows(1...1))
        #expect(file.close() == file.close())
    }

    @Test func goesOnInTheMiddleOfALineThatCannotBeCutOff() throws {
        let file = try open()
        append(1...2, to: file)
        disk.room = 4
        disk.cutFails = true
        append([3], to: file)
        #expect(try folder.text("log") == rows(1...2) + "3,1,")
        disk.room = .max
        disk.pass(seconds: 1)
        disk.cutFails = false
        append([4], to: file)
        #expect(try folder.text("log") == rows(1...4))
        #expect(file.close() == .whole)
    }

    @Test func triesAFullDiskOnceASecondAndNoOftener() throws {
        let file = try open()
        disk.room = 0
        append(1...1000, to: file)
        #expect(disk.attempts == 1 && told.all.count == 1)
        disk.pass(seconds: 1)
        append(1001...2000, to: file)
        #expect(disk.attempts == 2 && told.all.count == 1)
    }

    @Test func signalsAndShortWritesAreNobodysBusiness() throws {
        let file = try open()
        disk.interruptions = 5
        append(1...3, to: file)
        #expect(file.close() == .whole && told.all.isEmpty)
        #expect(try folder.text("log") == rows(1...3))
    }

    @Test func seesThatItWasRemovedReplacedOrCutShort() throws {
        for (spoil, words) in [
            ("rm log", "removed or replaced"), ("mv log other; echo > log", "removed or replaced"),
            ("truncate -s 3 log", "cut short"),
        ] {
            let file = try open()
            append(1...3, to: file)
            let shell = Process()
            shell.executableURL = URL(filePath: "/bin/sh")
            shell.arguments = ["-c", spoil]
            shell.currentDirectoryURL = URL(filePath: folder.path)
            try shell.run()
            shell.waitUntilExit()
            guard case .notWhole(let sentence) = file.close() else {
                Issue.record("\(spoil) was not seen")
                continue
            }
            #expect(sentence.contains("was \(words) by another program"))
        }
    }

    @Test func belongsToOneRunAtATime() throws {
        let file = try open()
        append(1...3, to: file)
        #expect(throws: FileError(folder.at("log"), "another run writes there")) { try open() }
        #expect(try folder.text("log") == rows(1...3))
        file.close()
        _ = try open()
        #expect(try folder.text("log") == "")
    }

    @Test func aPipesReaderThatWasAwayGetsWholeLines() throws {
        let path = folder.at("pipe")
        try #require(mkfifo(path, 0o600) == 0)
        #expect(throws: FileError(path, "cannot be written: nobody reads this pipe")) {
            try LineFile(
                path, existing: .emptied, overflow: .endsForGood, unit: "step", threshold: 0, capacity: 1 << 20,
                calls: .posix, onChange: { _ in })
        }
        signal(SIGPIPE, SIG_IGN)
        let reader = Foundation.open(path, O_RDONLY | O_NONBLOCK)
        let file = try LineFile(
            path, existing: .emptied, overflow: .endsForGood, unit: "step", threshold: 0, capacity: 1 << 20,
            calls: disk.calls, onChange: { [told] in told.tell($0) })
        var bytes = [UInt8](repeating: 0, count: 1000)
        append(1...2, to: file)
        #expect(read(reader, &bytes, bytes.count) == rows(1...2).utf8.count)
        close(reader)
        append(3...4, to: file)
        #expect(told.all == ["\(path): is not written from step 3 on: Broken pipe"])
        let next = Foundation.open(path, O_RDONLY | O_NONBLOCK)
        disk.pass(seconds: 1)
        append([5], to: file)
        let count = read(next, &bytes, bytes.count)
        close(next)
        #expect(String(decoding: bytes[..<max(0, count)], as: UTF8.self) == rows(3...5))
    }

    @Test func anAttemptThatFailsAtOnceLeavesNothing() throws {
        disk.room = 3
        let file = try open()
        append([1], to: file)
        let before = try folder.names
        #expect(before == ["log"])
        let error = #expect(throws: FileError.self) { try file.begin() }
        #expect(error?.reason == "cannot be written: No space left on device")
        #expect(try folder.names.isEmpty)
    }
}
