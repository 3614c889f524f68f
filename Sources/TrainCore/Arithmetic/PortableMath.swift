/// log, exp, cosine and the normal quantile in double, from additions, products and square roots alone, so that every
/// machine gets the same bits. Accurate to about 1e-15; used where speed does not matter: initial weights, schedules.
enum PortableMath {
    private static let ln2 = 0.6931471805599453

    /// The natural logarithm of a positive finite number.
    static func log(_ x: Double) -> Double {
        precondition(x > 0 && x.isFinite)
        var exponent = Double(x.exponent)
        var significand = x.significand
        if significand > 1.4142135623730951 {
            significand /= 2
            exponent += 1
        }
        // log s = 2 artanh((s - 1) / (s + 1)), whose argument is at most 0.172 here: 21 powers reach 1e-17.
        let t = (significand - 1) / (significand + 1)
        var sum = 0.0
        for power in stride(from: 21, through: 1, by: -2) { sum = sum * t * t + 1 / Double(power) }
        return exponent * ln2 + 2 * t * sum
    }

    /// e to the power of x; 0 or infinity where that leaves the range of doubles.
    static func exp(_ x: Double) -> Double {
        let n = (x / ln2).rounded()
        let r = x - n * ln2
        // |r| <= 0.35: 17 terms of the series reach 1e-19.
        var sum = 1.0
        for k in stride(from: 17, through: 1, by: -1) { sum = 1 + sum * r / Double(k) }
        return power(of: x, n, sum)
    }

    /// `significand * 2^n`, which is e to the power of x.
    private static func power(of x: Double, _ n: Double, _ significand: Double) -> Double {
        guard x > -745 else { return 0 }
        guard x < 710 else { return .infinity }
        // A factor that is a number by itself leaves the significand's bits as they are.
        guard abs(n) < 1000 else { return Double(sign: .plus, exponent: Int(n), significand: significand) }
        return significand * Double(bitPattern: UInt64(1023 + Int(n)) << 52)
    }

    /// A positive base to any power.
    static func pow(_ base: Double, _ exponent: Double) -> Double {
        base == 0 ? (exponent == 0 ? 1 : 0) : exp(exponent * log(base))
    }

    /// The cosine of x times pi, for x from 0 to 1.
    static func cosPi(_ x: Double) -> Double {
        // Folding at one half keeps the series' argument below pi / 2: 13 terms reach 1e-17.
        guard x <= 0.5 else { return -cosPi(1 - x) }
        let square = x * Double.pi * x * Double.pi
        var sum = 1.0
        for k in stride(from: 26, through: 2, by: -2) { sum = 1 - sum * square / Double(k * (k - 1)) }
        return sum
    }

    /// The number below which a standard normal variable lies with probability `p`, for p from 1e-9 to 1 - 1e-9.
    ///
    /// Algorithm AS 241 of Wichura (Applied Statistics 37, 1988), its central and middle regions.
    static func normalQuantile(_ p: Double) -> Double {
        let q = p - 0.5
        if abs(q) <= 0.425 {
            let r = 0.180625 - q * q
            return q * ratio(centralNumerator, centralDenominator, at: r)
        }
        let r = (-log(min(p, 1 - p))).squareRoot() - 1.6
        let z = ratio(middleNumerator, middleDenominator, at: r)
        return q < 0 ? -z : z
    }

    private static func ratio(_ numerator: [Double], _ denominator: [Double], at x: Double) -> Double {
        numerator.reduce(0) { $0 * x + $1 } / denominator.reduce(0) { $0 * x + $1 }
    }

    private static let centralNumerator = [
        2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
        13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.3871328727963666080,
    ]
    private static let centralDenominator = [
        5226.4952788528545610, 28729.085735721942674, 39307.895800092710610, 21213.794301586595867,
        5394.1960214247511077, 687.18700749205790830, 42.313330701600911252, 1,
    ]
    private static let middleNumerator = [
        7.7454501427834140764e-4, 2.27238449892691845833e-2, 0.241780725177450611770, 1.27045825245236838258,
        3.64784832476320460504, 5.76949722146069140550, 4.63033784615654529590, 1.42343711074968357734,
    ]
    private static let middleDenominator = [
        1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 0.148103976427480074590,
        0.689767334985100004550, 1.67638483018380384940, 2.05319162663775882187, 1,
    ]
}
