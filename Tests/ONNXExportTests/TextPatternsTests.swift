import Tabular
import Testing

@testable import ONNXExport

@Suite struct TextPatternsTests {
    @Test("A level is known in any letter case and with blanks, a whole number with .0 behind it")
    func lenient() {
        let patterns = TextPatterns(.lenient, isYesNo: false)
        #expect(patterns.level("No 7") == #"[ \t\x{A0}]*[nN][oO]\x{20}7[ \t\x{A0}]*"#)
        #expect(patterns.level("12") == #"[ \t\x{A0}]*12(?:\.0{1,17})?[ \t\x{A0}]*"#)
        #expect(patterns.level("1.5") == #"[ \t\x{A0}]*1\x{2E}5[ \t\x{A0}]*"#)
        #expect(
            patterns.level("\u{E9}")
                == #"[ \t\x{A0}]*(?:[\x{E9}\x{C9}]|[eE]\x{301})[ \t\x{A0}]*"#)
        #expect(patterns.level("ok") == #"[ \t\x{A0}]*[oO][kK\x{212A}][ \t\x{A0}]*"#)
        #expect(TextPatterns(.exact, isYesNo: false).level("No 7") == #"No\x{20}7"#)
    }

    @Test("A text that is a level is no gap, and words are gaps of their kind")
    func gaps() {
        let text = TextPatterns(.lenient, isYesNo: false).gap(levels: ["NA"])
        #expect(!text.contains("|[nN][aA]|") && text.contains("|[nN][uU][lL][lL]"))
        #expect(!text.contains("[mM][iI][sS][sS][iI][nN][gG]"))
        #expect(TextPatterns(.lenient, isYesNo: true).gap(levels: []).contains("[mM][iI][sS][sS][iI][nN][gG]"))
    }
}
