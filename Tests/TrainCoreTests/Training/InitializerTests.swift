import Testing
import TrainCore

struct InitializerTests {
    /// The kernel of a layer of 200 units on 300 features.
    private func kernel(_ initializer: any Initializer, seed: UInt64 = 1) throws -> [Double] {
        let job = TrainingJob(
            model: Sequential([Dense(200, kernelInitializer: initializer)]), batchSize: 1, seed: seed)
        let trainer = try Trainer(job, training: .noise(rows: 1, features: 300, targets: 200))
        return trainer.weights[0].values.map(Double.init)
    }

    /// A kernel's variance is `scale` over the fan, and no weight is larger than `bound` deviations.
    struct Case: Sendable, CustomTestStringConvertible {
        let initializer: any Initializer
        let scale: Double
        let fan: Double
        let isUniform: Bool
        var bound: Double { isUniform ? 3.0.squareRoot() : 2 / 0.8796256610342398 }
        var testDescription: String { type(of: initializer).name }
    }

    static let cases = [
        Case(initializer: .glorotUniform, scale: 1, fan: 250, isUniform: true),
        Case(initializer: .glorotNormal, scale: 1, fan: 250, isUniform: false),
        Case(initializer: .heUniform, scale: 2, fan: 300, isUniform: true),
        Case(initializer: .heNormal, scale: 2, fan: 300, isUniform: false),
        Case(initializer: .lecunUniform, scale: 1, fan: 300, isUniform: true),
        Case(initializer: .lecunNormal, scale: 1, fan: 300, isUniform: false),
    ]

    @Test("kernels have mean 0, the stated variance and the stated bound", arguments: cases)
    func distribution(_ test: Case) throws {
        let deviation = (test.scale / test.fan).squareRoot()
        let values = try kernel(test.initializer).map { $0 / deviation }
        let count = Double(values.count)
        // Of 60,000 values the mean strays by 0.004, the variance by 0.006 or less.
        #expect(abs(values.reduce(0, +) / count) < 0.015)
        #expect(abs(values.reduce(0) { $0 + $1 * $1 } / count - 1) < 0.02)
        let greatest = try #require(values.map { abs($0) }.max())
        #expect(greatest <= test.bound * 1.000001 && greatest > test.bound * 0.99)
        // A third of a uniform variable lies in the middle third; of a normal one cut off at two deviations, 0.5189.
        let middle = Double(values.count { abs($0) < test.bound / 3 }) / count
        #expect(abs(middle - (test.isUniform ? 1.0 / 3 : 0.5189)) < 0.01)
    }

    @Test("zeros and ones are that, and a seed names the weights")
    func constants() throws {
        #expect(try Set(kernel(.zeros)) == [0])
        #expect(try Set(kernel(.ones)) == [1])
        #expect(try kernel(.heNormal) == kernel(.heNormal))
        #expect(try kernel(.heNormal) != kernel(.heNormal, seed: 2))
    }
}
