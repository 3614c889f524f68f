import Tabular
import Testing

@Suite struct DataErrorTests {
    @Test func tellsNoInputFromBadData() throws {
        let table = try TemporaryTable("x,y\n1,2\n")
        func failure(_ source: TableRecipe.Source) -> DataError? {
            do throws(DataError) {
                _ = try table.load { $0.source = source }
                return nil
            } catch {
                return error
            }
        }
        let missing = try #require(failure(.path("none\u{1B}.csv")))
        #expect(missing.kind == .noInput)
        #expect(missing.description == "none␛.csv: cannot be read: No such file or directory")
        #expect(failure(.path("."))?.description == ".: is a directory, not a CSV file")
        #expect(failure(.path("."))?.kind == .noInput)
        #expect(failure(.builtin("storm"))?.description == "no built-in table is named 'storm': did you mean 'storms'?")
    }

    @Test(arguments: [
        ("", "t.csv: is empty; expected a line of column names"),
        ("x,y\n", "t.csv: has column names but no rows"),
        ("x,y\n1,2\n\n1,2,3\n", "t.csv:4: 3 cells, but the header names 2 columns"),
        ("x,y\n1,2\n3\n", "t.csv:3: 1 cell, but the header names 2 columns"),
        ("x,y\n1,2\n1,two\n2,3\n", "t.csv:3: 'two' in column 'y'; expected a number"),
        ("x,x,y\n1,2,3\n", "t.csv:1: two columns are named 'x'; each needs a name of its own"),
        ("x,Y\n1,2\n", "t.csv: no column is named 'y', wanted as target: did you mean 'Y'?"),
        ("x,speed\n1,2\n", "t.csv: no column is named 'y', wanted as target: the columns are x, speed"),
        (
            "x,t,y\n1,\"\n\",3\n,a,4\n",
            "t.csv:4: the value of 'x' is missing; set missing to \"drop\", \"mean\" or \"median\" to go on without"
        ),
        ("x,y\n1,2\n3,\"4\n5,6\n", "t.csv:3: the quote that opens here is never closed"),
        ("x,y\n1,\"2\"3\n", "t.csv:2: text after a closing quote; expected a delimiter or the end of the line"),
        ("x,y\n1,2\n1e39,2\n", "t.csv:3: '1e39' in column 'x'; expected a number between -3.4e38 and 3.4e38"),
        ("x,y\n-inf,2\n", "t.csv:2: '-inf' in column 'x'; expected a number between -3.4e38 and 3.4e38"),
        ("x,y\n1,2\n\u{0},2\n", "t.csv:3: a zero byte; expected a CSV file, which is text"),
        ("y\n1\n", "t.csv: no numeric column is left to be a feature"),
        (
            "x,y\n1,a\n1,b\n2,c\n",
            "t.csv:2: the target 'y' holds text; expected numbers, or a loss for classes such as "
                + "sparse_categorical_crossentropy"
        ),
    ])
    func namesTheLineAndWhatWasExpected(text: String, line: String) throws {
        #expect(try errorLine(text) == line)
    }

    @Test func namesWhatIsWrongWithTheRecipe() throws {
        let text = "x,z,y\n1,0,2\n1,,3\n"
        #expect(
            try errorLine(text) { $0.features = ["xx"] }
                == "t.csv: no column is named 'xx', wanted as feature: did you mean 'x'?")
        #expect(
            try errorLine(text) { $0.features = ["y"] } == "t.csv: the column 'y' is both a target and a feature")
        let ratio = { (name: String, below: String) in DerivedColumn(name: name, numerator: "x", denominator: below) }
        #expect(
            try errorLine(text) { $0.derive = [ratio("r", "q")] }.hasPrefix(
                "t.csv: no column is named 'q', wanted as part of the derived column 'r'"))
        #expect(
            try errorLine(text) {
                $0.missing = .drop
                $0.derive = [ratio("r", "z")]
            } == "t.csv:2: the derived column 'r' divides by zero: x / z")
        #expect(
            try errorLine("x,z,y\n,1,1\n2,,1\n") { $0.missing = .drop }
                == "t.csv: no row is left: each one has a missing cell, and missing = \"drop\"")
        #expect(
            try errorLine("x,y\n1,2\n") { $0.testFraction = 0.25 }
                == "t.csv: 1 row is too few to split: none would be left to train on with test_fraction 0.25, "
                + "validation_fraction 0.0")
        #expect(try errorLine(text) { $0.testFraction = .nan } == "t.csv: test_fraction must be a finite number")
        #expect(
            try errorLine("x,y\n1,2\n3,\n") { $0.missing = .mean }
                == "t.csv:3: the value of 'y' is missing; a target cannot be filled in; missing = \"drop\" leaves such "
                + "rows out")
        #expect(
            try errorLine("x,y\n1,2.5\n", classes: true)
                == "t.csv:2: the target 'y' is 2.5; expected a class: text or a whole number")
    }

    @Test func namesAreNotTakenForClasses() throws {
        func table(_ count: Int, _ mark: String) -> String { "x,y\n" + (0..<count).map { "1,\(mark)\($0)\n" }.joined() }
        #expect(
            try errorLine(table(1001, "a"), ["x"]) { $0.features = ["y"] }
                == "t.csv: the feature 'y' has more than 1000 different texts; at most 1000 can become features")
        #expect(try TemporaryTable(table(1000, "a")).load(["x"]) { $0.features = ["y"] }.featureNames.count == 1000)
        for mark in ["", "a"] {
            #expect(
                try errorLine(table(65_537, mark), classes: true)
                    == "t.csv: the target 'y' has more than 65536 different values; expected classes")
        }
    }

    @Test func bytesThatAreNoTextAreNamedByLine() throws {
        for bad: [UInt8] in [[0xFF], [0xC3], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80]] {
            let table = try TemporaryTable(bytes: Array("x,y\né,2\n1".utf8) + bad + Array(",2\n".utf8))
            let error = #expect(throws: DataError.self) { try table.load() }
            #expect(error?.description == "t.csv:3: not UTF-8; expected a CSV file in UTF-8")
        }
    }
}
