import CKernels
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

    /// The powers, all in one call.
    private func powers(_ x: [Double]) -> [Double] {
        var powers = x
        kernels.exp_doubles(x, &powers, x.count)
        return powers
    }

    private func values(of way: Interpolation, at fractions: [Double]) -> [Double] {
        var values = fractions
        values.withUnsafeMutableBufferPointer { way.fill($0) { fractions[$0] } }
        return values
    }

    @Test("a power has the series' bits, alone or among others")
    func exp() {
        var noise = Noise(seed: 1)
        for scale in [1e-300, 1e-9, 0.4, 3, 60, 600] {
            for round in 0..<400 {
                let x = (0...round % 70).map { _ in noise.next() * scale }
                let together = powers(x)
                for (power, x) in zip(together, x) {
                    #expect(PortableMath.exp(x).bitPattern == self.power(x).bitPattern)
                    #expect(power.bitPattern == self.power(x).bitPattern)
                }
            }
        }
        // Exactly between two powers of 2, where rounding goes away from 0.
        let ln2 = 0.6931471805599453
        let halves = [0.5, 1.5, 2.5, 3.5, -0.5, -1.5, -2.5, -3.5].map { $0 * ln2 }
        #expect(halves.contains { abs($0 / ln2).truncatingRemainder(dividingBy: 1) == 0.5 })
        for (power, x) in zip(powers(halves), halves) { #expect(power.bitPattern == self.power(x).bitPattern) }
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
            let fractions = (0..<9).map { _ in noise.next() * 0.53 + 0.53 }
            for (fraction, together) in zip(fractions, values(of: way, at: fractions)) {
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
                #expect(together.bitPattern == expected.bitPattern)
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
            #expect(values(of: way, at: [0.5, 0.5]) == [middle, middle])
            #expect(way.value(at: 1) == end)
        }
    }
}
