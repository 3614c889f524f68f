import CAllocations
import Dispatch
import TrainCore
import TrainEngine

/// What was measured of a case.
struct BenchResult: Encodable {
    let name: String
    /// Steps a second of the trainer alone: the median of many rounds.
    let stepsPerSecond: Double
    /// Half the distance between the quartiles over the median.
    let spread: Double
    let nanosecondsPerStep: Double
    /// 1e9 operations of the matrix products a second.
    let gigaflops: Double
    /// The same over the machine's ceiling, measured in this run.
    let shareOfCeiling: Double
    /// Bytes taken from the heap while stepping; nil where that cannot be known.
    let bytesAllocated: Int?
    /// Where a step's time goes.
    let breakdown: Breakdown
    /// Steps a second through the engine, watched at 30 frames a second, over those without; nil where not measured.
    let watchedShare: Double?

    init(_ bench: BenchCase, ceiling: Ceiling, rounds: Int, watched: Bool) throws(TrainingError) {
        let trainer = try Trainer(bench.job, training: bench.data)
        let outcomes = UnsafeMutableBufferPointer<StepOutcome>.allocate(capacity: 1024)
        defer { outcomes.deallocate() }
        func steps(_ count: Int) -> Int {
            var taken = 0
            while taken < count {
                let (steps, divergence) = trainer.run(atMost: min(1024, count - taken), into: outcomes)
                // Made-up rows do not diverge; if they do, the same step again costs the same.
                taken += divergence == nil ? steps : 1
            }
            return taken
        }
        let figures = Rounds.perSecond(rounds: rounds, seconds: 0.04, steps)
        allocations_start()
        _ = steps(1000)
        let bytes = allocations_stop()

        name = bench.name
        stepsPerSecond = figures.median
        spread = figures.spread
        nanosecondsPerStep = 1e9 / figures.median
        gigaflops = bench.operationsPerStep * figures.median / 1e9
        shareOfCeiling = gigaflops / ceiling.gigaflops
        bytesAllocated = bytes < 0 ? nil : Int(bytes)
        breakdown = Breakdown(trainer, rounds: rounds, step: steps)
        watchedShare = watched ? try Self.watchedShare(bench, steps) : nil
    }

    /// The trainer alone and the watched engine in turn, so that both see the same machine; the median of the ratios.
    private static func watchedShare(_ bench: BenchCase, _ steps: (Int) -> Int) throws(TrainingError) -> Double {
        let engine = try TrainerEngine(bench.job, training: bench.data, validation: nil)
        var id = 0
        func send(_ command: Command) {
            id += 1
            engine.send(command, id: RequestID(id))
        }
        send(.pause)
        var ratios: [Double] = []
        for _ in 0..<9 {
            let alone = Rounds.perSecond(rounds: 3, seconds: 0.06, steps).median
            _ = engine.drain()
            send(.resume)
            // One look a frame, as the dashboard takes; the first one only starts the clock.
            var marks: [(time: Double, step: Int)] = []
            for _ in 0...8 {
                DispatchSemaphore(value: 0).waitUntil(.now() + .milliseconds(33))
                marks.append((Rounds.now, engine.drain().progress.step))
            }
            send(.pause)
            if let first = marks.first, let last = marks.last {
                ratios.append(Double(last.step - first.step) / (last.time - first.time) / alone)
            }
        }
        send(.stop)
        _ = engine.weightsAfterStop()
        return Rounds(ratios).median
    }
}

extension DispatchSemaphore {
    fileprivate func waitUntil(_ deadline: DispatchTime) { _ = wait(timeout: deadline) }
}
