import Foundation
import RandomTesting
import SecureHash
import Testing

struct SHA256Tests {

    @Test(
        "the standard's own examples have the digests that it gives",
        arguments: StandardExample.all, implementations)
    func standard(_ example: StandardExample, _ usingInstructions: Bool) {
        var hash = SHA256(usingInstructions: usingInstructions)
        for _ in 0..<example.times { hash.update(example.text) }
        #expect(hash.hexadecimal == example.digest)
    }

    @Test("a message of up to 200 bytes may be cut anywhere", arguments: implementations)
    func cutAnywhere(_ usingInstructions: Bool) {
        for length in 0...200 {
            let message = randomBytes(length, seed: 1)
            var whole = SHA256(usingInstructions: usingInstructions)
            whole.update(message[...])
            for cut in 0...length {
                var hash = SHA256(usingInstructions: usingInstructions)
                hash.update(message[..<cut])
                hash.update(message[cut...])
                #expect(hash.digest == whole.digest, "\(length) bytes, cut at \(cut)")
            }
        }
    }

    @Test("pieces of every size from 1 to 200 bytes give the digest of the whole", arguments: implementations)
    func pieces(_ usingInstructions: Bool) {
        let message = randomBytes(1000, seed: 2)
        var whole = SHA256(usingInstructions: usingInstructions)
        whole.update(message[...])
        for size in 1...200 {
            var hash = SHA256(usingInstructions: usingInstructions)
            for start in stride(from: 0, to: message.count, by: size) {
                hash.update(message[start..<min(start + size, message.count)])
            }
            #expect(hash.digest == whole.digest, "pieces of \(size) bytes")
        }
    }

    @Test(
        "the CPU's instructions give the digests of the portable way, whatever the length",
        .enabled(if: SHA256.hasInstructions, "this CPU has no instructions for SHA-256"))
    func ways() {
        var random = SplitMix(state: 3)
        for length in Array(0...300) + (0..<200).map({ _ in Int(random.next() % 20_000) }) {
            // From any address: vectors are not asked to be aligned.
            let skipped = Int(random.next() % 16)
            let message = randomBytes(skipped + length, seed: UInt64(length))[skipped...]
            var (portable, instructions) = (SHA256(usingInstructions: false), SHA256(usingInstructions: true))
            portable.update(message)
            instructions.update(message)
            #expect(portable.digest == instructions.digest, "\(length) bytes from \(skipped)")
        }
    }

    @Test("a digest may be asked for on the way, and a copy goes on by itself")
    func value() {
        var hash = SHA256()
        hash.update("a")
        var copy = hash
        _ = hash.digest
        hash.update("bc")
        copy.update("bc, and more")
        #expect(hash.hexadecimal == StandardExample.abc.digest)
        #expect(copy.hexadecimal != hash.hexadecimal)
    }

    @Test("Python's hashlib agrees over megabytes that are read in pieces", arguments: implementations)
    func hashlib(_ usingInstructions: Bool) throws {
        let message = randomBytes(5_000_003, seed: 4)
        var hash = SHA256(usingInstructions: usingInstructions)
        var (random, start) = (SplitMix(state: 5), 0)
        while start < message.count {
            let end = min(message.count, start + Int(random.next() % 300_000))
            hash.update(message[start..<end])
            start = end
        }
        let file = FileManager.default.temporaryDirectory.appending(path: "sha256-\(UUID().uuidString)")
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: file) } }
        try Data(message).write(to: file)
        let script = "import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], 'rb').read()).hexdigest())"
        #expect(try output(of: "python3", "-c", script, file.path(percentEncoded: false)) == hash.hexadecimal + "\n")
    }

    private func output(of command: String...) throws -> String {
        let (process, pipe) = (Process(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.standardOutput = pipe
        try process.run()
        let printed = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: printed, as: UTF8.self)
    }
}

extension SHA256 {
    fileprivate mutating func update(_ bytes: ArraySlice<UInt8>) { bytes.withUnsafeBytes { update($0) } }
    fileprivate mutating func update(_ text: String) { update(Array(text.utf8)[...]) }
}

private func randomBytes(_ count: Int, seed: UInt64) -> [UInt8] {
    var random = SplitMix(state: seed)
    return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next() >> 32) }
}

/// The ways through a block that this CPU has.
private let implementations = SHA256.hasInstructions ? [false, true] : [false]
