import Foundation
import RandomTesting
import TOMLTree
import Testing

/// Texts with small faults in them: each is read as Python reads it, or refused in one line, at once.
@Suite struct MutationTests {
    /// How many; a large number can be asked for by hand.
    private static let count =
        ProcessInfo.processInfo.environment["TOML_MUTATIONS"].flatMap { Int($0) } ?? 3000

    /// Our own texts, and the official cases of good ones where they are here.
    private static let seeds = GoodTexts.own + (OfficialCases.all ?? []).filter { $0.value != nil }.map(\.text)

    @Test func everyMutatedTextIsReadOrRefusedAtOnceAndInOneLine() {
        var texts = MutatedTexts(of: Self.seeds, words: GoodTexts.words, seed: 1)
        var refused = 0
        for _ in 0..<Self.count {
            let text = texts.next()
            let start = ContinuousClock.now
            do {
                let document = try TOMLNode.document(utf8: text, file: "t.toml")
                // No value takes less than a byte of text.
                #expect(document.nodeCount <= text.count + 1)
            } catch {
                refused += 1
                #expect(error.description.hasPrefix("t.toml:"), "\(error)")
                #expect(
                    error.description.allSatisfy { !$0.isNewline } && error.description.utf8.count < 400, "\(error)")
            }
            #expect(ContinuousClock.now - start < .seconds(1), "\(Data(text).base64EncodedString())")
        }
        // Both happen often, or the changes are none.
        #expect(refused > Self.count / 5 && refused < Self.count * 95 / 100)
    }

    @Test(
        .enabled(if: Python.hasTOML, "skipped: comparison with Python's tomllib; there is no Python 3.11"),
        .enabled(if: PythonComparison.tomli != nil, "skipped: comparison with Python's tomllib; PyPI is not there"))
    func everyMutatedTextIsReadAsPythonReadsIt() throws {
        var texts = MutatedTexts(of: Self.seeds, words: GoodTexts.words, seed: 2)
        let readings = try PythonComparison.read((0..<Self.count).map { _ in texts.next() })
        var counts: [PythonComparison.Reading.Difference: Int] = [:]
        for reading in readings {
            guard let difference = reading.difference else { continue }
            counts[difference, default: 0] += 1
            if difference == .unexplained {
                Issue.record(
                    """
                    \(String(decoding: reading.text, as: UTF8.self))
                    here \(reading.own), tomllib \(reading.tomllib ?? "no"), tomli \(reading.tomli ?? "no")
                    """)
            }
        }
        let accepted = readings.count { if case .success = $0.own { true } else { false } }
        print(
            "\(readings.count) mutated texts, \(accepted) read, the others refused; beside tomllib: ",
            counts.map { "\($0.key.rawValue) \($0.value)" }.sorted().joined(separator: ", "))
    }
}

extension TOMLNode {
    fileprivate var nodeCount: Int {
        switch value {
        case .array(let items): 1 + items.reduce(0) { $0 + $1.nodeCount }
        case .table(let entries): 1 + entries.keys.reduce(0) { $0 + (entries[$1]?.nodeCount ?? 0) }
        default: 1
        }
    }
}
