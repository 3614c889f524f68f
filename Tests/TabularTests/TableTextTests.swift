import Tabular
import Testing
import TrainCore

@Suite struct TableTextTests {
    @Test(arguments: [
        "x,y\n1,2\n3,4\n", "x,y\n1,2\n3,4", "\u{FEFF}x,y\r\n1,2\r\n\r\n3,4\r\n", "x;y\n1;2\n3;4\n", "x\ty\n1\t2\n3\t4",
        "\"x\",\"y\"\n\"1\",\"2\"\n3,4\n", "\n x ,y\n 1 ,+2.0\n3e0,.4e1\n\n",
    ])
    func readsEveryDialectToTheSameNumbers(text: String) throws {
        let data = try TemporaryTable(text).load()
        #expect(data.featureNames == ["x"] && data.targetNames == ["y"])
        #expect(data.training.x == [1, 3] && data.training.y == [2, 4])
    }

    @Test func quotesAroundNumbersChangeNoNumber() throws {
        let numbers = [
            "0", "-0", "1", "-1.5", "+2.5", ".5", "5.", " 7 ", "1e-3", "-1E+3", "123456.789012", "0.1", "3.4028235e38",
            "1234567890.12345678", "123456789012345678", "1234567890123456789", "-0.00000000000000000001234567890123",
        ]
        // What follows a cell differs, and so does how much of the text is left behind it.
        for end in [",1\n", ",1\r\n", ",22222222\n"] {
            let plain = numbers.map { $0 + end }.joined()
            let quoted = numbers.map { "\"\($0)\"\(end)" }.joined()
            let expected = try TemporaryTable("x,y\n" + plain).load().training.x
            #expect(expected == numbers.map { Float($0.filter { $0 != " " }) })
            let read = try TemporaryTable("x,y\n" + quoted).load().training.x
            #expect(read.map(\.bitPattern) == expected.map(\.bitPattern))
        }
        #expect(
            try errorLine("x,y\n1,\"2\"3\n")
                == "t.csv:2: text after a closing quote; expected a delimiter or the end of the line")
        #expect(try errorLine("x,y\n1,\"2") == "t.csv:2: the quote that opens here is never closed")
    }

    @Test func quotedCellsHoldDelimitersLineEndsAndQuotes() throws {
        let text = "\"a,\"\"b\"\"\nc\",t,y\n1,\"p\r\nq\",2\n3,\"say \"\"hi\"\"\",4\n5,5\" pipe,6\n"
        let data = try TemporaryTable(text).load { $0.features = ["a,\"b\"\nc", "t"] }
        #expect(data.featureNames == ["a,\"b\"\nc", "t=5\" pipe", "t=p\r\nq", "t=say \"hi\""])
        #expect(data.training.x == [1, 0, 1, 0, 3, 0, 0, 1, 5, 1, 0, 0])
    }

    /// Rows on both sides of every border between pieces, with and without quotes, with blank lines among them.
    @Test(arguments: [false, true]) func readsLargeTablesWhole(quoted: Bool) throws {
        let count = 250_000
        var text = "x,y\n"
        for row in 0..<count {
            text += quoted && row % 1000 == 0 ? "\"\(row)\",\(row)\n" : "\(row),\(row)\n"
            if row % 777 == 0 { text += "\n" }
        }
        let data = try TemporaryTable(text).load()
        #expect(data.training.x == (0..<count).map(Float.init))
        #expect(data.training.y == data.training.x)
        #expect(try errorLine(text + "1,2,3\n") == "t.csv:250324: 3 cells, but the header names 2 columns")
    }
}
