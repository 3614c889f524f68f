import Foundation
import Testing

@testable import RemoteEngine

@Suite("What a command printed")
struct PrintedLinesTests {
    private func lines(_ text: String) -> [String] {
        var printed = PrintedLines()
        printed.append(text.utf8)
        return printed.lines
    }

    @Test("is its lines, the last one even where it goes on")
    func plain() {
        #expect(lines("") == [])
        #expect(lines("one\ntwo\n") == ["one", "two"])
        #expect(lines("one\n\ntwo") == ["one", "", "two"])
        #expect(lines("one\r\ntwo\r\n") == ["one", "two"])
    }

    @Test("has a bar that is drawn over and over once")
    func bars() {
        #expect(lines("\r 10%|#  |\r 50%|## |\r100%|###|\ndone\n") == ["100%|###|", "done"])
        #expect(lines("1/9 loss\u{8}\u{8}\u{8}\u{8}mae") == ["1/9 mae"])
    }

    @Test("has no escape sequence, whole or cut off")
    func escapes() {
        #expect(lines("\u{1B}[31mred\u{1B}[0m \u{1B}]0;title\u{7}end\u{1B}[2J\u{1B}c\n") == ["red end"])
        #expect(lines("a\u{1B}]never ended\nb\n") == ["a", "b"])
        #expect(lines("a\u{1B}[") == ["a"])
    }

    @Test("does not depend on where it was cut")
    func cuts() {
        let text = "größe \u{1B}[1m50%\u{1B}[0m\r100 % ✓\nnext"
        for cut in 0...text.utf8.count {
            var printed = PrintedLines()
            printed.append(Array(text.utf8).prefix(cut))
            printed.append(Array(text.utf8).dropFirst(cut))
            #expect(printed.lines == ["100 % ✓", "next"])
        }
    }

    @Test("is bounded, whatever is printed")
    func bounded() {
        var printed = PrintedLines()
        for number in 0..<10_000 { printed.append("line \(number)\n".utf8) }
        #expect(printed.lines.count == PrintedLines.mostLines)
        #expect(printed.lines.last == "line 9999")
        printed.append(repeatElement(UInt8(ascii: "x"), count: 1 << 20))
        #expect(printed.lines.last?.utf8.count == PrintedLines.mostBytes)
    }
}
