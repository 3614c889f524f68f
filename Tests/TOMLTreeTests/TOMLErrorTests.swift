import TOMLTree
import Testing

@Suite struct TOMLErrorTests {
    private func error(_ text: String) -> String {
        do {
            let value = try TOMLNode.document(text, file: "t.toml").value
            return "read as \(value)"
        } catch {
            return error.description
        }
    }

    private static let faults: [(text: String, line: String)] = [
        // What another reader of TOML ended a program by.
        ("[\n", "1:2: the line ends here; expected a name, of letters, digits, '-' and '_' or in quotes"),
        ("[.a]", "1:2: found '.'; expected a name, of letters, digits, '-' and '_' or in quotes"),
        ("[/x]", "1:2: found '/'; expected a name, of letters, digits, '-' and '_' or in quotes"),
        ("[é]", "1:2: found 'é'; expected a name, of letters, digits, '-' and '_' or in quotes"),
        ("[[", "1:3: the file ends here; expected a name, of letters, digits, '-' and '_' or in quotes"),
        ("a = [\u{2028} 1]", "1:6: '�' is no value; expected a number, true or false, or a text in quotes"),
        ("1979-05-27T0\u{1}7:32:00Z", "1:13: the control character U+0001; expected text, or \\u0001 in double quotes"),
        // Keys and headers.
        ("= 1", "1:1: found '='; expected a name, of letters, digits, '-' and '_' or in quotes"),
        ("a 1", "1:3: found '1'; expected '=' behind the name"),
        ("a = 1 b = 2", "1:7: found 'b'; expected the line's end"),
        ("[a", "1:3: the file ends here; expected ']' behind the table's name"),
        ("[[a]", "1:4: found ']'; expected ']]' behind the list's name"),
        ("a = 1\na = 2", "2:1: 'a' is there already, in line 1; expected every key once"),
        ("[a]\n[b]\n[a]", "3:2: the table 'a' is there already, in line 1; expected every table once"),
        ("a.b = 1\n[a]", "2:2: the table 'a' is there already, in line 1; expected every table once"),
        ("a = 1\n[a.b]", "2:2: 'a' is a whole number already, in line 1; expected a table"),
        ("a = {}\na.b = 1", "2:1: 'a' is complete, in line 1; expected all its keys within its braces"),
        ("[a.b]\n[a]\nb.c = 1", "3:1: 'b' has a header of its own, in line 1; expected its keys there"),
        ("a = []\n[[a]]", "2:3: 'a' is a list already, in line 1; [[a]] can add only to what [[a]] began"),
        ("[[a]]\n[a]", "2:2: 'a' is a list of tables already, in line 1; expected a table"),
        // Values.
        ("a = ", "1:5: the file ends here; expected a value"),
        ("a = # 1", "1:5: found '#'; expected a value"),
        ("a = midnight", "1:5: 'midnight' is no value; expected a number, true or false, or a text in quotes"),
        ("a = True", "1:5: 'True' is no value; did you mean 'true'?"),
        ("a = 07", "1:5: '07' is no number, date or time"),
        ("a = 1979-02-29", "1:5: '1979-02-29' is no number, date or time"),
        (
            "a = 99999999999999999999",
            "1:5: '99999999999999999999' does not fit in 64 bits; expected a smaller whole number"
        ),
        ("a = [1,\n 2", "2:3: the file ends here; expected ',' or ']' in the list that begins in line 1"),
        ("a = { b = 1 c = 2 }", "1:13: found 'c'; expected ',' or '}' in the table that begins in line 1"),
        // Strings.
        ("a = \"x\nb = 1", "1:7: the line ends here; expected '\"' at the string's end"),
        ("a = 'x", "1:7: the file ends here; expected \"'\" at the string's end"),
        (
            "a = \"\"\"\nx",
            "2:2: the file ends here; expected three quotes at the end of the string that begins in line 1"
        ),
        (
            "a = \"C:\\Data\"",
            #"1:9: found 'D'; expected one of b t n f r e " \ x u U behind the backslash; in single quotes a backslash stands for itself"#
        ),
        ("a = \"\\u12\"", "1:10: found '\"'; expected 4 hexadecimal digits"),
        ("a = \"\\ud800\"", "1:6: U+D800 is no character; expected one up to U+10FFFF and no surrogate"),
        // Bytes.
        ("a = 1\rb = 2", "1:6: a carriage return alone; expected one with a line feed, or none"),
        ("# \u{7F}", "1:3: the control character U+007F; expected text, or \\u007F in double quotes"),
    ]

    @Test(arguments: faults)
    func saysThePlaceAndWhatWasExpected(text: String, line: String) {
        #expect(error(text) == "t.toml:" + line)
    }

    @Test(arguments: [
        [0x80], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0xF0, 0x9F],
    ])
    func saysWhereBytesAreNoText(bytes: [UInt8]) {
        #expect(
            throws: TOMLError(
                file: "t.toml", at: TOMLPosition(line: 2, column: 4), "not UTF-8; expected a text in UTF-8")
        ) {
            try TOMLNode.document(utf8: Array("a = 1\n# é".utf8) + bytes, file: "t.toml")
        }
    }

    @Test func longNamesAreCutInErrors() {
        let name = String(repeating: "x", count: 100_000)
        #expect(error("\(name) = 1\n\(name) = 1").utf8.count < 200)
        #expect(error("a = \(name)").utf8.count < 200)
        #expect(
            #expect(throws: TOMLError.self) {
                let reader = try TableReader("\(name) = 1", file: "t.toml")
                try reader.finish()
            }?.description.utf8.count ?? .max < 200)
    }
}
