import Foundation
import Testing

extension Program {
    /// What is seen while a table loads: here from a pipe, which gives as little at a time as the test likes.
    @Suite(.serialized)
    struct Loading {
        private let folder: Folder
        private let pipe: FileHandle

        init() throws {
            folder = try Folder()
            let path = folder.url.appending(path: "slow.csv").path()
            try #require(mkfifo(path, 0o600) == 0)
            // For reading too, so that opening does not wait for the program.
            let file = open(path, O_RDWR | O_CLOEXEC)
            try #require(file >= 0)
            pipe = FileHandle(fileDescriptor: file, closeOnDealloc: true)
            try pipe.write(contentsOf: Data("x,y\n".utf8))
        }

        /// Starts the program and gives it a row at a time until the line is there.
        private func terminal(_ arguments: String = "") throws -> Tmux {
            let terminal = try Tmux("--data slow.csv --target y --epochs 1 --batch-size 1 \(arguments)", in: folder)
            try terminal.wait("the line is there") { screen in
                try pipe.write(contentsOf: Data("1,2\n3,4\n5,6\n7,8\n".utf8))
                return screen.contains("slow.csv  0.0 MB  0.0 MB/s  0.")
            }
            return terminal
        }

        @Test
        func theLineComesWhileLoadingAndGoes() throws {
            let terminal = try terminal("--headless")
            try pipe.close()
            #expect(try terminal.code() == 0)
            let screen = try terminal.screen()
            #expect(screen.hasPrefix("slow.csv: ") && screen.contains("\nEpoch 1/1\n"), "\(screen)")
            #expect(!screen.contains("MB"))
        }

        @Test
        func theDashboardOpensAfterIt() throws {
            let terminal = try terminal()
            try pipe.close()
            try terminal.wait(for: "live loss")
            try terminal.kill(SIGTERM)
            #expect(try terminal.code() == 128 + SIGTERM)
            #expect(!(try terminal.screen().contains("MB/s")))
        }

        @Test(arguments: [SIGINT, SIGTERM, SIGHUP, SIGXCPU])
        func aSignalEndsLoadingAtOnceAndLeavesNoLine(signal: Int32) throws {
            let terminal = try terminal()
            // To the program alone: Ctrl-C would end the shell around it too.
            try terminal.kill(signal)
            #expect(try terminal.code() == 128 + signal)
            #expect(!(try terminal.screen().contains("MB")))
            #expect(try folder.text("stty.after") == folder.text("stty.before"))
        }

        @Test
        func nothingIsSaidWhereErrorsGoToAFile() throws {
            let terminal = try Tmux(
                "--headless --data slow.csv --target y --epochs 1 --batch-size 1 2> errors", in: folder)
            let soon = Date(timeIntervalSinceNow: 0.5)
            try terminal.wait("the line would be there") { _ in
                try pipe.write(contentsOf: Data("1,2\n3,4\n5,6\n7,8\n".utf8))
                return Date.now > soon
            }
            try pipe.close()
            #expect(try terminal.code() == 0)
            #expect(try folder.text("errors") == "")
        }

        @Test
        func loadingTakesAtMostTwiceTheNumbersOfMemory() throws {
            let row = (0..<20).map { "\($0 % 10)" }.joined(separator: ",") + "\n"
            let header = (0..<20).map { "c\($0)" }.joined(separator: ",") + "\n"
            try folder.write("t.csv", header + String(repeating: row, count: 250_000))
            let run = try Invocation("bench", "--csv", "t.csv", "--rounds", "1", "--json", in: folder)
            let report = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
            let reading = try #require(report?["reading"] as? [String: Any])
            #expect(reading["memory_bound_megabytes"] as? Double == 40)
            let memory = try #require(reading["memory_megabytes"] as? Double)
            #expect(20...40 ~= memory, "\(memory) MB")
        }
    }
}
