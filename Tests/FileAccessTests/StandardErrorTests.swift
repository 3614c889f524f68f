import Synchronization
import Testing
import Wording

@testable import FileAccess

@Suite struct StandardErrorTests {
    @Test(arguments: [SystemError.badDescriptor, .brokenPipe, .noSpace, .inputOutput, .interrupted])
    func nothingThatItAnswersIsATrap(error: SystemError) {
        var calls = SystemCalls.posix
        calls.waitToWrite = { _, _ in true }
        calls.write = { (_, _) throws(SystemError) in throw error }
        let errors = StandardError(calls, spelling: .unicode)
        errors.say("one")
        errors.sayLines("two\nthree")
        let output = StandardOutput(calls, spelling: .unicode)
        output.say("one\n")
        output.write("two\n")
        #expect(output.failure == error)
    }

    @Test func aReaderThatTakesNothingIsWaitedForOnce() {
        let waits = Mutex<[Int32]>([])
        var calls = SystemCalls.posix
        calls.waitToWrite = { _, milliseconds in
            waits.withLock { $0.append(milliseconds) }
            return false
        }
        calls.write = { (_, bytes) throws(SystemError) in bytes.count }
        let errors = StandardError(calls, spelling: .unicode)
        for _ in 1...100 { errors.say("x") }
        #expect(waits.withLock { $0 } == [1000] + Array(repeating: 0, count: 99))
    }

    @Test func whatIsSaidIsHarmless() {
        let bytes = Mutex<[UInt8]>([])
        var calls = SystemCalls.posix
        calls.waitToWrite = { _, _ in true }
        calls.write = { (_, buffer) throws(SystemError) in
            bytes.withLock { $0 += buffer }
            return buffer.count
        }
        StandardError(calls, spelling: .ascii).say("a\u{1B}[31m\u{9B}\u{202E}é␛\nb")
        #expect(String(decoding: bytes.withLock { $0 }, as: UTF8.self) == "a^[[31m\\u{9B}\\u{202E}\\u{E9}^[^Jb\n")
    }
}
