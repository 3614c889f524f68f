import Foundation
import Testing

@testable import FileAccess

@Suite struct WholeFileTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    @discardableResult
    private func write(_ text: String, to name: String, mustBeNew: Bool = false, _ calls: SystemCalls = .posix) throws
        -> FileStatus.Identity
    {
        try WholeFile(folder.at(name), calls).write(Array(text.utf8), mustBeNew: mustBeNew)
    }

    @Test func writesANewFileAndReplacesAnOldOne() throws {
        let first = try write("one", to: "f")
        #expect(try folder.text("f") == "one" && folder.status("f").identity == first)
        #expect(try write("two", to: "f") != first)
        #expect(try folder.text("f") == "two")
        #expect(try folder.names == ["f"])
    }

    @Test func keepsTheModeAndGivesNewOnesThatOfTheUmask() throws {
        try folder.write("f", "old")
        for mode in [0o600, 0o640, 0o444, 0o755] as [UInt32] {
            chmod(folder.at("f"), mode_t(mode))
            try write("new", to: "f")
            #expect(try folder.status("f").mode == mode)
        }
        try write("new", to: "g")
        let mask = umask(0)
        umask(mask)
        #expect(try folder.status("g").mode == 0o666 & ~UInt32(mask))
    }

    @Test func writesThroughLinksAndLeavesThem() throws {
        try folder.write("target", "old")
        try FileManager.default.createDirectory(atPath: folder.at("sub"), withIntermediateDirectories: true)
        symlink("target", folder.at("link"))
        symlink("../link", folder.at("sub/link"))
        symlink("not-yet", folder.at("dangling"))
        try write("one", to: "sub/link")
        #expect(try folder.text("target") == "one")
        try write("two", to: "dangling")
        #expect(try folder.text("not-yet") == "two")
        for name in ["link", "sub/link", "dangling"] { #expect(try folder.status(name).kind == .link) }
        symlink("loop", folder.at("loop"))
        #expect(throws: FileError.self) { try write("x", to: "loop") }
    }

    @Test func neverReplacesADevice() throws {
        for path in ["/dev/null", "/dev/zero"] {
            let before = try SystemCalls.posix.status(path)
            try WholeFile(path).write([1, 2, 3])
            #expect(try SystemCalls.posix.status(path) == before)
        }
        #expect(throws: FileError("/dev/full", "cannot be written: No space left on device")) {
            try WholeFile("/dev/full").write([1])
        }
        #expect(throws: FileError(folder.path, "is a directory, not a file")) { try WholeFile(folder.path).write([1]) }
    }

    @Test func writesToAPipeThatSomebodyReadsAndNeverReplacesIt() throws {
        try #require(mkfifo(folder.at("pipe"), 0o600) == 0)
        let disk = FullDisk()
        // The clock stands still until the file waits.
        var calls = disk.calls
        calls.waitToWrite = { _, _ in
            disk.pass(seconds: 1)
            return false
        }
        #expect(throws: FileError(folder.at("pipe"), "cannot be written: nobody reads this pipe")) {
            try write("x", to: "pipe", calls)
        }
        let reader = open(folder.at("pipe"), O_RDONLY | O_NONBLOCK)
        try write("hello", to: "pipe")
        var bytes = [UInt8](repeating: 0, count: 10)
        #expect(read(reader, &bytes, 10) == 5)
        close(reader)
        #expect(try folder.status("pipe").kind == .pipe)
    }

    @Test func aNewFileIsWrittenOverNothing() throws {
        try folder.write("f", "mine")
        let error = #expect(throws: FileError.self) { try write("x", to: "f", mustBeNew: true) }
        #expect(error?.isThere == true)
        // Somebody comes between the look and the writing; and a file system that knows no second names.
        for link in [SystemError(EPERM), nil] {
            var calls = SystemCalls.posix
            calls.status = { (path) throws(SystemError) in
                if path.hasSuffix("/f") { throw .noSuchFile }
                return try SystemCalls.posix.status(path)
            }
            calls.statusOfLink = { (_) throws(SystemError) in throw .noSuchFile }
            if let link { calls.link = { (_, _) throws(SystemError) in throw link } }
            let late = #expect(throws: FileError.self) { try write("x", to: "f", mustBeNew: true, calls) }
            #expect(late?.isThere == true)
        }
        #expect(try folder.text("f") == "mine")
        #expect(try folder.names == ["f"])
    }

    @Test(arguments: ["open", "write", "flush", "close", "rename", "changeMode"])
    func whateverFailsTheOldFileIsWholeAndNothingIsLeft(call: String) throws {
        try folder.write("f", "old")
        chmod(folder.at("f"), 0o2604)
        for error in [SystemError.noSpace, .inputOutput, .notAllowed, SystemError(EDQUOT)] {
            var calls = SystemCalls.posix
            switch call {
            case "open": calls.open = { (_, _, _) throws(SystemError) in throw error }
            case "write": calls.write = { (_, _) throws(SystemError) in throw error }
            case "flush": calls.flush = { (_) throws(SystemError) in throw error }
            case "rename": calls.rename = { (_, _) throws(SystemError) in throw error }
            case "changeMode": calls.changeMode = { (_, _) throws(SystemError) in throw error }
            default:
                calls.close = { (file) throws(SystemError) in
                    try SystemCalls.posix.close(file)
                    throw error
                }
            }
            #expect(throws: FileError(folder.at("f"), "cannot be written: \(error)")) {
                try write("new", to: "f", calls)
            }
            #expect(try folder.text("f") == "old" && folder.names == ["f"])
        }
    }

    @Test func saysBeforeTheWorkWhatWouldBeInTheWay() throws {
        try #require(mkfifo(folder.at("pipe"), 0o600) == 0)
        try WholeFile(folder.at("pipe")).check()
        try WholeFile(folder.at("new")).check()
        #expect(throws: FileError(folder.at("no/x"), "cannot be written: No such file or directory")) {
            try WholeFile(folder.at("no/x")).check()
        }
        for bad in ["", "a\0b"] { #expect(throws: FileError.self) { try WholeFile(bad).check() } }
        #expect(try folder.names == ["pipe"])
    }
}
