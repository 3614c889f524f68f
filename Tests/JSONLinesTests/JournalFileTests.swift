import Testing
import TrainProtocol

@testable import JSONLines

@Suite("A journal's lines")
struct JournalFileTests {
    static let header = JournalHeader(
        program: "traintui 0.1.0", began: "2026-03-01T09:30:00Z", title: "a \"b\"\u{1B}[2J ü\n", seed: .max,
        kernels: "x86-64-v4", data: .path("/data/flats.csv"), dataSHA256: String(repeating: "0a", count: 32),
        initialWeights: .init(path: "/w.safetensors", sha256: nil), origin: "/runs/\u{202E}a\u{9B}1m",
        job: "seed = 42\n\n[data]\n\tpath = \"\\u00e4\"\n")

    /// Every kind of entry, with numbers that are hard to write.
    static let entries: [JournalEntry] =
        [0.1 + 0.2, .leastNonzeroMagnitude, -0.0, .greatestFiniteMagnitude, 1e22, 123_456_789.123_456_78].map {
            .edited(Edit(number: 1, name: "beta_1", old: .number($0), new: 0.1, step: 0))
        } + [
            .edited(
                Edit(number: 1 << 52, name: "learning_rate", old: 1e-7, new: 64, over: 200, step: (1 << 53) - 1)),
            .edited(Edit(number: 2, name: "optimizer", old: .choice("nadam"), new: .choice("sgd"), step: 7)),
            .edited(Edit(number: 3, name: "nesterov", old: .flag(false), new: .flag(true), step: 7)),
            .raceBegan(
                Race(
                    name: "layers.0.l2", old: 0.05,
                    entrants: [
                        .init(branch: BranchID(4), value: 0.05, edit: nil),
                        .init(branch: BranchID(5), value: 0, edit: 4),
                    ],
                    step: 8)),
            .raceBegan(Race(name: "l", old: nil, entrants: [], step: 8)),
            .raceBegan(
                Race(
                    settings: [
                        .init(name: "learning_rate", old: 0.1), .init(name: "nesterov", old: .flag(true)),
                        .init(name: "batch_size", old: nil),
                    ],
                    entrants: [
                        .init(branch: BranchID(6), values: [0.1, .flag(false), 16], edits: [nil, 5, 6]),
                        .init(branch: BranchID(7), values: [0.2, .flag(true), 32], edits: [7, nil, nil]),
                    ],
                    step: 9, halvesEvery: 500)),
            .raceEnded(
                adopted: BranchID(4), after: 8,
                tips: [.init(branch: BranchID(4), moment: .init(step: 90, edits: 3))]),
            .raceEnded(adopted: nil, after: 8, tips: []),
            .epochEnded(.init(step: 343, epoch: 1, meanLoss: (0.1).bitPattern, weights: .max)),
            .checked(.init(step: 350, epoch: 2, meanLoss: Double.nan.bitPattern, weights: 0)),
        ]
        + JournalEntry.Cause.allCases.flatMap { cause -> [JournalEntry] in
            [
                .branchedOff(BranchID(2), at: .init(step: 5, edits: 1), after: 9, cause: cause),
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
        guard case .edited(let edit) = file.entries[2] else { return }
        #expect(edit.old.number?.sign == .minus)
    }

    @Test("say first what happened, then when")
    func readable() {
        #expect(
            Self.entries[7].line
                == #"{"event":"edit","step":7,"number":2,"name":"optimizer","old":"nadam","new":"sgd"}"#)
        #expect(
            Self.entries[8].line
                == #"{"event":"edit","step":7,"number":3,"name":"nesterov","old":false,"new":true}"#)
        #expect(
            Self.entries[9].line
                == #"{"event":"race","step":8,"name":"layers.0.l2","old":0.05,"#
                + #""branches":[{"branch":4,"value":0.05},{"branch":5,"value":0.0,"edit":4}]}"#)
        #expect(
            Self.entries[11].line
                == #"{"event":"race","step":9,"name":"learning_rate","old":0.1,"others":[{"name":"nesterov","old":true},"#
                + #"{"name":"batch_size"}],"halves_every":500,"branches":[{"branch":6,"value":0.1,"#
                + #""others":[{"value":false,"edit":5},{"value":16.0,"edit":6}]},{"branch":7,"value":0.2,"edit":7,"#
                + #""others":[{"value":true},{"value":32.0}]}]}"#)
        #expect(
            Self.entries[12].line
                == #"{"event":"race_end","step":8,"adopted":4,"branches":[{"branch":4,"step":90,"edits":3}]}"#)
        #expect(
            Self.entries.last?.line
                == #"{"event":"end","step":1715,"epoch":5,"mean_loss":"0000000000000001","weights":"0123456789abcdef"}"#
        )
    }

    @Test("have no character in them that could hide itself or move a cursor")
    func visible() {
        #expect(Self.header.line.contains(#""title":"a \"b\"\u001b[2J ü\n""#))
        #expect(Self.header.line.contains(#""origin":"/runs/\u202ea\u009b1m""#))
    }

    @Test("of format 1 have numbers for switches and names, and are read")
    func formatOne() throws {
        var header = Self.header
        header.origin = nil
        let lines = [
            header.line.replacing(#""format":2"#, with: #""format":1"#),
            #"{"event":"edit","step":7,"number":2,"name":"optimizer","old":5.0,"new":0.0,"choice":"sgd"}"#,
            #"{"event":"edit","step":7,"number":3,"name":"nesterov","old":0.0,"new":1.0}"#,
            #"{"event":"race","step":8,"name":"optimizer","branches":[{"branch":4,"value":0.0}]}"#,
        ]
        let file = try JournalFile(Self.text(lines).utf8, file: "j")
        #expect(file.header.format == 1)
        #expect(
            file.entries == [
                .edited(Edit(number: 2, name: "optimizer", old: 5, new: .choice("sgd"), step: 7)),
                .edited(Edit(number: 3, name: "nesterov", old: 0, new: 1, step: 7)),
                .raceBegan(
                    Race(
                        name: "optimizer", old: nil, entrants: [.init(branch: BranchID(4), value: 0, edit: nil)],
                        step: 8
                    )),
            ])
        // Each format has its own keys and values.
        for (line, message) in [
            (Self.entries[7].line, "'old' must be a number"), (Self.entries[8].line, "'old' must be a number"),
            (Self.entries[9].line, "unknown key 'edit'; the keys are branch, value"),
        ] {
            #expect(throws: JournalFileError("j:2: \(message)")) {
                try JournalFile(Self.text([lines[0], line]).utf8, file: "j")
            }
        }
        #expect(throws: JournalFileError.self) {
            try JournalFile(Self.text([Self.header.line, lines[1]]).utf8, file: "j")
        }
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
            (
                #"{"event":"race","step":1,"name":"x","others":[{"name":"y"}],"branches":[{"branch":2,"value":1}]}"#,
                "a branch has values for 1 of the 2 that are raced"
            ),
            (
                #"{"event":"race","step":1,"name":"x","halves_every":0,"branches":[]}"#,
                "'halves_every' must be a whole number from 1 to 2^53 - 1"
            ),
            (#"{"event":"race","step":1,"name":"x","branches":[1]}"#, "'branches' must be a list of objects"),
            (#"{"event":"race","step":1,"name":"x","branches":{}}"#, "'branches' must be a list of objects"),
            (
                #"{"event":"edit","step":1,"number":1,"name":"x","old":[],"new":1}"#,
                "'old' must be a number, true, false or a name"
            ),
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
            message(line.replacing(#""format":2"#, with: #""format":3"#) + "\n")
                == "j:1: is written in format 3; this program reads formats 1 to 2")
        #expect(
            message(line.replacing("0a0a", with: "0A0a") + "\n")
                == "j:1: 'sha256' must be 64 hexadecimal digits, in quotes")
    }
}
