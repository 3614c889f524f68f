import TOMLTree
import Testing

@Suite struct TableReaderTests {
    private func error(_ text: String, _ read: (inout TableReader) throws -> Void) -> String {
        do {
            var reader = try TableReader(text, file: "t.toml")
            try read(&reader)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func readsEveryKind() throws {
        var reader = try TableReader(
            "s = 'x'\ni = 3\nd = 1e-3\nb = true\nl = ['p', 'q']\n[t]\nk = 1\n[[r]]\n[[r]]\n", file: "t.toml")
        #expect(try reader.string("s") == "x")
        #expect(try reader.strings("s") == ["x"])
        #expect(try reader.integer("i", in: 1...5) == 3)
        #expect(try reader.double("i") == 3)
        #expect(try reader.double("d") == 0.001)
        #expect(try reader.boolean("b") == true)
        #expect(try reader.strings("l") == ["p", "q"])
        var table = try #require(try reader.table("t"))
        #expect(try table.double("k") == 1)
        try table.finish()
        #expect(try reader.tables("r")?.map(\.position.line) == [8, 9])
        #expect(try reader.string("none") == nil)
        try reader.finish()
    }

    @Test func namesThePlaceAndWhatWasExpected() {
        #expect(
            error("[optimizer]\n  learningrate = 1\n") {
                var table = try #require(try $0.table("optimizer"))
                _ = try table.double("learning_rate")
                try table.finish()
            } == "t.toml:2:3: unknown key 'learningrate' in [optimizer]; did you mean 'learning_rate'?")
        #expect(error("\u{1B} = 1") { try $0.finish() }.hasPrefix("t.toml:1:1: "))
        #expect(
            error("\"\\u001b[2J\" = 1") { try $0.finish() }
                == "t.toml:1:1: unknown key '␛[2J'; there are no known keys")
        #expect(
            error("epochs = '5'") { _ = try $0.integer("epochs", in: 1...9) }
                == "t.toml:1:1: 'epochs' must be a whole number, not a string")
        #expect(
            error("epochs = 5.5") { _ = try $0.integer("epochs", in: 1...9) }
                == "t.toml:1:1: 'epochs' must be a whole number, not 5.5")
        #expect(
            error("epochs = -9223372036854775808") { _ = try $0.integer("epochs", in: 1...9) }
                == "t.toml:1:1: 'epochs' must be at least 1, not -9223372036854775808")
        #expect(
            error("l = ['a',\n 1]") { _ = try $0.strings("l") }
                == "t.toml:2:2: 'l' must be a list of strings, but this item is a whole number")
        #expect(
            error("x = 07:32:00") { _ = try $0.table("x") } == "t.toml:1:1: 'x' must be a table, not a date or time")
    }

    @Test(arguments: ["a = ", "a = 1\na = 2", "a = 99999999999999999999", "[a", "a = \"\n", "a = 'x", "= 1", "\u{1}"])
    func syntaxErrorsHaveAPlaceAndOneLine(text: String) {
        let line = error(text) { _ in }
        #expect(line.hasPrefix("t.toml:1:") || line.hasPrefix("t.toml:2:"), "\(line)")
        #expect(!line.contains("\n"))
    }

    @Test func refusesBytesThatAreNoText() {
        #expect(
            throws: TOMLError(
                file: "t.toml", at: TOMLPosition(line: 2, column: 6), "not UTF-8; expected a text in UTF-8")
        ) {
            try TOMLNode.document(utf8: Array("a = 1\nb = '".utf8) + [0xFF, 0x27], file: "t.toml")
        }
        #expect(error("a = 1\nb = '\0'") { _ in } == "t.toml:2:6: a zero byte; expected text")
    }
}
