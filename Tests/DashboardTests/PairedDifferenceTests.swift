import Testing
import TrainProtocol

@testable import RunModel

/// The figures are numpy's: `v.var(ddof=1) / len(v)` at each level of averages in pairs, and the band's formula.
@Suite("Paired differences")
struct PairedDifferenceTests {
    /// A loss with the luck of its batch, and one that is 3/128 less with a difference that goes together over 40 steps.
    private static func losses(at step: Int) -> (control: Float, treated: Float) {
        let control = 1.5 + Float(step * 7919 % 101) / 128
        return (control, control - 3 / 128 + Float(step / 40 * 37 % 11 - 5) / 256)
    }

    /// Samples of so many steps each, folded at multiples of it.
    private static func samples(
        through last: Int = 1000, of width: Int = 1, after fork: Int = 0, _ loss: (Int) -> Float
    ) -> Slice<SampleRing> {
        var samples: [Sample] = []
        for step in fork + 1...last {
            if let open = samples.last, (open.firstStep - 1) / width == (step - 1) / width {
                samples[samples.count - 1].merge(Sample(firstStep: step, loss: Fold(loss(step))))
            } else {
                samples.append(Sample(firstStep: step, loss: Fold(loss(step))))
            }
        }
        return SampleRing(samples)[...]
    }

    private static func difference(widths: (Int, Int) = (1, 1), after fork: Int = 0) -> PairedDifference? {
        PairedDifference(
            of: samples(of: widths.0) { losses(at: $0).treated },
            from: samples(of: widths.1) { losses(at: $0).control },
            after: fork)
    }

    private func isClose(_ left: Double?, _ right: Double) -> Bool {
        left.map { abs($0 - right) <= 1e-9 * abs(right) } ?? false
    }

    @Test("The mean, the variance of the mean and the band are numpy's")
    func numpy() throws {
        let difference = try #require(Self.difference())
        #expect(difference.pieces.count == 500 && difference.width == 2 && difference.start == 0)
        let estimate = try #require(difference.estimate())
        #expect(isClose(estimate.mean, -0.023190734206989246))
        #expect(isClose(PairedDifference.varianceOfMean(difference.pieces), 3.3781040967689216e-06))
        #expect(isClose(estimate.halfWidth, 0.00813281250025078))
        #expect(isClose(difference.estimate(amongst: 7)?.halfWidth, 0.009231182798798287))
        #expect(isClose(estimate.scale, 1.8907615087365592) && estimate.steps == 1000)
        #expect(difference.verdict() == .less)
        let odd = (0..<45).map { Double($0 * $0 * 13 % 29) / 4 }
        #expect(isClose(PairedDifference.varianceOfMean(odd), 0.15189639905549))
    }

    @Test(
        "However coarse the samples came, the pieces have the same steps of both", arguments: [(1, 8), (16, 2), (8, 8)])
    func folded(mine: Int, theirs: Int) throws {
        let fine = try #require(Self.difference())
        let coarse = try #require(Self.difference(widths: (mine, theirs)))
        #expect(coarse.width == max(mine, theirs))
        for (index, piece) in coarse.pieces.enumerated() {
            let parts = coarse.width / fine.width
            let mean = fine.pieces[index * parts..<(index + 1) * parts].reduce(0, +) / Double(parts)
            #expect(abs(piece - mean) < 1e-12)
        }
    }

    @Test("What lies across the fork is left out")
    func fork() throws {
        let difference = try #require(Self.difference(widths: (16, 16), after: 100))
        #expect(difference.start == 112 && difference.pieces.count == 55)
        #expect(Self.difference(after: 1000) == nil)
        // Samples of 977 to 992 and of what came since.
        #expect(Self.difference(widths: (16, 1), after: 978)?.start == 992)
    }

    @Test("Too few steps, what does not matter, and what cannot be told yet have their words")
    func verdicts() {
        func verdict(_ difference: Float, _ noise: Float = 0, steps: Int = 400) -> PairedDifference.Verdict? {
            let luck: (Int) -> Float = { Float($0 * 31 % 17) / 16 - 0.5 }
            return PairedDifference(
                of: Self.samples(through: steps) { 2 + difference + noise * luck($0) },
                from: Self.samples(through: steps) { _ in 2 }, after: 0)?.verdict()
        }
        #expect(verdict(-0.1, steps: 127) == .tooEarly)
        #expect(verdict(-0.1) == .less && verdict(0.1) == .more)
        #expect(verdict(-0.0015) == .same && verdict(0.0015) == .same)
        #expect(verdict(0.01, 1) == .open)
    }

    @Test("What ran away is compared as far as it went; numbers that no run has trap nothing")
    func hostile() throws {
        let nan = Self.samples { $0 < 600 ? Self.losses(at: $0).treated : .nan }
        let other = Self.samples { Self.losses(at: $0).control }
        #expect(try #require(PairedDifference(of: nan, from: other, after: 0)).pieces.count == 299)
        let none = SampleRing([])[...]
        #expect(PairedDifference(of: none, from: other, after: 0) == nil)
        let far = SampleRing([Sample(firstStep: .max - 2, lastStep: .max, loss: Fold(1))])[...]
        #expect(PairedDifference(of: far, from: far, after: 0) == nil)
        let wide = SampleRing([Sample(firstStep: 1, lastStep: 1 << 52, loss: Fold(1))])[...]
        #expect(PairedDifference(of: wide, from: wide, after: 0)?.estimate() == nil)
        for fork in [-1, Int.max, Int.min] { #expect(PairedDifference(of: other, from: other, after: fork) == nil) }
        #expect(History(metrics: []).difference(of: nil, from: BranchID(7), after: .max) == nil)
    }

    @Test("Of a penalty, which is part of the loss, the metric is the judge")
    func penalties() {
        var run = RunModel(FakeRun.description)
        #expect(run.measure(of: ["learning_rate"]) == nil && run.measure(of: ["batch_size", "layers.0.l2"]) == 0)
        run = RunModel(RunDescription(title: "", metrics: [], validation: .none(reason: "")))
        #expect(run.measure(of: ["layers.0.l2"]) == nil)
    }

    @Test("A validation that says the opposite leaves the training alone; more of a score is better")
    func calls() {
        func call(
            _ verdict: PairedDifference.Verdict, validation: Double?, matters: Bool = true, rises: Bool = false
        ) -> Comparison.Call {
            Comparison(
                verdict: verdict, validation: validation, doesValidationMatter: matters, risesWhenBetter: rises
            ).call
        }
        #expect(call(.less, validation: nil) == .helps && call(.less, validation: -1) == .helps)
        #expect(call(.more, validation: 1) == .hurts && call(.more, validation: -1) == .hurtsOnlyTraining)
        #expect(
            call(.less, validation: 1) == .helpsOnlyTraining && call(.less, validation: 1, matters: false) == .helps)
        #expect(
            call(.more, validation: 1, rises: true) == .helps && call(.less, validation: nil, rises: true) == .hurts)
        #expect(call(.open, validation: -1) == .open && call(.tooEarly, validation: -1) == .tooEarly)
    }
}
