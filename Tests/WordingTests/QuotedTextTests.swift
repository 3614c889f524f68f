import Testing
import Wording

@Suite struct QuotedTextTests {
    /// The expected text is what Python's `json.dumps` writes of the first five, and reads back to the whole.
    @Test func escapesWhatEndsAStringOrHides() {
        #expect(quoted("a \"b\" \\ é") == #""a \"b\" \\ é""#)
        #expect(quoted("1\n2\t3\r4") == #""1\n2\t3\r4""#)
        #expect(quoted("\u{0}\u{1B}[31m\u{7F}\u{9B}") == #""\u0000\u001b[31m\u007f\u009b""#)
        #expect(quoted("\u{202E}abc\u{2028}\u{FEFF}") == #""\u202eabc\u2028\ufeff""#)
        #expect(quoted("🌀 \u{E0041}") == "\"🌀 \u{E0041}\"")
    }
}
