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

    @Test(
        "each gradient of an input is one sum in order, in short rows and in long ones, on one thread and on more",
        arguments: Level.available, [32, 272])
    func inputGradient(_ level: Level, inputs: Int) {
        // Blocks of rows of which the last is not full, and a gap behind each row.
        let (rows, stride) = (131, inputs + 16)
        for units in [1, 3] {
            let dz = (0..<rows * units).map { Float($0 * 37 % 23) / 11 - 1 }
            let kernel = (0..<units * inputs).map { Float($0 * 29 % 31) / 15 - 1 }
            let expected = (0..<rows * stride).map { place in
                let (row, input) = place.quotientAndRemainder(dividingBy: stride)
                guard input < inputs else { return Float(-9) }
                return (1..<units).reduce(dz[row * units] * kernel[input]) { sum, unit in
                    sum.addingProduct(dz[row * units + unit], kernel[unit * inputs + input])
                }
            }
            var alone = [Float](repeating: -9, count: rows * stride)
            var shared = alone
            var table = level.table
            table.narrow_backward_input(dz, units, rows, units, kernel, inputs, &alone, stride, nil, 0, 0)
            ck_narrow_backward_input(&table, dz, units, rows, units, kernel, inputs, &shared, stride, nil, 0, 0)
            #expect(alone.map(\.bitPattern) == expected.map(\.bitPattern))
            #expect(shared.map(\.bitPattern) == expected.map(\.bitPattern))
        }
    }
}
