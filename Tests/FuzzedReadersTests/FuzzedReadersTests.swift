import Foundation
import FuzzedReaders
import RandomTesting
import Testing

/// What the fuzzer does for hours, for a moment and without its eyes: each reader of foreign bytes gets good inputs with
/// some changes, and must keep its promises. A broken one ends the process and says which.
///
/// `Tests/Fuzzing/run` is the long attack. `FUZZED_INPUTS` in the environment is how many inputs a reader gets.
@Suite("Readers of foreign bytes", .serialized)
struct FuzzedReadersTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    private static let count = ProcessInfo.processInfo.environment["FUZZED_INPUTS"].flatMap { Int($0) } ?? 2000

    @Test("keep their promises", arguments: Reader.all.map(\.name))
    func promises(name: String) throws {
        let reader = try #require(Reader.all.first { $0.name == name })
        let seeds = try Self.seeds(of: name)
        var texts = MutatedTexts(of: seeds, words: try Self.words(), seed: 1)
        var (read, refused) = (0, 0)
        for seed in seeds where reader.read(seed) { read += 1 }
        try #require(read > 0, "no good input of \(name) was read")
        for _ in 0..<Self.count {
            if reader.read(texts.next()) { read += 1 } else { refused += 1 }
        }
        #expect(read > Self.count / 100 && refused > Self.count / 10, "\(read) read, \(refused) refused")
    }

    /// The good inputs; themes are the built-in ones.
    private static func seeds(of name: String) throws -> [[UInt8]] {
        let place =
            name == "theme"
            ? folder.deletingLastPathComponent().appending(path: "Themes")
            : folder.appending(path: "Fuzzing/Seeds/\(name)")
        return try FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: nil)
            .sorted { $0.path() < $1.path() }.map { [UInt8](try Data(contentsOf: $0)) }
    }

    /// The words of all dictionaries, each a quoted text a line.
    private static func words() throws -> [[UInt8]] {
        let place = folder.appending(path: "Fuzzing/Words")
        return try FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: nil)
            .sorted { $0.path() < $1.path() }
            .flatMap { try String(contentsOf: $0, encoding: .utf8).split(separator: "\n") }
            .filter { $0.hasPrefix("\"") }
            .map { line in
                let text = line.dropFirst().dropLast()
                return Array(text.replacing(/\\(x..|.)/) { unescaped($0.output.1) }.utf8)
            }
    }

    /// What stands behind a backslash, as the character that it stands for.
    private static func unescaped(_ escape: Substring) -> String {
        guard escape.first == "x", let code = UInt8(escape.dropFirst(), radix: 16) else { return String(escape) }
        return String(UnicodeScalar(code))
    }
}
