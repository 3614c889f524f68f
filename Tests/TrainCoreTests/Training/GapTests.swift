import Testing

@testable import TrainCore

@Suite("The gaps between rows")
struct GapTests {
    /// Widths that leave gaps of all sizes, wide and narrow layers in turn, and activations that are not 0 at 0.
    @Test(
        "stay zero whatever is trained",
        arguments: [[20, 33, 9, 1], [257, 17, 9], [5, 40, 3, 18, 2], [7, 65, 24, 10]])
    func stayZero(widths: [Int]) throws {
        let activations: [any Activation] = [.sigmoid, .linear, .softplus, .gelu, .elu]
        let layers = widths.enumerated().map { index, units in
            Dense(units, activation: activations[index % activations.count], kernelRegularizer: .l2(0.01))
        }
        let (rows, features, targets) = (60, 11, widths[widths.count - 1])
        let data = Dataset(
            rows: rows, features: features, targets: targets,
            x: (0..<rows * features).map { Float($0 * 7919 % 2003) / 1001 - 1 },
            y: (0..<rows * targets).map { Float($0 * 104_729 % 1009) / 504 - 1 })
        let trainer = try Trainer(
            TrainingJob(model: Sequential(layers), optimizer: .adam(), batchSize: 7), training: data)
        for _ in 0..<20 { try trainer.step() }

        let own = Set(
            trainer.layers.flatMap { layer in
                (0..<layer.units).flatMap { unit in
                    (0..<layer.inputs).map { layer.kernelOffset + layer.kernelIndex(input: $0, unit: unit) }
                        + [layer.biasOffset + unit]
                }
            })
        #expect(own.count == trainer.weightCount)
        let strays = (0..<trainer.parameterCount).filter { !own.contains($0) && trainer.arena.base[$0] != 0 }
        #expect(strays.isEmpty)
    }
}
