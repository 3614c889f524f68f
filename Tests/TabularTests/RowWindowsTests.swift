import Foundation
import Testing

@testable import Tabular

@Suite struct RowWindowsTests {
    /// Every kind of row end, blank lines, a long row, quotes with line ends and delimiters in them, a last row without
    /// an end; with the numbers that are in it.
    private static let plain = (
        "x,y\n1,2\r\n\n3,4\n55555,6\r\n\r\n\n7,0.000000000000000000000000000008\n9,10",
        [[1, 2], [3, 4], [55555, 6], [7, 8e-30], [9, 10]] as [[Float]]
    )
    private static let quoted = (
        "x,t,y\n1,\"a\n,\"\"b\r\n\",\"2\"\r\n\"3\",\"\",4\n\n5,6\" \rxxxxxxxxxx,6\n7,\"\"\"\n\"\"\",8\r\n9,\"\n\",\"10\"",
        [[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]] as [[Float]]
    )

    @Test("windows and pieces of any size give the same rows", arguments: [plain, quoted])
    func sizes(text: String, rows: [[Float]]) throws {
        for ending in ["", "\n", "\r\n", "\n\n"] {
            let table = try TemporaryTable(text + ending)
            let bytes = try TableBytes.open(.path("t.csv"), relativeTo: table.directory, progress: nil)
            let whole = try TableText(bytes)
            for pieceSize in 1...12 {
                for windowSize in 1...40 {
                    let windows = RowWindows(whole, pieceSize: pieceSize, windowSize: windowSize)
                    let slots: [Int32] = whole.columns.count == 2 ? [0, 1] : [0, -1, 1]
                    var places: [Int] = []
                    let read = try NumberTable(windows, slots: slots, width: 2) { places.append($0.bytes) }
                    var found: [[Float]] = []
                    try read.eachRow { row, numbers throws(DataError) in
                        #expect(row == found.count)
                        found.append([numbers[0], numbers[1]])
                    }
                    try #require(found == rows, "\(pieceSize) \(windowSize) \(ending.utf8.count)")
                    try #require(places == places.sorted() && places.last == bytes.count)
                }
            }
        }
    }

    /// Quotes that hide line ends, quotes and delimiters, before and behind every border between pieces; now and then one
    /// that is only a letter, so that counting quotes tells nothing about where rows begin.
    @Test("quotes are seen from the middle of a table as from its start", arguments: [0, 1, 40])
    func quotes(strayOnes: Int) throws {
        let texts = ["a", "\"b\"", "\"c\n,\"\"d\"\"\n\"", "\"\"", "\"\n\n\"", "\"e\"\"\"", "f g h i j k l m n o p q"]
        var (seed, expected) = (UInt64(7), [Float]())
        func next(_ count: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % count
        }
        var table = "x,t\n"
        for row in 0..<4000 {
            let isStray = strayOnes > 0 && row % (4000 / strayOnes) == 100
            let number = next(2) == 0 ? "\(row)" : "\"\(row)\""
            table += number + "," + (isStray ? "5\" pipe" : texts[next(texts.count)]) + (next(9) == 0 ? "\r\n" : "\n")
            expected.append(Float(row))
        }
        let file = try TemporaryTable(table)
        let text = try TableText(try TableBytes.open(.path("t.csv"), relativeTo: file.directory, progress: nil))
        for (pieceSize, windowSize) in [(100, 1000), (333, 1 << 20), (1000, 7777), (4096, 1 << 16)] {
            let windows = RowWindows(text, pieceSize: pieceSize, windowSize: windowSize)
            var found: [Float] = []
            try NumberTable(windows, slots: [0, -1], width: 1, progress: nil).eachRow { _, numbers throws(DataError) in
                found.append(numbers[0])
            }
            #expect(found == expected)
        }
    }

    @Test("text after a closing quote is told wherever it stands, in a column that is skipped too")
    func textAfterQuotes() throws {
        for before in 0..<140 {
            let first = String(repeating: "1", count: before) + ",b\n"
            let others = String(repeating: "1,\"a\"\n", count: 40)
            let table = try TemporaryTable("x,t\n" + first + "2,\"b\"\rc\n" + others)
            let text = try TableText(try TableBytes.open(.path("t.csv"), relativeTo: table.directory, progress: nil))
            let error = #expect(throws: DataError.self) {
                try NumberTable(RowWindows(text), slots: [0, -1], width: 1, progress: nil)
            }
            #expect(error?.description.hasPrefix("t.csv:3: text after a closing quote") == true)
        }
    }

    @Test func aRowWithoutEndIsToldBeforeItFillsTheMemory() throws {
        let table = try TemporaryTable("x,y\n1,2\n3,\"" + String(repeating: "4,\n", count: 1_000_000))
        let text = try TableText(try TableBytes.open(.path("t.csv"), relativeTo: table.directory, progress: nil))
        let windows = RowWindows(text, windowSize: 1 << 10, longestRow: 1 << 20)
        let error = #expect(throws: DataError.self) { while try windows.next() != nil {} }
        #expect(
            error?.description == "t.csv:3: the row that begins here is longer than 1 MiB; is a quote not closed?")
    }
}
