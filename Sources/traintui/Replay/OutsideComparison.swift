import Canvas
import JSONLines
import TrainProtocol

/// What came of a command that was started again beside what came of it before, in a line.
struct OutsideComparison {
    let line: String
    let isDifferent: Bool

    /// - Parameters:
    ///   - weights: whether the weights in the end are the same to the bit; nil where nobody compares them.
    init(of new: OutsideJournal, with former: OutsideJournal, weights: Bool?) {
        let edits = former.way.edits.count
        var told = "\(Self.count(new.last, "step")), \(Self.count(edits, "edit"))"
        if new.processes > 1 { told += ", \(new.processes) processes" }
        func different(_ words: String) -> (String, Bool) { ("\(told): different \(words)", true) }
        if new.processes != former.processes {
            (line, isDifferent) = different("from the start: it had \(Self.count(former.processes, "process", "es"))")
        } else if let made = Self.firstOther(new.way.edits, former.way.edits) {
            (line, isDifferent) = different(
                "at step \(NumberFormat.grouped(made.step)): the edit of \(made.name) was not made as before")
        } else if former.repeat == .edits {
            line = "\(told): the edits were made again; losses of \(Self.name(former.api)) are not compared"
            isDifferent = false
        } else if let parting = Self.parting(new, former) {
            (line, isDifferent) = different(parting)
        } else if weights == false {
            (line, isDifferent) = different("in the weights at the end, where all losses that are kept are the same")
        } else {
            let step = NumberFormat.grouped(former.last)
            let end =
                former.end == nil
                ? ": the journal ends at step \(step) without an end: identical up to there" : ": identical"
            line = told + end + (weights == true ? ", the weights too" : "")
            isDifferent = false
        }
    }

    /// The first of two lists' edits that are not the same.
    private static func firstOther(_ new: [Edit], _ former: [Edit]) -> Edit? {
        func isSame(_ one: Edit, _ other: Edit) -> Bool {
            (one.name, one.new, one.over, one.step) == (other.name, other.new, other.over, other.step)
        }
        for (one, other) in zip(new, former) where !isSame(one, other) { return other }
        return former.count > new.count ? former[new.count] : nil
    }

    /// Where the losses part, and by how much; nil where they do not.
    private static func parting(_ new: OutsideJournal, _ former: OutsideJournal) -> String? {
        let found = Dictionary(new.checksOnTheWay.map { ($0.step, $0) }) { $1 }
        var same = 0
        for check in former.checksOnTheWay {
            let step = NumberFormat.grouped(check.step)
            let before = same == 0 ? "" : "; the same up to step \(NumberFormat.grouped(same))"
            guard let other = found[check.step] else { return "at step \(step), which was not taken\(before)" }
            guard other.bits == check.bits else {
                let change = abs(other.loss - check.loss)
                return "at step \(step): the loss was \(check.loss) and is \(other.loss), \(change) apart\(before)"
            }
            same = check.step
        }
        return nil
    }

    private static func name(_ api: String) -> String {
        ["keras": "Keras", "transformers": "the Trainer of transformers", "lightning": "Lightning"][api] ?? api
    }

    private static func count(_ number: Int, _ noun: String, _ plural: String = "s") -> String {
        "\(NumberFormat.grouped(number)) \(noun)\(number == 1 ? "" : plural)"
    }
}
