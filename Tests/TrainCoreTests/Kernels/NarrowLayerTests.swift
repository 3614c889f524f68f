import CKernels
import Testing

struct NarrowLayerTests {
    @Test(
        "going back through an ELU on the way gives the bits of going back through it afterwards",
        arguments: Level.available, [1, 3])
    func fusedSlope(_ level: Level, units: Int) throws {
        let table = level.table
        let (rows, inputs) = (7, 32)
        let dz = (0..<rows * units).map { Float($0 * 37 % 23) / 11 - 1 }
        let kernel = (0..<units * inputs).map { Float($0 * 29 % 31) / 15 - 1 }
        let a = (0..<rows * inputs).map { Float($0 * 19 % 41) / 20 - 1 }
        for (alpha, scale) in [(Float(1), Float(1)), (1.6732632, 1.050701)] {
            var after = [Float](repeating: 0, count: rows * inputs)
            var onTheWay = after
            table.narrow_backward_input(dz, units, rows, units, kernel, inputs, &after, inputs, nil, 0, 0)
            table.elu_backward(a, &after, after.count, alpha, scale)
            table.narrow_backward_input(dz, units, rows, units, kernel, inputs, &onTheWay, inputs, a, alpha, scale)
            #expect(onTheWay.map(\.bitPattern) == after.map(\.bitPattern))
        }
    }
}
