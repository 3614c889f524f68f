import Foundation
import Testing

extension Program {
    /// Terminals that are smaller or larger than anything that can be drawn.
    @Suite(.serialized)
    struct Sizes {
        private static let extremes: [(UInt16, UInt16)] = [
            (1, 1), (65535, 1), (1, 65535), (65535, 30), (100, 65535), (65535, 65535), (32767, 32768), (32768, 32767),
            (1000, 300), (1001, 301), (0, 0),
        ]

        @Test
        func theProgramLivesThroughAllOfThem() throws {
            let folder = try Folder()
            try folder.writeEndlessJob()
            let terminal = try PseudoTerminal(["job.toml", "--pace", "100"], in: folder)
            try terminal.waitForDashboard()
            for (columns, rows) in Self.extremes {
                // What is drawn on the way is seen: another size comes only then.
                let drawn = terminal.output.count
                try terminal.resize(columns: columns, rows: rows)
                try terminal.wait("\(columns) x \(rows) is drawn") {
                    terminal.status != .runs || terminal.output.count > drawn || columns == 0
                }
                try #require(terminal.status == .runs, "\(columns) x \(rows)")
            }
            try terminal.resize(columns: 100, rows: 30)
            let drawn = terminal.output.count
            try terminal.wait("it is drawn whole") { terminal.output.count > drawn + 2000 }
            try terminal.kill(SIGTERM)
            #expect(try terminal.end() == .exited(143))
            #expect(terminal.leftovers == [])
        }

        @Test(arguments: extremes)
        func theProgramStartsInAllOfThem(columns: UInt16, rows: UInt16) throws {
            let folder = try Folder()
            try folder.writeEndlessJob()
            let terminal = try PseudoTerminal(["job.toml", "--pace", "100"], columns: columns, rows: rows, in: folder)
            try terminal.wait("the dashboard is open") { terminal.isAlternate || terminal.status != .runs }
            try terminal.kill(SIGTERM)
            #expect(try terminal.end() == .exited(143))
            #expect(terminal.leftovers == [])
        }
    }
}
