import CKernels
import Foundation
import Testing

/// The errors that `functions.h` states, over every exponent of float32: 250 mantissas each, both signs.
struct FunctionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let kernel: @Sendable (ck_kernels, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
        /// nil where the function is not defined.
        let exact: @Sendable (Double) -> Double?
        /// In units in the last place of the result.
        let bound: Double
    }

    static let cases = [
        Case(testDescription: "exp", kernel: { $0.exp($1, $2, $3) }, exact: { Foundation.exp($0) }, bound: 1),
        Case(testDescription: "expm1", kernel: { $0.expm1($1, $2, $3) }, exact: { Foundation.expm1($0) }, bound: 1.5),
        Case(testDescription: "log", kernel: { $0.log($1, $2, $3) }, exact: { Foundation.log($0) }, bound: 0.8),
        Case(
            testDescription: "log1p", kernel: { $0.log1p($1, $2, $3) },
            exact: { $0 > -1 || $0.isNaN ? Foundation.log1p($0) : nil },
            bound: 1.5),
        Case(testDescription: "tanh", kernel: { $0.tanh($1, $2, $3) }, exact: { Foundation.tanh($0) }, bound: 2.5),
        Case(
            testDescription: "sigmoid", kernel: { $0.sigmoid($1, $2, $3) }, exact: { 1 / (1 + Foundation.exp(-$0)) },
            bound: 2.4),
        Case(testDescription: "erf", kernel: { $0.erf($1, $2, $3) }, exact: { Foundation.erf($0) }, bound: 2),
        Case(
            testDescription: "softplus", kernel: { $0.softplus($1, $2, $3) },
            exact: { max($0, 0) + Foundation.log1p(Foundation.exp(-abs($0))) }, bound: 2),
        Case(
            testDescription: "elu", kernel: { $0.elu($1, $2, $3, 1, 1) },
            exact: { $0 > 0 ? $0 : Foundation.expm1($0) }, bound: 1),
    ]

    /// Zeros, infinities, a NaN and everything between, denormals left out: they count as zero. A multiple of 16.
    static let inputs: [Float] = {
        var inputs: [Float] = [0, -0, .infinity, -.infinity, .nan, 1, -1, .leastNormalMagnitude]
        for exponent in UInt32(1)...254 {
            for step in UInt32(0)..<250 {
                let bits = exponent << 23 | (step &* 33_557 &+ exponent &* 7919) & 0x7f_ffff
                inputs += [Float(bitPattern: bits), Float(bitPattern: bits | 1 << 31)]
            }
        }
        return inputs + Array(repeating: 0.5, count: (16 - inputs.count % 16) % 16)
    }()

    @Test("every function keeps within its stated error, and all levels give the same bits", arguments: cases)
    func error(_ function: Case) throws {
        let results = Level.available.map { level in
            [Float](unsafeUninitializedCapacity: Self.inputs.count) { buffer, count in
                function.kernel(level.table, Self.inputs, buffer.baseAddress!, Self.inputs.count)
                count = Self.inputs.count
            }
        }
        var worst = (error: 0.0, input: Float(0))
        for (x, y) in zip(Self.inputs, results[0]) {
            guard let exact = function.exact(Double(x)) else { continue }
            let rounded = Float(exact)
            if rounded.isNaN {
                try #require(y.isNaN, "\(x)")
            } else if !rounded.isFinite {
                try #require(y == rounded, "\(x)")
            } else if abs(exact) < Double(Float.leastNormalMagnitude) {
                try #require(abs(y) <= .leastNormalMagnitude, "\(x)")
            } else {
                let error = abs(Double(y) - exact) / scalbn(1, Int(exact.exponent) - 23)
                if !(error <= worst.error) { worst = (error, x) }
            }
        }
        #expect(worst.error <= function.bound, "at \(worst.input)")
        for result in results.dropFirst() {
            // The bits of a NaN mean nothing.
            #expect(zip(result, results[0]).allSatisfy { $0.bitPattern == $1.bitPattern || $0.isNaN && $1.isNaN })
        }
    }
}
