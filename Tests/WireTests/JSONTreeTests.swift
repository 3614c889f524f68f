import Testing

@testable import Wire

@Suite("JSON values of messages")
struct JSONTreeTests {
    private func tree(_ text: String) -> JSONTree? { JSONTree(ArraySlice(text.utf8)) }

    @Test(
        "are read and written alike",
        arguments: [
            "null", "true", "-7", "0.25", "\"a\\u00e9\\n\"", "[]", "[1,[null,{}]]", "{\"a\":1,\"b\":[false]}",
        ])
    func roundTrip(text: String) { #expect(tree(text)?.text == text) }

    @Test(
        "that are none are nil",
        arguments: ["", "nul", "NaN", "1e999", "[1,]", "{\"a\"}", "\"\u{1}\"", "[1] 2", "{1:2}", "'a'", "+1", "01"])
    func nonsense(text: String) { #expect(tree(text) == nil) }

    @Test("are not read deeper than a message can be")
    func depth() {
        let deepest = JSONTree.deepest - 1
        #expect(tree(String(repeating: "[", count: deepest) + "1" + String(repeating: "]", count: deepest)) != nil)
        #expect(tree(String(repeating: "[", count: 1 << 20)) == nil)
    }

    @Test("have no number that is not finite")
    func notFinite() {
        #expect(
            JSONTree.list([.number(.nan), .number(.infinity), .number(0x1p80)]).text
                == "[null,null,1.2089258196146292e+24]")
    }
}
