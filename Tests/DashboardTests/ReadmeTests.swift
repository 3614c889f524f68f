import Dashboard
import Foundation
import Testing

@Suite("The README")
struct ReadmeTests {
    @Test("shows the keys and the commands as they are")
    func keys() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        #expect(readme.contains(KeyBinding.markdownTable), "the README's table should be:\n\(KeyBinding.markdownTable)")
        #expect(readme.contains(CommandTable.markdown), "the README's commands should be:\n\(CommandTable.markdown)")
    }
}
