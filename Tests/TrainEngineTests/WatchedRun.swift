import Dispatch
import Testing
import TrainCore
import TrainEngine
import TrainProtocol

/// A run with everything it told, driven by waiting for news, never by time.
final class WatchedRun {
    let engine: LocalEngine
    private(set) var events: [Event]
    private(set) var samples: [Sample]
    private(set) var progress: Progress
    private let news: DispatchSemaphore
    private var requests = 0

    init(
        epochs: Int = 2, batchSize: Int = 10, optimizer: any Optimizer = .nadam(learningRate: 0.01),
        metrics: [any Metric] = [.meanAbsoluteError], earlyStopping: EarlyStopping? = nil, validation: Bool = true,
        configure: (inout LocalEngine.Options) -> Void = { _ in }
    ) throws {
        let news = DispatchSemaphore(value: 0)
        self.news = news
        var options = LocalEngine.Options()
        options.onNews = { news.signal() }
        configure(&options)
        var job = SmallRun.job(epochs: epochs, batchSize: batchSize, optimizer: optimizer, metrics: metrics)
        job.earlyStopping = earlyStopping
        engine = try LocalEngine(
            job, training: SmallRun.data,
            validation: validation ? SmallRun.data : nil, options: options)
        let bulletin = engine.drain()
        (events, samples, progress) = (bulletin.events, bulletin.samples, bulletin.progress)
    }

    deinit { engine.send(.stop, id: RequestID(0)) }

    func take() {
        let bulletin = engine.drain()
        events += bulletin.events
        samples += bulletin.samples
        progress = bulletin.progress
    }

    /// Takes news until some event is as wanted.
    func wait(for isWanted: (Event) -> Bool) throws { try waitUntil { run in run.events.contains(where: isWanted) } }

    /// Takes news until all is as wanted. The time limit only ends a test that has failed already.
    func waitUntil(_ isWanted: (WatchedRun) -> Bool) throws {
        take()
        while !isWanted(self) {
            try #require(news.wait(timeout: .now() + 20) == .success, "in vain; there were \(events)")
            take()
        }
    }

    /// The losses of a branch, step by step; a run of a test is drained too often for steps to be folded.
    func losses(of branch: BranchID) -> [Int: Float] {
        Dictionary(
            samples.filter { $0.branch == branch && $0.loss.count == 1 }.map { ($0.firstStep, $0.loss.min) },
            uniquingKeysWith: { $1 })
    }

    /// Sends and waits for the answer: the step it was applied at, or the reason why not.
    func ask(_ command: Command) throws -> Result<Int, Refusal> {
        requests += 1
        let id = RequestID(requests)
        engine.send(command, id: id)
        var answer: Result<Int, Refusal>?
        try wait { event in
            switch event {
            case .applied(id, let step): answer = .success(step)
            case .refused(id, let reason): answer = .failure(Refusal(reason: reason))
            default: return false
            }
            return true
        }
        return try #require(answer)
    }

    struct Refusal: Error, Equatable { let reason: String }

    /// Takes steps, as many as can be, and waits until the run waits.
    func go(_ steps: Int) throws {
        guard case .success = try ask(.step(steps)) else { return }
        try waitUntil { run in
            switch run.state {
            case .training?, .racing?, .replaying?, .evaluating?, .connecting?, .lost?, nil: false
            case .paused?, .done?, .diverged?, .stopped?: true
            }
        }
    }

    /// What it does now.
    var state: RunState? {
        events.lazy.reversed().compactMap { if case .state(let state) = $0 { state } else { nil } }.first
    }
}
