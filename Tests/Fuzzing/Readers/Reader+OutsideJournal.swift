import JSONLines
import TrainProtocol

extension Reader {
    /// The journal of a training in Python, and what is asked of it before its command is begun again.
    static let outside = Reader(name: "outside") { bytes in
        do throws(JournalFileError) {
            let journal = try OutsideJournal(bytes, file: "f")
            let steps = journal.checksOnTheWay.map(\.step)
            promise(zip(steps, steps.dropFirst()).allSatisfy(<), "losses are in the order of their steps")
            promise(steps.allSatisfy { $0 <= journal.last }, "no loss is from behind the end")
            let numbers = journal.way.edits.map(\.number)
            promise(Set(numbers).count == numbers.count, "an edit is on the way once")
            return true
        } catch {
            checkMessage(error.description)
            return false
        }
    }
}
