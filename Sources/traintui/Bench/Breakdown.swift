import TrainCore

/// Where a step's time goes: each of its phases run by itself, again and again, on a trainer that is warm.
struct Breakdown: Encodable {
    /// One phase.
    struct Part: Encodable {
        /// Its name, such as "layers.0.product".
        let phase: String
        let nanoseconds: Double
        /// The same over the nanoseconds of a step.
        let share: Double
    }

    /// The phases, in the order of a step.
    let parts: [Part]
    /// What a step takes beyond its phases. Below 0 where the processor runs the end of one beside the start of the
    /// next, which it cannot do when one phase is repeated.
    let remainderNanoseconds: Double

    /// Measures the phases, and a step beside them in every round, so that both see the same machine.
    init(_ trainer: Trainer, rounds: Int, step: @escaping (Int) -> Int) {
        let state = trainer.state
        let phases = trainer.phases
        var times = Array(repeating: [Double](), count: phases.count + 1)
        func time(_ work: (Int) -> Void, _ units: Int) -> Double {
            let start = Rounds.now
            work(units)
            return (Rounds.now - start) / Double(units) * 1e9
        }
        let work: [(Int) -> Void] =
            phases.map { phase in { trainer.run(phase, times: $0) } } + [{ _ = step($0) }]
        let units = work.map { work in
            Rounds.units(filling: 0.002) { work($0) }
        }
        for _ in 0..<rounds {
            for index in work.indices {
                // What a phase left behind when it was repeated must not become another one's input.
                trainer.state = state
                _ = step(1)
                times[index].append(time(work[index], units[index]))
            }
        }
        trainer.state = state
        let medians = times.map { Rounds($0).median }
        let whole = medians[phases.count]
        parts = zip(phases, medians).map { Part(phase: $0.description, nanoseconds: $1, share: $1 / whole) }
        remainderNanoseconds = whole - medians.dropLast().reduce(0, +)
    }
}
