import Dispatch
import FileAccess
import Foundation
import JSONLines
import JobFile
import RunModel
import Synchronization
import TrainCore
import TrainEngine
import TrainProtocol
import Wording

/// A run as its files have it: one that has ended, or one that another process trains, as far as its checkpoints tell.
///
/// An engine that takes no step and refuses what is asked of it. It needs no data: what it tells is what was kept.
final class FollowedRun: TrainingEngine {
    let run: RunDescription
    private let folder: RunFolder
    private let header: JournalHeader
    private let onNews: @Sendable () -> Void
    private let queue = DispatchQueue(label: "traintui.following", qos: .utility)
    private let state: Mutex<State>

    private struct State {
        var events: [Event] = []
        var progress = TrainProtocol.Progress()
        /// When the newest checkpoint was written that was told of.
        var seen: Date?
        var standing: RunState?
        var isClosed = false
    }

    /// Seconds between two looks at the files.
    private static let interval = 0.5

    /// Looks at a run.
    ///
    /// - Parameter onNews: called when there is something to drain, from another thread.
    /// - Throws: where nothing was kept of it but its journal.
    init(_ folder: RunFolder, onNews: @escaping @Sendable () -> Void) throws(Failure) {
        self.folder = folder
        self.onNews = onNews
        let journal = try JournalFile.read(folder.journal)
        header = journal.header
        guard let newest = folder.readCheckpoints(of: header.runName).whole.first?.checkpoint else {
            throw Failure(
                .noInput, "\(visible(folder.name)): nothing was kept of it but its journal; replay takes it again")
        }
        let validation: RunDescription.Validation =
            newest.past.evaluations.isEmpty ? .none(reason: "there is none") : .rows(nil)
        if let imported = header.imported {
            run = RunDescription(title: header.title, metrics: imported.metrics, validation: validation)
        } else {
            run = RunDescription(
                of: try header.recipe(of: folder.journal).job, title: header.title, validation: validation)
        }
        state = Mutex(State())
        let reason =
            header.imported == nil
            ? "the run is only looked at here; traintui resume goes on with it" : "the run was trained elsewhere"
        state.withLock { $0.events.append(.capabilities(Capabilities(only: [], reason: reason))) }
        look()
        wait()
    }

    /// Another run by its name, to be drawn under this one.
    func overlaid(_ name: String) throws(Failure) -> OverlaidRun {
        try OverlaidRun(name, under: header.job, seed: header.seed, sha256: header.dataSHA256)
    }

    /// Looks no more.
    func close() { state.withLock { $0.isClosed = true } }

    func send(_ command: Command, id: RequestID) {
        state.withLock { $0.events.append(.refused(id, reason: "the run is only looked at here")) }
        onNews()
    }

    func drain() -> EngineUpdate {
        state.withLock { state in
            defer { state.events = [] }
            return EngineUpdate(events: state.events, progress: state.progress)
        }
    }

    /// Looks again in a moment, for as long as somebody trains it.
    private func wait() {
        queue.asyncAfter(deadline: .now() + Self.interval) { [weak self] in
            guard let self, !self.state.withLock({ $0.isClosed }) else { return }
            if self.look() { self.onNews() }
            if self.state.withLock({ $0.standing }) == .training { self.wait() }
        }
    }

    /// Tells what changed.
    ///
    /// - Returns: whether something did.
    @discardableResult
    private func look() -> Bool {
        let listed = ListedRun(folder)
        let written = folder.checkpoints.compactMap(Self.modified).max()
        let (seen, former) = state.withLock { ($0.seen, $0.standing) }
        let standing = RunState(listed)
        guard written != seen || standing != former else { return false }
        // A file that is just being replaced is seen whole the next time.
        guard let checkpoint = folder.readCheckpoints(of: header.runName).whole.first?.checkpoint,
            let journal = try? JournalFile.read(folder.journal),
            let timeline = try? checkpoint.timeline(of: journal.entriesWithoutEnd)
        else { return false }
        state.withLock { state in
            (state.seen, state.standing) = (written, standing)
            state.progress = TrainProtocol.Progress(checkpoint)
            state.events.append(.hyperparameters(Hyperparameter.list(checkpoint)))
            state.events.append(.resumed(checkpoint.past.placed(by: timeline)))
            state.events.append(.lineage(timeline.lineage, redo: timeline.redo))
            if standing != former { state.events.append(.state(standing)) }
        }
        return true
    }

    private static func modified(_ path: String) -> Date? {
        let attributes: [FileAttributeKey: Any]
        do { attributes = try FileManager.default.attributesOfItem(atPath: path) } catch { return nil }
        return attributes[.modificationDate] as? Date
    }
}

extension RunState {
    /// What a run does whose files say this.
    fileprivate init(_ run: ListedRun) {
        switch run.record?.state {
        case .running? where run.isOwned: self = .training
        case .done?, .imported?: self = .done
        case .diverged?:
            let reason = run.record?.reason ?? "the loss ran away"
            self = .diverged(Divergence(step: (run.record?.step ?? 0) + 1, reason: reason))
        default: self = .paused
        }
    }
}

extension Hyperparameter {
    /// The numbers that every run has, as they were when it was written down.
    fileprivate static func list(_ checkpoint: RunCheckpoint) -> [Hyperparameter] {
        guard let parts = checkpoint.states.first?.parts else { return [] }
        func number(_ role: Role, _ title: String, _ value: Double?, _ range: NumberRange) -> Hyperparameter? {
            value.map {
                Hyperparameter(name: role.rawValue, title: title, role: role, kind: .number(range), value: .number($0))
            }
        }
        let rate = parts.optimizerNumbers[Role.learningRate.rawValue]
        return [
            number(.learningRate, "learning rate", rate, .positive),
            number(.batchSize, "batch size", parts.batchSize > 0 ? Double(parts.batchSize) : nil, .whole(from: 1)),
            number(.epochs, "epochs", Double(parts.epochs), .whole(from: 1)),
        ].compactMap { $0 }
    }
}

extension TrainProtocol.Progress {
    /// Where a run stood when it was written down.
    fileprivate init(_ checkpoint: RunCheckpoint) {
        self.init(step: checkpoint.moment.step, trainingSeconds: checkpoint.seconds)
        guard let parts = checkpoint.states.first?.parts else { return }
        let ends = checkpoint.past.epochs.filter { $0.branch == checkpoint.branch }
        (epoch, epochs, batchSize) = (parts.position.epoch, parts.epochs, parts.batchSize)
        // An epoch's length follows from the last one that is over.
        if let last = ends.last, last.epoch > 0 {
            let before = ends.dropLast().last { $0.epoch == last.epoch - 1 }?.step
            let length = before.map { last.step - $0 } ?? last.step / last.epoch
            (stepInEpoch, stepsPerEpoch) = (parts.position.stepInEpoch, max(length, parts.position.stepInEpoch))
            (meanLoss, learningRate) = (last.meanLoss, last.learningRate)
            metrics = last.metrics.map { $0 }
        }
    }
}
