import Testing
import TrainProtocol

@testable import Dashboard
@testable import RunModel

@Suite("DrawnSeries")
struct DrawnSeriesTests {
    private func samples(_ losses: [Float]) -> [Sample] {
        losses.enumerated().map { Sample(firstStep: $0 + 1, loss: Fold($1), metrics: MetricFolds()) }
    }

    @Test("Columns hold the least and the greatest of their steps")
    func columns() {
        let series = DrawnSeries(samples([1, 5, 2, 2]), .loss, window: 1...4, columns: 2, smoothing: 0)
        #expect(series.columns == [.init(low: 1, high: 5, average: 3), .init(low: 2, high: 2, average: 2)])
    }

    @Test("The average over steps is bias-corrected: 1, then (0.09 + 0.1 x 3) / 0.19, ...")
    func average() {
        let series = DrawnSeries(samples([1, 3]), .loss, window: 1...2, columns: 2, smoothing: 0.9)
        let averages = series.columns.map { $0?.average ?? 0 }
        #expect(abs(averages[0] - 1) < 1e-12)
        #expect(abs(averages[1] - 0.39 / 0.19) < 1e-12)
    }

    @Test("A stretch wider than a column fills all columns that it crosses; columns to come are empty")
    func wide() {
        var fold = Fold(2)
        fold.count = 50
        fold.sum = 100
        let stretch = Sample(firstStep: 1, loss: fold, metrics: MetricFolds())
        let series = DrawnSeries([stretch], .loss, window: 1...100, columns: 10, smoothing: 0.9)
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
        #expect(steep.typicalRange == 1...2.25)
        let even = DrawnSeries(samples([3, 4]), .loss, window: 1...2, columns: 2, smoothing: 0)
        #expect(even.typicalRange == 3...4)
        #expect(DrawnSeries([], .loss, window: 1...2, columns: 2, smoothing: 0).typicalRange == nil)
        #expect(DrawnSeries(samples([1]), .loss, window: 1...2, columns: 0, smoothing: 0).columns.isEmpty)
    }
}
