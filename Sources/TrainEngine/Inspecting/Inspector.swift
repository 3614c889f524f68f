import Dispatch
import Synchronization
import TrainCore
import TrainProtocol

/// Looks inside of a training, on a queue of its own, at copies of its states: the run does not notice.
///
///     training queue ──Order──> Inspector ──Findings──> Outbox
///                    <──onIdle──
final class Inspector: Sendable {
    /// What is to be looked at, and the way to where it is seen.
    struct Order: Sendable {
        let inspection: Inspection
        /// The way to where the run stands, with its edits.
        let lineage: Lineage
        /// A state on the way.
        let start: CheckpointStore.Checkpoint
        /// Where to go from there.
        let moment: Moment
        /// The last step that the run has taken.
        let lastStep: Int
        /// Whether the test rows may be looked at.
        let isTested: Bool

        /// What tells two looks apart that see different things.
        struct Mark: Equatable {
            let inspection: Inspection
            let branch: BranchID
            let moment: Moment
            let isTested: Bool
        }
    }

    private struct Work {
        var isBusy = false
        var isCancelled = false
        var nanoseconds: UInt64 = 0
    }
    private let work = Mutex(Work())
    private let queue = DispatchQueue(label: "traintui.inspection", qos: .utility)
    private let job: TrainingJob
    private let training: Dataset
    private let validation: Dataset?
    private let test: Dataset?
    private let meaning: DataMeaning
    private let tell: @Sendable (Findings) -> Void
    private let onIdle: @Sendable () -> Void
    /// `nonisolated(unsafe)`: nobody but `queue` touches it. It is made when it is first needed.
    private nonisolated(unsafe) var branch: BranchTrainer?

    /// - Parameters:
    ///   - tell: called on the inspector's queue with what was seen.
    ///   - onIdle: called there when it is ready for another order.
    init(
        _ job: TrainingJob, training: Dataset, validation: Dataset?, test: Dataset?, meaning: DataMeaning,
        tell: @escaping @Sendable (Findings) -> Void, onIdle: @escaping @Sendable () -> Void
    ) {
        self.job = job
        self.training = training
        self.validation = validation
        self.test = test
        self.meaning = meaning
        self.tell = tell
        self.onIdle = onIdle
    }

    /// Whether an order is being carried out.
    var isBusy: Bool { work.withLock { $0.isBusy } }

    /// The time that the last order took.
    var nanoseconds: UInt64 { work.withLock { $0.nanoseconds } }

    /// Leaves off; nothing is told of the order any more.
    func cancel() { work.withLock { $0.isCancelled = true } }

    /// Carries out an order. There must be none that is being carried out.
    func look(_ order: Order) {
        work.withLock { $0 = Work(isBusy: true) }
        queue.async { [self] in
            let start = DispatchTime.now().uptimeNanoseconds
            let findings = findings(order)
            let isCancelled = work.withLock { work in
                work.isBusy = false
                work.nanoseconds = DispatchTime.now().uptimeNanoseconds - start
                return work.isCancelled
            }
            if !isCancelled, let findings { tell(findings) }
            onIdle()
        }
    }

    private var goesOn: Bool { work.withLock { !$0.isCancelled } }

    /// What there is to see; nil where it left off.
    private func findings(_ order: Order) -> Findings? {
        do throws(TrainingError) {
            let branch = try ownBranch()
            guard go(branch, to: order.moment, order) else { return nil }
            guard let content = content(order, branch) else { return nil }
            return Findings(order.inspection, branch: order.lineage.branch, step: branch.moment.step, content)
        } catch {
            return Findings(
                order.inspection, branch: order.lineage.branch, step: order.moment.step,
                .nothing(reason: error.description))
        }
    }

    private func ownBranch() throws(TrainingError) -> BranchTrainer {
        if let branch { return branch }
        let new = BranchTrainer(try Trainer(job, training: training))
        branch = new
        return new
    }

    private func content(_ order: Order, _ branch: BranchTrainer) -> Findings.Content? {
        let trainer = branch.trainer
        switch order.inspection {
        case .batch(let steps):
            if let steps, steps.count > 1 {
                guard let step = worst(through: min(steps.upperBound, order.lastStep), branch) else { return nil }
                let moment = Moment(step: step - 1, edits: order.lineage.edits(before: step))
                guard go(branch, to: moment, order) else { return nil }
            }
            return .rows(rows([(.training, training, trainer.rowLossesOfNextStep())], trainer))
        case .worstRows:
            var parts: [(InspectedRows.Row.Use, Dataset, RowLosses)] = []
            let sets: [(InspectedRows.Row.Use, Dataset?)] = [
                (.training, training), (.validation, validation),
                (.test, order.isTested ? test : nil),
            ]
            for case (let use, let data?) in sets {
                guard let found = trainer.rowLosses(on: data, while: { goesOn }) else { return nil }
                parts.append((use, data, found))
            }
            return .rows(rows(parts, trainer))
        case .errors:
            let (use, data) = judged
            return .errors(
                InspectedErrors(
                    trainer.predict(data.x, rows: data.rows), data, use: use, shape: shape, meaning: meaning))
        case .layers:
            return .layers(InspectedLayers(trainer, data: judged.data))
        case .importance:
            let (use, data) = judged
            return InspectedImportance(trainer, on: data, use: use, shape: shape, meaning: meaning, while: { goesOn })
                .map { .importance($0) }
        }
    }

    // MARK: Going there

    /// Goes to a moment; false where it left off, or the way ends before.
    private func go(_ branch: BranchTrainer, to moment: Moment, _ order: Order) -> Bool {
        branch.jump(to: order.start, edits: order.lineage.edits)
        while branch.moment.step + Self.stride < moment.step {
            let next = branch.moment.step + Self.stride
            guard goesOn, branch.advance(to: Moment(step: next, edits: 0)) == nil else { return false }
        }
        return branch.advance(to: moment) == nil
    }

    /// Steps between two looks at whether anybody still wants it.
    private static let stride = 256

    /// The step of the greatest loss from the next one through this one; nil where it left off.
    private func worst(through last: Int, _ branch: BranchTrainer) -> Int? {
        let buffer = StepBuffer(capacity: Self.stride, for: branch.trainer)
        var worst: (step: Int, loss: Float)?
        while branch.moment.step < last {
            guard goesOn else { return nil }
            buffer.removeAll()
            let first = branch.moment.step + 1
            let (taken, divergence) = branch.run(atMost: last - first + 1, into: buffer)
            for (index, outcome) in buffer.outcomes.enumerated() where outcome.loss > worst?.loss ?? -.infinity {
                worst = (first + index, outcome.loss)
            }
            if divergence != nil || taken == 0 { break }
        }
        return worst?.step
    }

    // MARK: Seeing

    private func rows(
        _ parts: [(use: InspectedRows.Row.Use, data: Dataset, found: RowLosses)], _ trainer: Trainer
    ) -> InspectedRows {
        InspectedRows(
            parts.map { InspectedRows.Part(use: $0.use, data: $0.data, found: $0.found) }, penalty: trainer.penalty,
            shape: shape, meaning: meaning)
    }

    /// The rows that a model is judged by.
    private var judged: (use: InspectedRows.Row.Use, data: Dataset) {
        validation.map { (.validation, $0) } ?? (.training, training)
    }

    private var shape: TrainingShape {
        TrainingShape(
            features: training.features, targets: training.targets, units: job.model.layers.last?.units ?? 0,
            areClasses: type(of: job.loss).targetsAreClasses)
    }
}
