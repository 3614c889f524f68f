import Testing
import TrainEngine

@testable import JournalFile

@Suite("A journal's lines")
struct JournalFileTests {
    static let header = JournalHeader(
        program: "traintui 0.1.0", began: "2026-03-01T09:30:00Z", title: "a \"b\"\u{1B}[2J ü\n", seed: .max,
        kernels: "x86-64-v4", data: .path("/data/flats.csv"), dataSHA256: String(repeating: "0a", count: 32),
        initialWeights: .init(path: "/w.safetensors", sha256: nil), job: "seed = 42\n\n[data]\n\tpath = \"\\u00e4\"\n")

    /// Every kind of entry, with numbers that are hard to write.
    static let entries: [JournalEntry] =
        [0.1 + 0.2, .leastNonzeroMagnitude, -0.0, .greatestFiniteMagnitude, 1e22, 123_456_789.123_456_78].map {
            .edited(
                HyperparameterChange(number: 1, request: nil, name: "beta_1", old: $0, new: 0.1, step: 0), choice: nil)
        } + [
            .edited(
                HyperparameterChange(
                    number: 1 << 52, request: nil, name: "learning_rate", old: 1e-7, new: 64, over: 200,
                    step: (1 << 53) - 1),
                choice: nil),
            .edited(
                HyperparameterChange(number: 2, request: nil, name: "optimizer", old: 3, new: 0, step: 7),
                choice: "sgd"),
            .raceBegan(Race(name: "layers.0.l2", entrants: [.init(branch: BranchID(4), value: 0.05)], step: 8)),
            .raceBegan(Race(name: "l", entrants: [], step: 8)),
            .raceEnded(
                adopted: BranchID(4), after: 8,
                tips: [.init(branch: BranchID(4), position: .init(step: 90, edits: 3))]),
            .raceEnded(adopted: nil, after: 8, tips: []),
            .epochEnded(.init(step: 343, epoch: 1, meanLoss: (0.1).bitPattern, weights: .max)),
            .checked(.init(step: 350, epoch: 2, meanLoss: Double.nan.bitPattern, weights: 0)),
        ]
        + JournalEntry.Cause.allCases.flatMap { cause -> [JournalEntry] in
            [
                .branchedOff(branch: BranchID(2), at: .init(step: 5, edits: 1), after: 9, cause: cause),
                .returned(to: .first, after: 12, cause: cause),
            ]
        } + [.ended(.init(step: 1715, epoch: 5, meanLoss: 1, weights: 0x0123_4567_89ab_cdef))]

    static func text(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }
    static let text = text([header.line] + entries.map(\.line))

    @Test("read to what was written, bit for bit")
    func roundTrip() throws {
        let file = try JournalFile(Self.text.utf8, file: "j")
        #expect(file.header == Self.header)
        #expect(file.entries == Self.entries)
        #expect(!file.isCutOff)
        // Minus zero equals zero, but is not the same bits.
        guard case .edited(let change, _) = file.entries[2] else { return }
        #expect(change.old.sign == .minus)
    }

    @Test("say first what happened, then when")
    func readable() {
        #expect(
            Self.entries[7].line
                == #"{"event":"edit","step":7,"number":2,"name":"optimizer","old":3.0,"new":0.0,"choice":"sgd"}"#)
        #expect(
            Self.entries[10].line
                == #"{"event":"race_end","step":8,"adopted":4,"branches":[{"branch":4,"step":90,"edits":3}]}"#)
        #expect(
            Self.entries.last?.line
                == #"{"event":"end","step":1715,"epoch":5,"mean_loss":"0000000000000001","weights":"0123456789abcdef"}"#
        )
    }

    @Test("cut off anywhere, are those that are whole")
    func cutOff() throws {
        let bytes = Array(Self.text.utf8)
        let firstLine = Self.header.line.utf8.count + 1
        for count in 0..<bytes.count {
            if count < firstLine {
                #expect(throws: JournalFileError.self) { try JournalFile(bytes[..<count], file: "j") }
                continue
            }
            let file = try JournalFile(bytes[..<count], file: "j")
            let whole = bytes[firstLine..<count].count { $0 == 0x0A }
            #expect(file.isCutOff)
            #expect(file.entries == Array(Self.entries[..<whole]))
        }
    }

    @Test(
        "say what is wrong with them, and where",
        arguments: [
            (#"{"event":"edti","step":1}"#, "there is no event 'edti'; did you mean 'edit'?"),
            (#"{"step":1}"#, "'event' is missing"),
            (#"{"event":"return","stpe":1}"#, "'step' is missing; is 'stpe' meant to be it?"),
            (#"{"event":"return","step":-1}"#, "'step' must be a whole number from 0 to 2^53 - 1"),
            (#"{"event":"return","step":1.5}"#, "'step' must be a whole number from 0 to 2^53 - 1"),
            (#"{"event":"return","step":9007199254740993}"#, "'step' must be a whole number from 0 to 2^53 - 1"),
            (#"{"event":"return","step":1e300}"#, "'step' must be a whole number from 0 to 2^53 - 1"),
            (#"{"event":"return","step":1e999}"#, "expected one JSON object in a line"),
            (#"{"event":"return","step":null}"#, "expected one JSON object in a line"),
            (#"{"event":"return","step":"1"}"#, "'step' must be a whole number from 0 to 2^53 - 1"),
            (
                #"{"event":"return","step":1,"cause":"undo","branch":0}"#,
                "'branch' must be a whole number from 1 to 2^53 - 1"
            ),
            (
                #"{"event":"return","step":1,"cause":"u","branch":2}"#,
                "there is no cause 'u'; the causes are undo, redo, step, best, branch, divergence"
            ),
            (
                #"{"event":"return","step":1,"cause":"undo","branch":2,"to":3}"#,
                "unknown key 'to'; the keys are event, step, cause, branch"
            ),
            (#"{"event":"race","step":1,"name":"x","branches":[1]}"#, "'branches' must be a list of objects"),
            (#"{"event":"race","step":1,"name":"x","branches":{}}"#, "'branches' must be a list of objects"),
            (#"{"event":"race","step":1,"name":1}"#, "'name' must be a string"),
            (
                #"{"event":"end","step":1,"epoch":1,"mean_loss":"0","weights":"0"}"#,
                "'mean_loss' must be 16 hexadecimal digits, in quotes"
            ),
            (
                #"{"event":"begin","format":1}"#,
                "there is no event 'begin'; the events are edit, back, return, race, race_end, epoch, check, end"
            ),
            ("", "expected one JSON object in a line"),
            ("[1]", "expected one JSON object in a line"),
            ("7", "expected one JSON object in a line"),
            (String(repeating: "[", count: 100_000), "expected one JSON object in a line"),
            (String(repeating: #"{"a":"#, count: 100_000), "expected one JSON object in a line"),
        ])
    func damage(line: String, message: String) {
        let text = Self.text([Self.header.line, Self.entries[0].line, line])
        #expect(throws: JournalFileError("dir/j\u{241B}:3: \(message)")) {
            try JournalFile(text.utf8, file: "dir/j\u{1B}")
        }
    }

    @Test("with a byte changed anywhere are an error or a journal, never a crash")
    func anyByte() {
        let bytes = Array(Self.text.utf8)
        for index in bytes.indices {
            for byte: UInt8 in [0x22, 0xFF] {
                var changed = bytes
                changed[index] = byte
                do { _ = try JournalFile(changed, file: "j") } catch { #expect(error.description.hasPrefix("j:")) }
            }
        }
    }

    @Test("need a header that this program can read")
    func header() {
        func message(_ text: String) -> String? {
            do throws(JournalFileError) {
                _ = try JournalFile(text.utf8, file: "j")
                return nil
            } catch {
                return error.description
            }
        }
        #expect(message("") == "j: is empty; expected a journal")
        #expect(message("{") == "j:1: expected a journal's header; this is none, or one that was cut off")
        #expect(message("a,b\n1,2\n") == "j:1: expected one JSON object in a line")
        #expect(message(Self.entries[0].line + "\n") == "j:1: expected the journal's header, not 'edit'")
        let line = Self.header.line
        #expect(
            message(line.replacing(#""format":1"#, with: #""format":2"#) + "\n")
                == "j:1: is written in format 2; this program reads format 1")
        #expect(
            message(line.replacing("0a0a", with: "0A0a") + "\n")
                == "j:1: 'sha256' must be 64 hexadecimal digits, in quotes")
        #expect(
            message(Self.text([line, Self.entries.last!.line, Self.entries[0].line]))
                == "j:3: nothing can come after the run's end")
    }
}
