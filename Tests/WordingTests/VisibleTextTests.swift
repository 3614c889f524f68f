import Testing
import Wording

@Suite struct VisibleTextTests {
    @Test func showsControlsAsPicturesAndCutsLongText() {
        #expect(visible("a\u{1B}[31m\r\n\u{7F}\u{9B}\u{202E}é") == "a␛[31m␍␊␡��é")
        #expect(visible("abcdef", limit: 3) == "abc…")
        #expect(visible("abc", limit: 3) == "abc")
    }
}
