import Canvas
import TrainEngine

/// What came of a replay, in a line: `1,810 steps, 7 edits, 2 rewinds: identical`.
enum ReplayReport {
    /// - Parameter isWatched: whether a person may have ended it.
    static func line(_ outcome: Replay.Outcome, isWatched: Bool = false) -> String {
        var counts = [count(outcome.steps, "step"), count(outcome.edits, "edit")]
        counts += [(outcome.rewinds, "rewind"), (outcome.returns, "return"), (outcome.races, "race")]
            .filter { $0.0 > 0 }.map { count($0.0, $0.1) }
        let told = counts.joined(separator: ", ")
        if let difference = outcome.difference { return "\(told): different \(difference)" }
        if outcome.isComplete { return "\(told): identical" }
        let end = NumberFormat.grouped(outcome.lastIdenticalStep)
        if isWatched { return "\(told): identical up to step \(end), where the journal or you ended it" }
        return "\(told): the journal ends at step \(end) without an end: identical up to there"
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(NumberFormat.grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }
}

/// What is shown while a replay goes on: `replaying  45% [======>.......] 1,204/2,600 steps  0.4 s`.
enum ReplayLine {
    static func text(steps: Int, total: Int, seconds: Double, columns: Int) -> String {
        let percent = total > 0 ? Int(100 * Double(min(steps, total)) / Double(total)) : 100
        let numbers = "\(NumberFormat.grouped(steps))/\(NumberFormat.grouped(total)) steps"
        let bar = StatusBar.bar(steps, of: total, width: StatusBar.width)
        let padding = String(repeating: " ", count: 3 - String(percent).count)
        // What matters least is left out first, so that the line never wraps.
        let texts = ["replaying \(padding)\(percent)% [\(bar)] \(numbers)", "\(percent)% \(numbers)", "\(percent)%"]
        return texts.first { $0.count < columns } ?? ""
    }
}
