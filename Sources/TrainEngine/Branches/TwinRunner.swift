import Dispatch
import Synchronization
import TrainCore
import TrainProtocol

/// A twin on a queue of its own: it takes the steps that the run has taken, without one of its edits.
final class TwinRunner: Sendable {
    let twin: Twin

    /// How far the run has come, and what the twin is to know of it.
    private struct Orders {
        var target: Int
        var edits: [Edit] = []
        var isOver = false
    }
    private let orders: Mutex<Orders>
    private let wakeUp = DispatchSemaphore(value: 0)
    /// Whether the twin has come to the target and waits; saves a call to the system for each burst of the run.
    private let isWaiting = Atomic<Bool>(false)
    private let outbox: Outbox

    /// - Parameters:
    ///   - branchTrainer: the twin at its start; nobody else may use it any more.
    ///   - target: the step that the run has taken.
    init(_ twin: Twin, branchTrainer: sending BranchTrainer, target: Int, validation: Dataset?, outbox: Outbox) {
        self.twin = twin
        self.outbox = outbox
        orders = Mutex(Orders(target: target))
        // Nobody but the closure touches it from here on.
        nonisolated(unsafe) let branchTrainer = branchTrainer
        DispatchQueue(label: "traintui.twin", qos: .utility).async { [self] in work(branchTrainer, validation) }
    }

    /// The run has taken that step.
    func follow(to step: Int) {
        orders.withLock { $0.target = step }
        wake()
    }

    /// The run has made another edit.
    func append(_ edit: Edit) { orders.withLock { $0.edits.append(edit) } }

    /// No step more.
    func stop() {
        orders.withLock { $0.isOver = true }
        outbox.publish { $0.forget(twin.branch) }
        wakeUp.signal()
    }

    private func wake() {
        if isWaiting.exchange(false, ordering: .acquiringAndReleasing) { wakeUp.signal() }
    }

    private func work(_ branchTrainer: BranchTrainer, _ validation: Dataset?) {
        let trainer = branchTrainer.trainer
        let steps = StepBuffer(capacity: 1024, for: trainer)
        var divergence: Divergence?
        var stopwatch = Stopwatch()
        stopwatch.start(step: trainer.position.step)
        while true {
            let orders = orders.withLock { orders in
                defer { orders.edits = [] }
                return orders
            }
            if orders.isOver { return }
            for edit in orders.edits {
                // What only the missing edit brought cannot be edited here.
                do throws(TrainingError) { try branchTrainer.append(edit) } catch { continue }
            }
            let wanted = orders.target - trainer.position.step
            guard wanted > 0, divergence == nil else {
                isWaiting.store(true, ordering: .sequentiallyConsistent)
                // The run may have gone on between the look and the flag.
                if self.orders.withLock({ $0.target == orders.target && $0.edits.isEmpty && !$0.isOver }) {
                    wakeUp.wait()
                }
                isWaiting.store(false, ordering: .sequentiallyConsistent)
                continue
            }
            steps.removeAll()
            let (taken, problem) = branchTrainer.run(atMost: wanted, into: steps)
            divergence = problem
            stopwatch.tick(step: trainer.position.step)
            var events: [Event] = []
            if taken > 0, trainer.isEpochComplete, let validation, problem == nil {
                events.append(.evaluated(Evaluation(of: trainer, on: twin.branch, with: validation)))
            }
            let progress = BranchProgress(
                branch: twin.branch, step: trainer.position.step, meanLoss: trainer.meanLoss,
                stepsPerSecond: stopwatch.stepsPerSecond, divergence: problem?.description)
            outbox.publish { news in
                news.add(steps, of: twin.branch, lastStep: trainer.position.step)
                news.add(events, other: progress)
            }
        }
    }
}
