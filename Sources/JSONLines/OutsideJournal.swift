package import TrainProtocol
import Wording

/// What a training in Python wrote of itself: JSON lines, one when it began, then one for each edit, each way that the run
/// took and left, and the loss of steps of two significant digits.
///
/// ```
/// {"event":"begin","format":1,"api":"watch","replay":"losses","data":"replayed","processes":1}
/// {"event":"check","branch":1,"step":10,"loss":"3fe6a09e667f3bcd"}
/// {"event":"edit","step":12,"number":1,"name":"learning_rate","old":0.01,"new":0.005}
/// {"event":"way","step":40,"cause":"undo","branches":[{"branch":1,"step":12,"edits":0},{"branch":2}],"edits":[]}
/// {"event":"end","step":84,"stopped":false}
/// ```
package struct OutsideJournal: Sendable, Equatable {
    /// How far the run can be taken again.
    package enum Repeat: String, CaseIterable, Sendable {
        /// Its losses and its weights come again.
        case verified
        /// Its losses come again where its script does the same.
        case losses
        /// Its edits can be made again, and nobody knows what comes of them.
        case edits
    }

    /// A loss that was seen after a step.
    package struct Check: Sendable, Equatable {
        /// The branch and the step.
        package let branch: BranchID
        package let step: Int
        /// The bits of the loss as a Double.
        package let bits: UInt64

        /// The loss.
        package var loss: Double { Double(bitPattern: bits) }
    }

    /// Why the run went elsewhere for the first time, and after which step.
    package struct Departure: Sendable, Equatable {
        /// The protocol's word: "undo".
        package let cause: String
        package let step: Int
    }

    /// Through what the training is watched: "watch", "hooks", or a framework's name.
    package private(set) var api = ""
    package private(set) var `repeat` = Repeat.edits
    /// Whether a run that goes back sees other batches from there on.
    package private(set) var dataGoOn = false
    /// How many processes trained.
    package private(set) var processes = 1
    /// How often the training began; after the first time by torchrun.
    package private(set) var beginnings = 0
    /// How the run came to where it was last, with the edits in force.
    package private(set) var way = Lineage()
    package private(set) var firstDeparture: Departure?
    /// Where the run ended, and whether it was stopped there; nil where the journal is cut off.
    package private(set) var end: (step: Int, wasStopped: Bool)?
    private var checks: [Check] = []

    /// Reads a journal's bytes. A last line without a line end was cut off while it was written, and is left out.
    package init(_ bytes: some Collection<UInt8>, file: String) throws(JournalFileError) {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        lines.removeLast()
        for (index, line) in lines.enumerated() {
            var reader = try LineReader(line, file: file, line: index + 1)
            try take(&reader)
            try reader.finish()
        }
        guard beginnings > 0 else {
            throw JournalFileError("\(visible(file)): has no beginning; expected the journal of a training in Python")
        }
    }

    package static func == (left: OutsideJournal, right: OutsideJournal) -> Bool {
        left.way == right.way && left.checks == right.checks && left.last == right.last
    }

    private enum Kind: String, CaseIterable { case begin, edit, way, check, end }
    private enum Data: String, CaseIterable { case replayed, goesOn = "goes_on", none }

    private mutating func take(_ line: inout LineReader) throws(JournalFileError) {
        let kind = try line.word("event", "events", Kind.self)
        guard (kind == .begin) || beginnings > 0 else { throw line.error("expected the journal's beginning") }
        switch kind {
        case .begin:
            let format = try line.count("format")
            guard format == 1 else { throw line.error("is written in format \(format); this program reads format 1") }
            api = try line.string("api")
            self.repeat = try line.word("replay", "kinds of replay", Repeat.self)
            dataGoOn = try line.word("data", "kinds of data", Data.self) == .goesOn
            processes = try line.count("processes", from: 1)
            beginnings += 1
            (way, checks, end, firstDeparture) = (Lineage(), [], nil, nil)
        case .edit:
            let edit = try Edit(&line, step: try line.count("step"))
            // Those of a branch that was adopted are on its way already.
            if edit.number > way.edits.last?.number ?? 0 { way.append(edit) }
        case .way:
            let departure = Departure(cause: try line.string("cause"), step: try line.count("step"))
            firstDeparture = firstDeparture ?? departure
            way = try Lineage(&line)
        case .check:
            checks.append(
                Check(
                    branch: BranchID(try line.count("branch", from: 1)), step: try line.count("step", from: 1),
                    bits: try line.bits("loss")))
        case .end:
            guard case .flag(let wasStopped) = try line.value("stopped") else {
                throw line.error("'stopped' must be true or false")
            }
            end = (try line.count("step"), wasStopped)
        }
    }

    /// The losses on the way to the run's end, in the order of their steps.
    package var checksOnTheWay: [Check] {
        var found: [Int: Check] = [:]
        for check in checks where way.holds(check.branch, at: check.step) && check.step <= last {
            found[check.step] = check
        }
        return found.values.sorted { $0.step < $1.step }
    }

    /// The last step that the journal knows of on the way.
    package var last: Int {
        end?.step ?? checks.last { $0.branch == way.branch }?.step ?? way.fork.step
    }
}

extension Lineage {
    fileprivate init(_ line: inout LineReader) throws(JournalFileError) {
        var segments: [Segment] = []
        for var part in try line.objects("branches") {
            let branch = BranchID(try part.count("branch", from: 1))
            let step = try part.optionalCount("step")
            let end = step.map { Moment(step: $0, edits: 0) }
            let edits = try part.optionalCount("edits") ?? 0
            segments.append(Segment(branch: branch, end: end.map { Moment(step: $0.step, edits: edits) } ?? .end))
            try part.finish()
        }
        guard !segments.isEmpty else { throw line.error("'branches' must have one at least") }
        var edits: [Edit] = []
        for var edit in try line.objects("edits") {
            edits.append(try Edit(&edit, step: try edit.count("step")))
            try edit.finish()
        }
        self.init(segments: segments, edits: edits)
    }
}
