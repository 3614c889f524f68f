import Testing

@testable import Tabular

@Suite("Differences of feature spaces")
struct FeatureSpaceDifferenceTests {
    private static func number(_ name: String, mean: Double = 0) -> InputColumn {
        InputColumn(
            name: name, role: .number,
            encoding: .number(
                NumberEncoding(
                    notation: .point, fill: 0, hasGapIndicator: false, scaling: .standard(mean: mean, deviation: 1))))
    }

    private static func space(_ columns: [InputColumn], classes: [String] = []) -> FeatureSpace {
        FeatureSpace(
            reading: .exact, columns: columns,
            targets: [
                TargetColumn(
                    name: "y",
                    coding: classes.isEmpty ? .value(center: 0, scale: 1, notation: .point) : .classes(classes))
            ])
    }

    private let space = Self.space([Self.number("a"), Self.number("b")])

    @Test("the same features and targets fit, whatever their scales")
    func fits() {
        let other = Self.space([Self.number("a"), Self.number("b", mean: 3)])
        #expect(space.mismatch(withWeightsOf: space) == nil)
        #expect(space.mismatch(withWeightsOf: other) == nil)
        #expect(space.columnsPreparedOtherwise(than: space) == [])
        #expect(space.columnsPreparedOtherwise(than: other) == ["b"])
    }

    @Test("a feature too many, one too few and another order do not")
    func features() {
        let more = Self.space([Self.number("a"), Self.number("b"), Self.number("c")])
        let turned = Self.space([Self.number("b"), Self.number("a")])
        #expect(space.mismatch(withWeightsOf: more) == .lacks(feature: "c"))
        #expect(more.mismatch(withWeightsOf: space) == .adds(feature: "c"))
        #expect(space.mismatch(withWeightsOf: turned) == .order(feature: "b", instead: "a"))
    }

    @Test("other classes do not, nor the same in another order")
    func classes() {
        let (yes, no) = (Self.space([], classes: ["no", "yes"]), Self.space([], classes: ["yes", "no"]))
        #expect(yes.mismatch(withWeightsOf: yes) == nil)
        #expect(yes.mismatch(withWeightsOf: no) == .predicts("y (yes, no)", instead: "y (no, yes)"))
        #expect(yes.mismatch(withWeightsOf: Self.space([])) == .predicts("y", instead: "y (no, yes)"))
    }
}
