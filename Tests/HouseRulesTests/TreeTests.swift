import Foundation
import Testing

/// How the tree looks.
@Suite("The tree")
struct TreeTests {
    private let tree = SourceTree.ofThisPackage

    @Test("is formatted")
    func isFormatted() throws {
        let lint = try tree.output(
            of: "swift", "format", "lint", "--strict", "--recursive", "Package.swift", "Sources", "Tests")
        #expect(lint.isGood && lint.text.isEmpty, "\(lint.text)")
    }

    @Test("has a reason beside each place that the compiler is told to trust")
    func trustHasAReason() throws {
        for file in try tree.files(in: "Sources", ending: "swift") {
            let lines = try tree.text(of: file).split(separator: "\n", omittingEmptySubsequences: false)
            for (number, line) in lines.enumerated() where line.contains(/nonisolated\(unsafe\)|@unchecked Sendable/) {
                // In a comment it is spoken of.
                if line.contains("//") { continue }
                let before = lines[..<number].reversed().prefix(2)
                #expect(before.contains { $0.contains("//") }, "\(file):\(number + 1)")
            }
        }
    }

    @Test("has files that can be read in one sitting")
    func filesAreShort() throws {
        for file in try tree.files(in: "Sources", ending: "swift", "c", "h") {
            let lines = try tree.text(of: file).count { $0 == "\n" }
            #expect(lines <= 400, "\(file) has \(lines) lines")
        }
    }
}
