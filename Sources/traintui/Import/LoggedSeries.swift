/// The values of one logged number, by the steps or epochs that its writer counted.
struct LoggedSeries {
    private(set) var points: [(step: Int, value: Double)] = []

    /// Sees the next one. Where a writer began again at an earlier step, what it had written from there on is left out, as
    /// TensorBoard does. A step that is none, or beyond 2^53, is passed over.
    mutating func append(_ value: Double, at step: Int) {
        guard (0...1 << 53).contains(step) else { return }
        while let last = points.last, last.step >= step { points.removeLast() }
        points.append((step, value))
    }
}
