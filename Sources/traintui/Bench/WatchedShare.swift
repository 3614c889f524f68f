import Canvas
import Dashboard
import Dispatch
import Foundation
import Synchronization
import TrainCore
import TrainEngine
import TrainProtocol

/// What watching costs: steps a second through the engine with the dashboard drawing, over those of the trainer alone.
///
/// The two take turns of 0.2 s, alone, watched, watched, alone, so that a machine that grows slower or faster favours
/// neither; in shorter ones, how a run goes on after a pause would weigh too much. The screens are of all usual sizes, one a
/// round. After some such rounds both begin anew, so that where their memory happens to lie favours neither.
struct WatchedShare: Encodable {
    /// By the clock. On a machine with other work the drawing thread may take time from the training one.
    let byClock: PairedShare
    /// By the training thread's own processor time: what watching costs it whatever else the machine does.
    let byProcessor: PairedShare
    let rounds: Int

    private static let turn = 0.2
    /// Rounds from one beginning to the next.
    private static let roundsEach = 5
    private static let sizes = [
        Size(width: 80, height: 24), Size(width: 120, height: 36), Size(width: 200, height: 55),
    ]

    /// The screens' sizes, for people.
    static var screens: String { sizes.map { "\($0.width)x\($0.height)" }.joined(separator: ", ") }

    init(_ bench: BenchCase, rounds: Int) throws(TrainingError) {
        var (clock, processor): ([Double], [Double]) = ([], [])
        while clock.count < rounds {
            let alone = try Alone(bench)
            var watched = try Watched(bench)
            for _ in 0..<min(Self.roundsEach, rounds - clock.count) {
                watched.size = Self.sizes[clock.count % Self.sizes.count]
                let first = alone.take(Self.turn)
                let second = watched.take(Self.turn)
                let third = watched.take(Self.turn)
                let fourth = alone.take(Self.turn)
                clock.append(
                    (second.perSecond + third.perSecond) / (first.perSecond + fourth.perSecond))
                processor.append(
                    (second.perProcessorSecond + third.perProcessorSecond)
                        / (first.perProcessorSecond + fourth.perProcessorSecond))
            }
            watched.stop()
        }
        byClock = PairedShare(clock)
        byProcessor = PairedShare(processor)
        self.rounds = rounds
    }

    /// The trainer by itself, as a run without a dashboard uses it, on a queue as the engine has one: speed depends by
    /// some per cent on where a thread's stack begins within a page, which for the main thread is left to chance.
    private final class Alone: Sendable {
        // `nonisolated(unsafe)`: made before the queue's first block, and touched by its blocks alone.
        private nonisolated(unsafe) let trainer: Trainer
        private nonisolated(unsafe) let steps: StepBuffer
        private let queue = DispatchQueue(label: "traintui.bench")

        init(_ bench: BenchCase) throws(TrainingError) {
            trainer = try Trainer(bench.job, training: bench.data)
            steps = StepBuffer(capacity: 1024, for: trainer)
            _ = take(turn)
        }

        func take(_ seconds: Double) -> RunTurn {
            let done = DispatchSemaphore(value: 0)
            let total = Mutex(0)
            let first = RunMark(steps: 0)
            queue.async { [self] in
                var count = 0
                while Rounds.now - first.time < seconds {
                    steps.removeAll()
                    let (taken, divergence) = trainer.run(atMost: steps.capacity, into: steps)
                    // Made-up rows do not diverge; if they do, the same step again costs the same.
                    count += divergence == nil ? taken : 1
                }
                total.withLock { $0 = count }
                done.signal()
            }
            done.wait()
            return RunTurn(from: first, to: RunMark(steps: total.withLock { $0 }))
        }
    }

    /// The engine, and a dashboard that takes its news and draws them as often as the live one, all but the terminal's part.
    private struct Watched {
        let engine: LocalEngine
        var state: DashboardState
        var size = WatchedShare.sizes[0]
        var pace = FramePace()
        var requests = 0
        /// What was drawn last, kept so that it must be drawn.
        var frame: Frame?

        init(_ bench: BenchCase) throws(TrainingError) {
            engine = try LocalEngine(bench.job, training: bench.data, validation: nil)
            state = DashboardState(run: engine.run, themes: [], theme: "")
            _ = take(turn)
        }

        mutating func take(_ seconds: Double) -> RunTurn {
            send(.resume)
            // The first look only starts the clock: it finds the engine running.
            _ = look(after: 0.002)
            let first = look(after: 0.001)
            var last = first
            while last.time - first.time < seconds {
                last = look(after: min(pace.interval, seconds - (last.time - first.time)))
            }
            send(.pause)
            return RunTurn(from: first, to: last)
        }

        func stop() {
            engine.send(.stop, id: RequestID(0))
            _ = engine.weightsAfterStop()
        }

        private mutating func send(_ command: Command) {
            requests += 1
            engine.send(command, id: RequestID(requests))
        }

        private mutating func look(after seconds: Double) -> RunMark {
            _ = DispatchSemaphore(value: 0).wait(timeout: .now() + max(seconds, 0.0005))
            let began = Rounds.now
            let bulletin = engine.drain()
            let mark = RunMark(steps: bulletin.progress.step)
            _ = update(&state, .tick(mark.time))
            _ = update(&state, .update(bulletin))
            frame = render(state, size: size, glyphs: .braille)
            pace.drew(in: Rounds.now - began)
            return mark
        }
    }
}
