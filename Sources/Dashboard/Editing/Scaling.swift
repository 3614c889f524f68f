import TrainEngine

extension Double {
    /// Rounded to so many significant digits, the nearest Double to that decimal: 0.01 x 1.1 is 0.011.
    ///
    /// Products of tidy values stay readable: 0.011, 0.0121, 0.01331, 0.01464.
    func tidied(digits: Int = 4) -> Double {
        guard isFinite, self != 0 else { return self }
        // A first guess of the power of ten from the binary exponent is right or one too small.
        var power = Int((Double(magnitude.exponent) * 0.301029995663981).rounded(.down)) - digits + 1
        guard let unit = Double("1e\(power)"), unit > 0 else { return self }
        var scaled = (magnitude / unit).rounded()
        if scaled >= Double("1e\(digits)")! {  // a constant of two to five characters, always a number
            power += 1
            scaled = (magnitude / unit / 10).rounded()
        }
        guard scaled.isFinite, scaled < 1e15, let tidy = Double("\(Int(scaled))e\(power)") else { return self }
        return self < 0 ? -tidy : tidy
    }
}

extension Knob {
    /// The target times a factor as a key means it: tidy; at least 1 further where it counts something; the other
    /// way round where it is a flag.
    func scaled(by factor: Double) -> Double {
        if isFlag { return target == 0 ? 1 : 0 }
        let product = (target * factor).tidied()
        guard isWhole, product.isFinite else { return product }
        let rounded = product.rounded()
        if rounded != target { return rounded }
        return factor > 1 ? target + 1 : target - 1
    }

    /// Why the engine need not be asked for a value, as a sentence; nil where it may be.
    func objection(to value: Double) -> String? {
        description.objection(to: value).map { "\(title) \($0)" }
    }
}

/// The paces that `<` and `>` go through, in steps a second: 1, 2, 5, 10, ... 1,000,000, then as fast as it goes.
enum PaceLadder {
    /// No limit.
    static let unlimited = 0.0
    /// Rising.
    static let rungs: [Double] = [
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000,
        1_000_000,
    ]

    /// The next faster pace.
    static func faster(than pace: Double) -> Double {
        pace == unlimited ? unlimited : rungs.first { $0 > pace } ?? unlimited
    }

    /// The next slower pace; from no limit, the rung below what was observed.
    static func slower(than pace: Double, observed: Double?) -> Double {
        let present = pace == unlimited ? observed ?? rungs[rungs.count - 1] : pace
        return rungs.last { $0 < present } ?? rungs[0]
    }
}
