import Testing
import Wording

@Suite struct SuggestionTests {
    @Test(arguments: [
        ("learningrate", "learning_rate"), ("Wind", "wind"), ("presure", "pressure"), ("iwnd", "wind"), ("xyz", nil),
        ("", nil), ("wi", nil), ("seeed", "seed"),
    ])
    func namesWhatWasProbablyMeant(typed: String, meant: String?) {
        #expect(closest(typed, among: ["learning_rate", "wind", "pressure", "seed"]) == meant)
    }

    @Test func hintsAtTheNearestNameOrListsThem() {
        #expect(hint(for: "wnd", among: ["wind", "year"], plural: "columns") == "did you mean 'wind'?")
        #expect(hint(for: "speed", among: ["wind", "year"], plural: "columns") == "the columns are wind, year")
        let many = (1...22).map { "column\($0)" }
        #expect(hint(for: "x", among: many, plural: "columns").hasSuffix("column20 and 2 more"))
    }
}
