import Foundation
import Tabular
import Testing
import TrainCore

@Suite struct TableBytesTests {
    /// Loads a table of two windows, and meddles with its file when the first one is read.
    private func errorLine(_ meddle: @escaping (FileHandle) throws -> Void) throws -> String {
        let table = try TemporaryTable("x,y\n" + String(repeating: "1234567,1\n", count: 1_000_000))
        let file = try #require(FileHandle(forUpdatingAtPath: table.directory + "/t.csv"))
        let recipe = TableRecipe(source: .path("t.csv"), targets: ["y"])
        do throws(DataError) {
            var isFirst = true
            _ = try PreparedData.load(recipe, seed: 1, relativeTo: table.directory) { _ in
                do { if isFirst { try meddle(file) } } catch { Issue.record(error) }
                isFirst = false
            }
            return ""
        } catch {
            return error.kind == .badData ? error.description : "no input: \(error)"
        }
    }

    @Test func aFileThatIsCutShortOrWrittenToIsAnError() throws {
        #expect(
            try errorLine { try $0.truncate(atOffset: 1000) }
                == "t.csv: was cut short by another program while it was read: 8388612 of 10000004 bytes are left")
        #expect(
            try errorLine {
                try $0.seekToEnd()
                try $0.write(contentsOf: Data("1,2\n".utf8))
            } == "t.csv: was changed by another program while it was read")
        #expect(try errorLine { _ in } == "")
    }

    @Test func aPipeIsReadToItsEnd() throws {
        let table = try TemporaryTable("")
        let pipe = table.directory + "/pipe"
        try #require(mkfifo(pipe, 0o600) == 0)
        // Open for reading too, so that opening does not wait for the reader.
        let file = open(pipe, O_RDWR)
        try #require(file >= 0)
        let text = "x,y\n1,2\n3,4\n"
        #expect(write(file, text, text.utf8.count) == text.utf8.count)
        var progress: [ReadingProgress] = []
        let recipe = TableRecipe(
            source: .path("pipe"), targets: ["y"], standardize: false, testFraction: 0, validationFraction: 0)
        let data = try PreparedData.load(recipe, seed: 1, relativeTo: table.directory) {
            // All is read: the end may come.
            if progress.isEmpty { close(file) }
            progress.append($0)
        }
        #expect(data.training.x == [1, 3])
        #expect(progress == [ReadingProgress(bytes: 12, total: nil), ReadingProgress(bytes: 12, total: 12)])
    }
}
