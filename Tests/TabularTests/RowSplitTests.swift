import Testing

@testable import Tabular

@Suite struct RowSplitTests {
    @Test func roundsFractionsUpToWholeRowsButNotRoundingErrors() {
        #expect(RowSplit.part(0.25, of: 19_537) == 4_885)
        #expect(RowSplit.part(0.25, of: 14_652) == 3_663)
        #expect(RowSplit.part(0.07, of: 100) == 7)
        #expect(RowSplit.part(0.1, of: 30) == 3)
        #expect(RowSplit.part(0, of: 30) == 0)
    }
}
