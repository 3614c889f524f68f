import FileAccess
import Foundation
import TrainCore
import TrainEngine
import TrainProtocol
import Wording

/// What there is to say of a run, in its folder's `run.json`: written when it begins, with each checkpoint, at its end.
///
/// The journal is what counts; this is what a list shows without reading it.
struct RunRecord: Encodable, Equatable {
    /// The format of the file.
    var format = 1
    var program: String
    /// The job in a word or two.
    var title: String
    /// What a person calls the run.
    var name: String?
    /// What a person wrote about it.
    var note: String?
    /// Words that a person filed it under.
    var tags: [String]?
    /// Whether it is never removed to make room.
    var pinned: Bool?
    /// When it began, in ISO 8601.
    var began: String
    /// When this was written.
    var updated: String
    /// The process that trains it, or did.
    var process: Int32
    /// The data: a file's absolute path, or a built-in table's name.
    var data: String
    var dataSHA256: String?
    /// How it stands.
    var state: State
    /// Why it diverged.
    var reason: String?
    var step = 0
    /// Epochs that are done, and how many there are to be.
    var epochsDone = 0
    var epochs: Int
    /// Edits in force.
    var edits = 0
    /// The lowest validation loss, and after which step and epoch it was.
    var bestLoss: Double?
    var bestStep: Int?
    var lastLoss: Double?
    /// The validation losses, thinned, for a small chart.
    var validation: [Double] = []
    /// Where the weights are to be written at the end, an absolute path.
    var save: String?
    /// Seconds spent training.
    var seconds = 0.0

    enum State: String, Encodable {
        /// A process trains it; where none has its journal, it was cut off.
        case running
        /// It was ended before all epochs were done.
        case stopped
        case done
        case diverged
        /// It was trained elsewhere, and is only looked at.
        case imported
    }

    /// Values of ``validation``, at most.
    private static let mostValues = 48

    /// Takes in where the run stands.
    mutating func update(_ checkpoint: RunCheckpoint) {
        guard let parts = checkpoint.states.first?.parts else { return }
        let past = checkpoint.past
        step = checkpoint.moment.step
        epochs = parts.epochs
        epochsDone = past.epochs.filter { past.lineage.holds($0.branch, at: $0.step) }.map(\.epoch).max() ?? 0
        edits = checkpoint.moment.edits
        seconds = checkpoint.seconds
        let losses = past.evaluations.filter { past.lineage.holds($0.branch, at: $0.step) }
        let best = losses.filter { $0.loss.isFinite }.min { $0.loss < $1.loss }
        (bestLoss, bestStep, lastLoss) = (best?.loss, best?.step, losses.last { $0.loss.isFinite }?.loss)
        let finite = losses.map(\.loss).filter(\.isFinite)
        let count = min(finite.count, Self.mostValues)
        validation = (0..<count).map { finite[count == 1 ? 0 : $0 * (finite.count - 1) / (count - 1)] }
    }

    /// Says how the run ended, which is not so before its weights are written: who is killed between does that again.
    mutating func end(_ standing: RunState?) {
        reason = nil
        switch standing {
        case .done: state = .done
        case .diverged(let divergence): (state, reason) = (.diverged, divergence.reason)
        default: state = .stopped
        }
    }

    /// Whether it came so far that it is worth keeping: an epoch is done, or a person did something with it.
    var isReal: Bool {
        epochsDone > 0 || edits > 0 || name != nil || note != nil || tags != nil || isPinned || state == .imported
    }

    var isPinned: Bool { pinned == true }

    /// Changes what a person says of a run, whoever trains it.
    static func change(_ folder: RunFolder, _ calls: SystemCalls, _ body: (inout RunRecord) -> Void) throws(Failure) {
        guard var record = read(folder.record) else {
            throw Failure(
                .badData, "\(visible(folder.record)): is not there, or not to be read; an earlier program's run")
        }
        body(&record)
        do throws(FileError) { try record.write(folder.record, calls) } catch { throw Failure(unwritten: error) }
    }

    /// Writes it; what was there is whole until this is.
    func write(_ path: String, _ calls: SystemCalls) throws(FileError) {
        var record = self
        record.updated = Date.now.formatted(.iso8601)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let bytes: Data
        do { bytes = try encoder.encode(record) } catch {
            throw FileError(path, "cannot be written: it has a number that JSON has no word for")
        }
        try WholeFile(path, calls).write(Array(bytes) + [UInt8(ascii: "\n")])
    }
}

extension RunRecord {
    /// Of a run that begins.
    init(
        program: String, title: String, name: String?, began: String, data: String, dataSHA256: String?, epochs: Int,
        save: String?
    ) {
        self.program = program
        self.title = title
        self.name = name
        self.began = began
        updated = Date.now.formatted(.iso8601)
        process = ProcessInfo.processInfo.processIdentifier
        self.data = data
        self.dataSHA256 = dataSHA256
        state = .running
        self.epochs = epochs
        self.save = save
    }
}
