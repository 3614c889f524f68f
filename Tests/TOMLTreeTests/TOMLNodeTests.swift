import TOMLTree
import Testing

@Suite struct TOMLNodeTests {
    private func root(_ text: String) throws -> KeyedValues<TOMLNode> {
        guard case .table(let entries) = try TOMLNode.document(text, file: "t.toml").value else {
            return KeyedValues()
        }
        return entries
    }

    @Test func keysKeepTheOrderOfTheFileAndAreTheSameOnlyByteForByte() throws {
        let composed = "\u{E9}"
        let decomposed = "e\u{301}"
        let entries = try root("z = 1\n'\(composed)' = 2\n\"\(decomposed)\" = 3\na.b = 4\n[[c]]\n")
        #expect(entries.keys.map { Array($0.utf8) } == ["z", composed, decomposed, "a", "c"].map { Array($0.utf8) })
        #expect(entries[composed]?.value == .integer(2))
        #expect(entries[decomposed]?.value == .integer(3))
    }

    @Test func keysOfATableWithManyAreFound() throws {
        let entries = try root((0..<100).map { "k\($0) = \($0)\n" }.joined())
        #expect((0..<100).allSatisfy { entries["k\($0)"]?.value == .integer(Int64($0)) })
        #expect(entries["k100"] == nil)
        #expect(throws: TOMLError.self) { try root((0..<100).map { "k\($0 % 99) = \($0)\n" }.joined()) }
    }

    @Test func numbersAtTheEndsOfTheirRangeAreExact() throws {
        let entries = try root("a = 9223372036854775807\nb = -9223372036854775808\nc = 0x7fffffffffffffff\nd = 1e400\n")
        #expect(entries["a"]?.value == .integer(.max))
        #expect(entries["b"]?.value == .integer(.min))
        #expect(entries["c"]?.value == .integer(.max))
        #expect(entries["d"]?.value == .double(.infinity))
        #expect(throws: TOMLError.self) { try root("a = 0x8000000000000000") }
        #expect(throws: TOMLError.self) { try root("a = -9223372036854775809") }
    }

    @Test func datesAreKeptAsTheyAreWrittenWithTheirKind() throws {
        let entries = try root("a = 1979-05-27 07:32z\nb = 1979-05-27\nc = 07:32:60.123456789\n")
        guard case .dateTime(let a)? = entries["a"]?.value, case .dateTime(let b)? = entries["b"]?.value,
            case .dateTime(let c)? = entries["c"]?.value
        else {
            Issue.record("no dates")
            return
        }
        #expect(a.kind == .offsetDateTime && a.text == "1979-05-27 07:32z")
        #expect(b.kind == .localDate)
        #expect(c.kind == .localTime)
    }

    @Test func aByteOrderMarkIsNoPartOfTheText() throws {
        #expect(try root("\u{FEFF}a = 1")["a"]?.position == TOMLPosition(line: 1, column: 1))
        #expect(throws: TOMLError.self) { try root("a = 1\n\u{FEFF}b = 1") }
    }

    /// Texts of so many levels, of each way to write them.
    private func nested(_ depth: Int) -> [String] {
        let (open, close) = (depth - 1, depth - 2)
        return [
            text("a.", times: open) + "a = 1",
            "[" + text("a.", times: open) + "a]",
            "a = " + text("[", times: open) + text("]", times: open),
            "a = " + text("{a=", times: close) + "{}" + text("}", times: close),
        ]
    }

    private func text(_ text: String, times: Int) -> String { String(repeating: text, count: times) }

    @Test func depthHasALimit() throws {
        for text in nested(TOMLNode.greatestDepth) { _ = try root(text) }
        for text in [TOMLNode.greatestDepth + 1, 20_000, 100_000].flatMap(nested) {
            let error = #expect(throws: TOMLError.self) { try root(text) }
            let end = "too deep; expected at most 128 tables and lists in one another"
            #expect(error?.description.hasSuffix(end) == true)
        }
    }

    /// Time in proportion to the length, or this takes minutes.
    @Test func longTextsAreReadInProportionToTheirLength() throws {
        let count = 30_000
        var texts: [String] = [
            text("[[a.b]]\n", times: 100_000), (0..<100_000).map { "k\($0) = 1\n" }.joined(),
            text("[[a]]\n[[a.b]]\n", times: count),
            "a = [" + text("1,", times: count) + "]", "a = [" + text("{},", times: count) + "]",
            "a = \"" + text("\\n", times: count) + "\"", "a = '''" + text("''x", times: count) + "'''",
            "a = \"\"\"" + text("\\\n\n", times: count) + "\"\"\"", "a = " + text("9", times: count) + ".0",
            "a = 0." + text("12345", times: count / 5), text("#", times: count), text("\n", times: count),
        ]
        texts.append((0..<count).map { "[t\($0)]\n" }.joined())
        texts.append((0..<count).map { "a.b\($0).c = 1\n" }.joined())
        texts.append("a = {" + (0..<count).map { "k\($0)=[]," }.joined() + "}")
        for text in texts {
            let start = ContinuousClock.now
            _ = try root(text)
            #expect(ContinuousClock.now - start < .seconds(15), "\(text.prefix(20))")
        }
    }
}
