import Foundation
import RunModel

extension RunFacts {
    /// What a list shows of a run in its folder.
    init(_ run: ListedRun) {
        let name = run.folder.name
        self.init(name: name)
        title = run.record?.name ?? String(name.trimmingPrefix { "0123456789-T.".contains($0) })
        // Of runs of earlier programs no more is known than their names say.
        began = String(name.prefix(10)) + " " + name.dropFirst(11).prefix(5).replacing("-", with: ":")
        guard let record = run.record else { return }
        data = URL(filePath: record.data).lastPathComponent
        standing =
            switch record.state {
            case .running: run.isOwned ? .running : .cutOff
            case .stopped: .stopped
            case .done: .done
            case .diverged: .diverged
            case .imported: .imported
            }
        // Its name says when it was imported.
        if record.state == .imported { began = String(record.began.prefix(16)).replacing("T", with: " ") }
        (reason, step, seconds) = (record.reason, record.step, record.seconds)
        (epochsDone, epochs, edits) = (record.epochsDone, record.epochs, record.edits)
        (best, bestStep, validation) = (record.bestLoss, record.bestStep, record.validation)
        (note, tags, isPinned) = (record.note ?? "", record.tags ?? [], record.isPinned)
    }
}
