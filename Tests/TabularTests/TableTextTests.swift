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
