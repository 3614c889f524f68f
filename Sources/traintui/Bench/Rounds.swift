import Dispatch

/// A figure measured many times over: these machines are never quiet, so one time says little.
struct Rounds: Equatable {
    /// The figures, least first.
    let sorted: [Double]

    init(_ figures: [Double]) { sorted = figures.sorted() }

    /// The middle one.
    var median: Double { sorted.isEmpty ? .nan : sorted[sorted.count / 2] }

    /// Half the distance between the quartiles, as a share of the median: how much to believe it.
    var spread: Double {
        guard sorted.count >= 4, median != 0 else { return .nan }
        return (sorted[sorted.count * 3 / 4] - sorted[sorted.count / 4]) / 2 / median
    }

    /// Where the median of all such rounds lies with 95 % confidence, whatever their distribution: between two of the
    /// figures, as many places from the middle as the binomial distribution asks for.
    var medianInterval: (low: Double, high: Double) {
        guard let least = sorted.first, let greatest = sorted.last else { return (.nan, .nan) }
        let count = Double(sorted.count)
        let low = Int((count / 2 - 0.98 * count.squareRoot()).rounded(.down))
        return low >= 1 ? (sorted[low - 1], sorted[sorted.count - low]) : (least, greatest)
    }

    /// Calls `work` again and again, each round for about `seconds`, and notes how many units a second it did.
    ///
    /// - Parameter work: does about that many units and returns how many it did.
    static func perSecond(rounds: Int, seconds: Double, _ work: (Int) -> Int) -> Rounds {
        let units = units(filling: seconds) { _ = work($0) }
        return Rounds(
            (0..<rounds).map { _ in
                let start = now
                let done = work(units)
                return Double(done) / (now - start)
            })
    }

    /// How many units take about `seconds`: found by doubling, which warms up as well.
    static func units(filling seconds: Double, _ work: (Int) -> Void) -> Int {
        var units = 1
        while true {
            let start = now
            work(units)
            if now - start > seconds / 2 || units > 1 << 40 { return units }
            units *= 2
        }
    }

    /// Seconds since some moment.
    static var now: Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
}
