import Testing

@testable import TrainEngine

@Suite("Where a journal has the run's numbers")
struct RoundNumbersTests {
    @Test("at steps of two digits")
    func steps() {
        var steps: [Int] = []
        var step = 0
        while step < 1200 {
            step = step.nextRound(digits: 2)
            steps.append(step)
        }
        #expect(steps == Array(1...99) + stride(from: 100, through: 1000, by: 10) + [1100, 1200])
        #expect((1...1200).filter { $0.isRound(digits: 2) } == steps)
    }

    @Test("at epochs of three digits")
    func epochs() {
        #expect((1...1000).allSatisfy { $0.isRound(digits: 3) })
        #expect((1001...1050).filter { $0.isRound(digits: 3) } == [1010, 1020, 1030, 1040, 1050])
    }
}
