import Testing

@testable import TrainCore

struct InterpolationTests {
    /// The series as it reads on paper, number by number: its bits are those that journals were written with.
    private func power(_ x: Double) -> Double {
        guard x > -745 else { return 0 }
        guard x < 710 else { return .infinity }
        let ln2 = 0.6931471805599453
        let n = (x / ln2).rounded()
        let r = x - n * ln2
        var sum = 1.0
        for k in stride(from: 17, through: 1, by: -1) { sum = 1 + sum * r / Double(k) }
        return Double(sign: .plus, exponent: Int(n), significand: sum)
    }

    @Test("a power has the series' bits, alone or among eight")
    func exp() {
        var noise = Noise(seed: 1)
        for scale in [1e-300, 1e-9, 0.4, 3, 60, 600] {
            for _ in 0..<2000 {
                let x = SIMD8<Double>((0..<8).map { _ in noise.next() * scale })
                let together = PortableMath.exp(x)
                for lane in x.indices {
                    #expect(PortableMath.exp(x[lane]).bitPattern == power(x[lane]).bitPattern)
                    #expect(together[lane].bitPattern == power(x[lane]).bitPattern)
                }
            }
        }
        // Exactly between two powers of 2, where rounding goes away from 0.
        let ln2 = 0.6931471805599453
        let halves = SIMD8<Double>([0.5, 1.5, 2.5, 3.5, -0.5, -1.5, -2.5, -3.5]) * ln2
        let together = PortableMath.exp(halves)
        #expect(halves.indices.contains { abs(halves[$0] / ln2).truncatingRemainder(dividingBy: 1) == 0.5 })
        for lane in halves.indices { #expect(together[lane].bitPattern == power(halves[lane]).bitPattern) }
        for x in [-1e300, -745, -744.9, -720, 690, 709.9, 710, 1e300, .infinity, -.infinity, 0, -0.0] {
            #expect(PortableMath.exp(x).bitPattern == power(x).bitPattern)
        }
    }

    @Test("equal parts of a way between positive numbers are equal factors; other ways are straight")
    func values() {
        var noise = Noise(seed: 2)
        for round in 0..<3000 {
            let start = round % 5 == 0 ? 0 : PortableMath.exp(noise.next() * [3, 30, 300][round % 3])
            let end = round % 7 == 0 ? 0 : PortableMath.exp(noise.next() * [3, 30, 300][round % 3])
            let way = Interpolation(from: start, to: end)
            let fractions = SIMD8<Double>((0..<8).map { _ in noise.next() * 0.53 + 0.53 })
            let together = way.values(at: fractions)
            for lane in fractions.indices {
                let fraction = fractions[lane]
                let expected =
                    if fraction >= 1 {
                        end
                    } else if start > 0, end > 0 {
                        start * power(fraction * PortableMath.log(end / start))
                    } else {
                        start + (end - start) * fraction
                    }
                let value = Interpolation.value(from: start, to: end, at: fraction)
                #expect(value.bitPattern == expected.bitPattern)
                #expect(together[lane].bitPattern == expected.bitPattern)
            }
        }
    }

    @Test("the ends may be as far apart as numbers can be")
    func extremes() {
        let least = Double.leastNonzeroMagnitude
        for (start, end) in [(least, 1e308), (1e308, least), (1e-200, 1e200)] {
            let way = Interpolation(from: start, to: end)
            let middle = way.value(at: 0.5)
            let expected = PortableMath.exp((PortableMath.log(start) + PortableMath.log(end)) / 2)
            #expect(abs(middle / expected - 1) < 1e-12)
            #expect(way.values(at: SIMD8(repeating: 0.5)) == SIMD8(repeating: middle))
            #expect(way.value(at: 1) == end)
        }
    }
}
