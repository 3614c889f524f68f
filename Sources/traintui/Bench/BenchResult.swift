import TrainCore

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
    /// The same over the ceiling of one core, and of all of them, measured in this run.
    let shareOfCeiling: Double
    let shareOfAll: Double
    /// Where a step's time goes.
    let breakdown: Breakdown
    /// What watching costs; nil where not measured.
    let watched: WatchedShare?

    init(_ bench: BenchCase, ceiling: Ceiling, rounds: Int, watched: Bool) throws(TrainingError) {
        let trainer = try Trainer(bench.job, training: bench.data)
        let buffer = StepBuffer(capacity: 1024, for: trainer)
        func steps(_ count: Int) -> Int {
            var taken = 0
            while taken < count {
                buffer.removeAll()
                let (steps, divergence) = trainer.run(atMost: count - taken, into: buffer)
                // Made-up rows do not diverge; if they do, the same step again costs the same.
                taken += divergence == nil ? steps : 1
            }
            return taken
        }
        let figures = Rounds.perSecond(rounds: rounds, seconds: 0.04, steps)

        name = bench.name
        stepsPerSecond = figures.median
        spread = figures.spread
        nanosecondsPerStep = 1e9 / figures.median
        gigaflops = bench.operationsPerStep * figures.median / 1e9
        shareOfCeiling = gigaflops / ceiling.gigaflops
        shareOfAll = gigaflops / ceiling.gigaflopsOfAll
        breakdown = Breakdown(trainer, rounds: rounds, step: steps)
        self.watched = watched ? try WatchedShare(bench, rounds: rounds) : nil
    }
}
