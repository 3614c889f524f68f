/// The values of one logged number, by the steps or epochs that its writer counted.
struct LoggedSeries {
    private(set) var points: [(step: Int, value: Double)] = []

    /// Sees the next one. Where a writer began again at an earlier step, what it had written from there on is left out, as
    /// TensorBoard does.
    mutating func append(_ value: Double, at step: Int) {
        while let last = points.last, last.step >= step { points.removeLast() }
        points.append((step, value))
    }
}
