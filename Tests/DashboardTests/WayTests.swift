import Testing
import TrainEngine

@testable import Dashboard

@Suite("Way")
struct WayTests {
    private let first = Way()

    @Test("A fork has everything up to its step in common with the way that it leaves")
    func fork() {
        let second = first.fork(BranchID(2), at: 90, editsBelow: 5)
        #expect(second.branch == BranchID(2))
        #expect(second.holds(.first, at: 90) && !second.holds(.first, at: 91) && second.holds(BranchID(2), at: 500))
        #expect(first.commonSteps(with: second) == 90)
        #expect(second.commonSteps(with: second) == .max)
        #expect(second.steps(of: 1) == 91...Int.max)
    }

    @Test("A fork before the one that it leaves began is a fork of what came before that")
    func deepFork() {
        let second = first.fork(BranchID(2), at: 90, editsBelow: 9)
        let third = second.fork(BranchID(3), at: 50, editsBelow: 9)
        #expect(third.segments.map(\.branch) == [.first, BranchID(3)])
        #expect(third.commonSteps(with: second) == 50)
        #expect(third.commonSteps(with: first) == 50)
    }

    @Test("Of two edits at one step, an undo of the second leaves the first one in force")
    func editsAtOneStep() {
        let second = first.fork(BranchID(2), at: 700, editsBelow: 2)
        #expect(second.holds(edit: 1, on: .first, at: 700))
        #expect(!second.holds(edit: 2, on: .first, at: 700))
        let third = second.fork(BranchID(3), at: 700, editsBelow: 4)
        #expect(third.holds(edit: 3, on: BranchID(2), at: 700))
        #expect(third.fork(BranchID(4), at: 700, editsBelow: 3).holds(edit: 1, on: .first, at: 700))
        #expect(!third.fork(BranchID(4), at: 700, editsBelow: 3).holds(edit: 3, on: BranchID(2), at: 700))
    }

    @Test("A branch that was left goes on where it was left")
    func onward() {
        let second = first.fork(BranchID(2), at: 90, editsBelow: 5)
        #expect(second.onward(.first) == first)
        #expect(second.onward(BranchID(3)) == nil)
    }
}
