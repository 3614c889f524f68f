import RandomTesting
import Testing
import TrainProtocol

@Suite("A timeline")
struct TimelineTests {
    private func edit(_ number: Int, at step: Int, _ new: SettingValue = 0.005) -> JournalEntry {
        .edited(Edit(number: number, name: "learning_rate", old: 0.01, new: new, step: step))
    }

    private func back(_ branch: Int, to moment: Moment, after step: Int, _ cause: JournalEntry.Cause) -> JournalEntry {
        .branchedOff(BranchID(branch), at: moment, after: step, cause: cause)
    }

    @Test("an undo takes the edit out of force, and a redo puts it back")
    func undoAndRedo() throws {
        var timeline = try Timeline([edit(1, at: 10), back(2, to: Moment(step: 10, edits: 0), after: 30, .undo)])
        #expect(timeline.lineage.edits == [])
        #expect(timeline.step == 10)
        #expect(timeline.redo == .first)
        timeline.advance(to: 40)
        try timeline.apply(.returned(to: .first, after: 40, cause: .redo))
        #expect(timeline.lineage.edits.map(\.number) == [1])
        #expect(timeline.moment == Moment(step: 30, edits: 1))
        #expect(timeline.redo == nil)
        #expect(timeline.abandoned[BranchID(2)]?.tip == Moment(step: 40, edits: 0))
    }

    @Test("an edit after an undo ends what could be redone")
    func noRedo() throws {
        let timeline = try Timeline([
            edit(1, at: 10), back(2, to: Moment(step: 10, edits: 0), after: 30, .undo), edit(2, at: 12),
        ])
        #expect(timeline.redo == nil)
        #expect(timeline.abandoned.keys.sorted() == [.first])
        #expect(timeline.editsMade == 2)
    }

    @Test("going back forgets the edits made after that moment, not those before")
    func goingBack() throws {
        let timeline = try Timeline([
            edit(1, at: 10), edit(2, at: 10), edit(3, at: 20),
            back(2, to: Moment(step: 10, edits: 1), after: 25, .step),
        ])
        #expect(timeline.lineage.edits.map(\.number) == [1])
        #expect(timeline.lineage.segments.map(\.branch.number) == [1, 2])
    }

    @Test("a twin takes no number of the run's own branches")
    func twins() throws {
        var timeline = try Timeline([edit(1, at: 10)])
        let twins = [timeline.makeTwin(), timeline.makeTwin()]
        #expect(timeline.branchNumber == 2 && Set(twins).count == 2)
        // What other processes are told are the numbers that JSON has.
        #expect(twins.allSatisfy { $0.number < 1 << 53 })
        // Nor can a journal have a twin's.
        #expect(throws: Timeline.Refusal.self) {
            try timeline.apply(back(twins[0].number, to: Moment(step: 10, edits: 0), after: 30, .undo))
        }
    }

    private func race(at step: Int, edits: [Int?]) -> Race {
        Race(
            name: "learning_rate", old: 0.01,
            entrants: edits.enumerated().map { index, edit in
                Race.Entrant(branch: BranchID(2 + index), value: edit == nil ? 0.01 : 0.02, edit: edit)
            }, step: step)
    }

    private func tips(_ moments: [Moment]) -> [JournalEntry.Tip] {
        moments.enumerated().map { JournalEntry.Tip(branch: BranchID(2 + $0.offset), moment: $0.element) }
    }

    @Test("the adopted branch of a race is the run with its edit, the incumbent has none")
    func adopting() throws {
        let began = JournalEntry.raceBegan(race(at: 5, edits: [1, nil]))
        let ends = tips([Moment(step: 9, edits: 1), Moment(step: 9, edits: 0)])
        let other = try Timeline([began, .raceEnded(adopted: BranchID(2), after: 5, tips: ends)])
        #expect(other.lineage.edits.map(\.new) == [0.02])
        #expect(other.step == 9)
        let incumbent = try Timeline([began, .raceEnded(adopted: BranchID(3), after: 5, tips: ends)])
        #expect(incumbent.lineage.edits == [])
        #expect(incumbent.abandoned.keys.sorted() == [.first, BranchID(2)])
        let neither = try Timeline([began, .raceEnded(adopted: nil, after: 5, tips: ends)])
        #expect(neither.step == 5)
        #expect(neither.lineage.branch == .first)
    }

    @Test("in journals of format 1 every entrant has an edit")
    func formatOne() throws {
        let began = JournalEntry.raceBegan(race(at: 5, edits: [nil, nil]))
        let timeline = try Timeline([
            edit(1, at: 2), began,
            .raceEnded(
                adopted: BranchID(3), after: 5, tips: tips([Moment(step: 9, edits: 2), Moment(step: 9, edits: 2)])),
        ])
        #expect(timeline.lineage.edits.map(\.number) == [1, 3])
    }

    @Test("what cannot have happened is refused, and changes nothing")
    func refusals() throws {
        let start = try Timeline([
            edit(1, at: 10), edit(2, at: 20), back(2, to: Moment(step: 20, edits: 1), after: 25, .undo),
        ])
        let entries: [JournalEntry] = [
            edit(3, at: 19), edit(2, at: 21),
            back(3, to: Moment(step: 21, edits: 1), after: 20, .step),
            back(3, to: Moment(step: 10, edits: 2), after: 20, .step),
            back(3, to: Moment(step: 15, edits: 0), after: 20, .step),
            back(3, to: Moment(step: -1, edits: 0), after: 20, .step),
            back(2, to: Moment(step: 10, edits: 0), after: 20, .step),
            back(.max, to: Moment(step: 10, edits: 0), after: 20, .step),
            .returned(to: BranchID(2), after: 20, cause: .branch), .returned(to: BranchID(9), after: 20, cause: .redo),
            .raceEnded(adopted: nil, after: 20, tips: []),
            .raceBegan(Race(name: "x", old: nil, entrants: [], step: 20)),
            .raceBegan(race(at: 20, edits: [3, nil])), .edited(Edit(number: .max, name: "x", old: 1, new: 2, step: 20)),
        ]
        for entry in entries {
            var timeline = start
            #expect(throws: Timeline.Refusal.self, "\(entry)") { try timeline.apply(entry) }
            #expect(timeline == start)
        }
        var ended = start
        try ended.apply(.ended(JournalEntry.Check(step: 30, epoch: 1, meanLoss: 0, weights: 0)))
        #expect(throws: Timeline.Refusal("nothing can come after the run's end")) { try ended.apply(edit(3, at: 30)) }
    }

    @Test("any order of any entries ends in a timeline or a sentence", arguments: 1...200)
    func anything(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        func below(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
        func odd() -> Int { [0, 1, 2, 3, below(50), below(50), -1, .max, .min][below(9)] }
        func number() -> Int { [1 + below(6), odd()][below(2)] }
        var timeline = Timeline()
        for _ in 0..<60 {
            let step = below(4) == 0 ? odd() : timeline.step &+ below(5)
            let entry: JournalEntry =
                switch below(5) {
                case 0: edit(timeline.editNumber &+ below(2), at: step)
                case 1:
                    back(
                        timeline.branchNumber &+ below(2), to: Moment(step: below(30), edits: below(4)), after: step,
                        [.undo, .step][below(2)])
                case 2: .returned(to: BranchID(number()), after: step, cause: [.redo, .branch][below(2)])
                case 3: .raceBegan(race(at: step, edits: [nil, timeline.editNumber]))
                default: .raceEnded(adopted: [nil, BranchID(number())][below(2)], after: step, tips: tips([]))
                }
            let before = timeline
            do { try timeline.apply(entry) } catch { #expect(timeline == before) }
            #expect(timeline.step >= 0)
            #expect(Set(timeline.lineage.edits.map(\.number)).count == timeline.lineage.edits.count)
            #expect(timeline.abandoned[timeline.lineage.branch] == nil)
        }
    }
}
