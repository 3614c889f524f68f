import Testing
import TrainProtocol

@testable import Dashboard
@testable import RunModel

@Suite("DrawnSeries")
struct DrawnSeriesTests {
    private func samples(_ losses: [Float]) -> Slice<SampleRing> {
        SampleRing(losses.enumerated().map { Sample(firstStep: $0 + 1, loss: Fold($1), metrics: MetricFolds()) })[...]
    }

    @Test("Columns hold the least and the greatest of their steps")
    func columns() {
        let series = DrawnSeries(samples([1, 5, 2, 2]), .loss, window: 1...4, columns: 2, smoothing: 0)
        #expect(series.columns.map { $0?.low } == [1, 2])
        #expect(series.columns.map { $0?.high } == [5, 2])
        #expect(series.columns.map { $0?.average } == [3, 2])
    }

    @Test("The middle of a column's steps is between the quantiles that numpy.quantile gives")
    func middle() throws {
        let losses: [Float] = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3]
        let column = try #require(
            DrawnSeries(samples(losses), .loss, window: 1...10, columns: 1, smoothing: 0).columns[0])
        #expect(abs(column.middle.lowerBound - 1) < 1e-12)
        #expect(abs(column.middle.upperBound - 6.3) < 1e-12)
    }

    @Test("Of steps that came folded the middle is estimated, and lies inside of their extremes")
    func foldedMiddle() throws {
        var random = SystemRandomNumberGenerator()
        // Twelve uniform numbers less six are near enough to a normal distribution of deviation 1.
        let values = (0..<4096).map { _ in
            (0..<12).reduce(Float(-6)) { sum, _ in sum + Float.random(in: 0..<1, using: &random) }
        }
        var fold = Fold()
        for value in values { fold.add(value) }
        let sample = Sample(firstStep: 1, lastStep: 4096, loss: fold, metrics: MetricFolds())
        let column = try #require(
            DrawnSeries(SampleRing([sample])[...], .loss, window: 1...4096, columns: 1, smoothing: 0).columns[0])
        let share = values.count { column.middle.contains(Double($0)) }
        #expect(abs(Double(share) / 4096 - 0.8) < 0.04)
        var flat = Fold(2)
        flat.merge(Fold(2))
        let still = DrawnSeries(
            SampleRing([Sample(firstStep: 1, lastStep: 2, loss: flat)])[...], .loss, window: 1...2, columns: 1,
            smoothing: 0)
        #expect(still.columns[0]?.middle == 2...2)
    }

    @Test("The average over steps is bias-corrected: 1, then (0.09 + 0.1 x 3) / 0.19, ...")
    func average() {
        let series = DrawnSeries(samples([1, 3]), .loss, window: 1...2, columns: 2, smoothing: 0.9)
        let averages = series.columns.map { $0?.average ?? 0 }
        #expect(abs(averages[0] - 1) < 1e-12)
        #expect(abs(averages[1] - 0.39 / 0.19) < 1e-12)
    }

    @Test("The average alone is that of the columns, and goes on from the samples before those drawn")
    func averageAlone() {
        let all = samples((0..<500).map { Float($0 % 17) / 3 })
        let series = DrawnSeries(all, .loss, window: 101...500, columns: 37, smoothing: 0.9)
        let averages = DrawnSeries.averages(
            all[300...], after: all[..<300], .loss, window: 101...500, columns: 37, smoothing: 0.9)
        #expect(averages == series.columns.map { $0?.average })
        #expect(
            DrawnSeries.averages(all, after: all[..<0], .metric(0), window: 1...500, columns: 3, smoothing: 0)
                == [nil, nil, nil])
    }

    @Test("A stretch wider than a column fills all columns that it crosses; columns to come are empty")
    func wide() {
        var fold = Fold(2)
        fold.count = 50
        fold.sum = 100
        let stretch = Sample(firstStep: 1, loss: fold, metrics: MetricFolds())
        let series = DrawnSeries(SampleRing([stretch])[...], .loss, window: 1...100, columns: 10, smoothing: 0.9)
        #expect(
            series.columns.map { $0 != nil } == Array(repeating: true, count: 5) + Array(repeating: false, count: 5))
    }

    @Test("Losses that are not finite leave a gap")
    func notFinite() {
        let series = DrawnSeries(samples([1, .nan, .infinity, 4]), .loss, window: 1...4, columns: 4, smoothing: 0.9)
        #expect(series.columns.map { $0 != nil } == [true, false, false, true])
    }

    @Test("The typical range leaves out a start that would flatten the rest, and nothing where nothing stands out")
    func typical() {
        let start = (0..<5).map { _ in Float(1000) }
        let rest = (0..<95).map { Float($0 % 2) + 1 }
        let steep = DrawnSeries(samples(start + rest), .loss, window: 1...100, columns: 100, smoothing: 0)
        #expect(steep.typicalRange == 1...2)
        let even = DrawnSeries(samples([3, 4]), .loss, window: 1...2, columns: 2, smoothing: 0)
        #expect(even.typicalRange == 3...4)
        // The curve falls by 0.1 among steps that lie ten times as far apart: it has a third of the height.
        let noisy = (0..<1000).map { step -> Float in
            let noise: Float = step.isMultiple(of: 2) ? 0.5 : -0.5
            return 1.1 - 0.0001 * Float(step) + noise
        }
        let falling = DrawnSeries(samples(noisy), .loss, window: 1...1000, columns: 100, smoothing: 0)
        let range = falling.typicalRange ?? 0...0
        #expect(abs(range.lowerBound - 0.9) < 0.02)
        #expect(abs(range.upperBound - 1.2) < 0.03)
        #expect(DrawnSeries(samples([]), .loss, window: 1...2, columns: 2, smoothing: 0).typicalRange == nil)
        #expect(DrawnSeries(samples([1]), .loss, window: 1...2, columns: 0, smoothing: 0).columns.isEmpty)
    }
}
