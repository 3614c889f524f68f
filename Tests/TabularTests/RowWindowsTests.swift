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

    @Test func aRowWithoutEndIsToldBeforeItFillsTheMemory() throws {
        let table = try TemporaryTable("x,y\n1,2\n3,\"" + String(repeating: "4,\n", count: 1_000_000))
        let text = try TableText(try TableBytes.open(.path("t.csv"), relativeTo: table.directory, progress: nil))
        let windows = RowWindows(text, windowSize: 1 << 10, longestRow: 1 << 20)
        let error = #expect(throws: DataError.self) { while try windows.next() != nil {} }
        #expect(
            error?.description == "t.csv:3: the row that begins here is longer than 1 MiB; is a quote not closed?")
    }
}
