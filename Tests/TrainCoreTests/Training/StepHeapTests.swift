import Foundation
import Testing

/// A step takes nothing from the heap. A program of its own counts, since within the tests' other threads would take
/// part: it lies beside them.
@Suite(.enabled(if: HeapCounter.canCount, "calls of the allocator are counted with glibc, without a sanitizer"))
struct StepHeapTests {
    @Test("whatever is trained, on one thread or several, a step takes nothing from the heap")
    func steps() throws {
        let counts = try HeapCounter.counts()
        #expect(counts.count > 30 && counts.contains { $0.name == "wide" })
        for (name, calls) in counts { #expect(calls == 0, "\(name)") }
    }

    @Test("the counter sees each of the functions by which memory is taken")
    func counter() throws {
        let counts = try HeapCounter.counts("counter")
        #expect(counts.contains { $0.name == "posix_memalign" })
        for (name, calls) in counts { #expect(calls == 1, "\(name)") }
    }
}

/// The program that counts.
private enum HeapCounter {
    static let canCount: Bool = {
        do { return try counts("counter").allSatisfy { $0.calls >= 0 } } catch { return true }
    }()

    static func counts(_ arguments: String...) throws -> [(name: String, calls: Int)] {
        let (process, pipe) = (Process(), Pipe())
        process.executableURL = Bundle.main.executableURL?.deletingLastPathComponent().appending(path: "StepHeapCalls")
        process.arguments = arguments
        process.standardOutput = pipe
        try process.run()
        let printed = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return try String(decoding: printed, as: UTF8.self).split(separator: "\n").map { line in
            let parts = line.split(separator: " ", maxSplits: 1)
            return (String(try #require(parts.last)), try #require(parts.first.flatMap { Int($0) }))
        }
    }
}
