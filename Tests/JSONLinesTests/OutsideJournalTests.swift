import Testing
import TrainProtocol

@testable import JSONLines

@Suite("The journal of a training in Python")
struct OutsideJournalTests {
    private let begin =
        #"{"event":"begin","format":1,"api":"watch","replay":"losses","data":"replayed","processes":2}"#

    private func journal(_ lines: [String]) throws -> OutsideJournal {
        try OutsideJournal(Array(([begin] + lines).joined(separator: "\n").utf8) + [10], file: "j")
    }

    private let lines = [
        #"{"event":"check","branch":1,"step":10,"loss":"3ff0000000000000"}"#,
        #"{"event":"edit","step":12,"number":1,"name":"lr","old":0.1,"new":0.2}"#,
        #"{"event":"check","branch":1,"step":20,"loss":"4000000000000000"}"#,
        #"{"event":"way","step":25,"cause":"undo","branches":[{"branch":1,"step":12,"edits":0},{"branch":2}],"edits":[]}"#,
        #"{"event":"check","branch":2,"step":20,"loss":"7ff8000000000000"}"#,
        #"{"event":"edit","step":22,"number":2,"name":"lr","old":0.1,"new":0.3,"over":5}"#,
        #"{"event":"check","branch":2,"step":30,"loss":"4008000000000000"}"#,
    ]

    @Test("has the way on which the run ended, with its edits and losses")
    func way() throws {
        let journal = try journal(lines + [#"{"event":"end","step":34,"stopped":true}"#])
        #expect(journal.way.edits.map(\.number) == [2] && journal.way.edits.map(\.over) == [5])
        #expect(journal.checksOnTheWay.map(\.step) == [10, 20, 30])
        #expect(journal.checksOnTheWay.map(\.loss.isNaN) == [false, true, false])
        #expect(journal.end?.step == 34 && journal.end?.wasStopped == true && journal.last == 34)
        #expect(journal.processes == 2 && journal.beginnings == 1 && journal.repeat == .losses)
        #expect(journal.firstDeparture == .init(cause: "undo", step: 25))
    }

    @Test("is read as far as it goes, whatever byte it is cut off at, or refused with its line")
    func truncations() throws {
        let bytes = Array(([begin] + lines).joined(separator: "\n").utf8) + [10]
        for count in bytes.indices {
            let whole = bytes[..<count].contains(10)
            do throws(JournalFileError) {
                let journal = try OutsideJournal(bytes[..<count], file: "j")
                #expect(whole && journal.end == nil && journal.last <= 30)
            } catch {
                #expect(
                    !whole && error.description == "j: has no beginning; expected the journal of a training in Python")
            }
        }
        #expect(try journal(lines).last == 30)
    }

    @Test("refuses what it does not know, with its line")
    func refusals() {
        let cases = [
            (
                #"{"event":"check","branch":0,"step":1,"loss":"3ff0000000000000"}"#,
                "'branch' must be a whole number from 1"
            ),
            (#"{"event":"check","branch":1,"step":1,"loss":"3ff"}"#, "'loss' must be 16 hexadecimal digits"),
            (#"{"event":"way","step":1,"cause":"x","branches":[],"edits":[]}"#, "'branches' must have one at least"),
            (#"{"event":"end","step":1,"stopped":2}"#, "'stopped' must be true or false"),
            (#"{"event":"edti","step":1}"#, "there is no event 'edti'"),
            (#"{"event":"end","step":1,"stopped":true,"more":1}"#, "unknown key 'more'"),
        ]
        for (line, words) in cases {
            #expect { try journal([line]) } throws: {
                guard let error = $0 as? JournalFileError else { return false }
                return error.description.hasPrefix("j:2: ") && error.description.contains(words)
            }
        }
    }
}
