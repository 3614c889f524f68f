import Testing
import Wording

struct NumberRangeTests {
    @Test("a range objects to just what it does not contain, and says what is expected")
    func objections() {
        let ranges: [NumberRange] = [
            .positive, .notNegative, .belowOne, .whole(from: 1, to: 9),
            NumberRange(least: -1, includesLeast: false, greatest: 2.5, includesGreatest: true),
        ]
        for range in ranges {
            for value in [-.infinity, -2, -1, -0.5, 0, 1e-300, 0.5, 1, 2, 2.5, 2.6, 9, 10, .infinity, .nan] {
                #expect(range.contains(value) == (range.objection(to: value) == nil), "\(value) in \(range)")
            }
        }
        #expect(NumberRange.positive.objection(to: 0) == "must be greater than 0")
        #expect(NumberRange.notNegative.objection(to: -1) == "must be at least 0")
        #expect(NumberRange.belowOne.objection(to: 1) == "must be less than 1")
        #expect(NumberRange.whole(from: 1, to: 9).objection(to: 10) == "must be at most 9")
        #expect(NumberRange.whole(from: 1, to: 9).objection(to: 2.5) == "must be a whole number")
        #expect(NumberRange.positive.objection(to: .nan) == "must be a finite number")
    }
}
