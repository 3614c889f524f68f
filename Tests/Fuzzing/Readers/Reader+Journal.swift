import JSONLines
import TrainProtocol

extension Reader {
    /// A journal, and the timeline that its entries make. What is accepted must be the same entries after it was written
    /// anew, in the present format.
    static let journal = Reader(name: "journal") { bytes in
        do throws(JournalFileError) {
            let journal = try JournalFile(bytes, file: "f")
            let lines = [journal.header.line] + journal.entries.map(\.line)
            promise(lines.allSatisfy { !$0.utf8.contains(0x0A) }, "an entry is a line")
            do {
                let again = try JournalFile(lines.map { $0 + "\n" }.joined().utf8, file: "again")
                promise(again.entries == journal.entries, "a journal written anew is the same")
                promise(again.header.line == lines[0], "a header written anew is the same")
            } catch {
                promise(false, "a journal written anew can be read: \(error)")
            }
            checkTimeline(journal.entries)
            return true
        } catch {
            checkMessage(error.description)
            return false
        }
    }

    private static func checkTimeline(_ entries: [JournalEntry]) {
        do throws(Timeline.Refusal) {
            let timeline = try Timeline(entries)
            promise(timeline.step >= 0 && timeline.moment.edits <= timeline.editsMade, "a run has made its edits")
        } catch {
            checkMessage(error.description)
        }
    }
}
