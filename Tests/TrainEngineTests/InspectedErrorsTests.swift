import Testing
import TrainCore
import TrainProtocol

@testable import TrainEngine

/// How predictions differ from what is true, against figures of scikit-learn 1.9.1.
@Suite struct InspectedErrorsTests {
    private static let rows = 60

    private func expectNear(_ values: [Double?], _ expected: [Double], _ location: SourceLocation = #_sourceLocation) {
        #expect(values.count == expected.count, sourceLocation: location)
        for (value, expected) in zip(values, expected) {
            #expect(abs((value ?? .nan) - expected) < 1e-6, sourceLocation: location)
        }
    }

    private func found(
        _ outputs: [Float], _ y: [Float], _ coding: DataMeaning.Target.Coding, units: Int, areClasses: Bool
    ) -> InspectedErrors {
        var meaning = DataMeaning()
        meaning.targets = [.init(name: "it", coding: coding)]
        let data = Dataset(rows: y.count, features: 1, targets: 1, x: Array(repeating: 0, count: y.count), y: y)
        return InspectedErrors(
            outputs, data, use: .validation,
            shape: TrainingShape(features: 1, targets: 1, units: units, areClasses: areClasses), meaning: meaning)
    }

    private func classes(_ errors: InspectedErrors) throws -> ClassErrors {
        guard case .classes(let classes)? = errors.targets.first?.errors else {
            throw WatchedRun.Refusal(reason: "no classes")
        }
        return classes
    }

    @Test func ofTwoClasses() throws {
        let p = (0..<Self.rows).map { Double(($0 * 37 + 11) % 97) / 97 }
        let y = p.enumerated().map { index, p in Double((index * 53 + 29) % 89) / 89 < p * 0.8 + 0.1 ? Float(1) : 0 }
        let errors = try classes(
            found(p.map { Float($0) }, y, .twoClasses(["no", "yes"]), units: 1, areClasses: false))
        #expect(errors.names == ["no", "yes"] && errors.confusion == [21, 8, 9, 22])
        expectNear([errors.accuracy], [0.7166666666666667])
        expectNear([0, 1].map(errors.recall), [0.7241379310344828, 0.7096774193548387])
        expectNear([0, 1].map(errors.precision), [0.7, 0.7333333333333333])
        expectNear(
            errors.calibration.map(\.share),
            [
                0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.2, 0.2857142857142857, 0.5, 0.5,
                0.6666666666666666, 1, 1,
            ])
        expectNear(
            errors.calibration.map(\.probability),
            [
                0.05670103092783505, 0.14948453608247422, 0.24742268041237114, 0.33814432989690724, 0.44624447717231225,
                0.5481099656357388, 0.6443298969072165, 0.7474226804123711, 0.8571428571428571, 0.956701030927835,
            ])
    }

    @Test func ofThreeClasses() throws {
        var outputs: [[Float]] = []
        var y: [Float] = []
        for index in 0..<Self.rows {
            let weights: [Int] = [1 + index * 17 % 13, 1 + (index * 29 + 5) % 11, 1 + (index * 7 + 3) % 17]
            let sum = Double(weights.reduce(0, +))
            let own = weights.map { Float(Double($0) / sum) }
            let best = own.firstIndex(of: own.max() ?? 0) ?? 0
            outputs.append(own)
            y.append(Float(index.isMultiple(of: 4) ? (index * index * 5 + index) % 3 : best))
        }
        let errors = try classes(
            found(outputs.flatMap { $0 }, y, .classes(["a", "b", "c"]), units: 3, areClasses: true))
        #expect(errors.confusion == [17, 3, 6, 2, 8, 3, 0, 0, 21])
        expectNear([errors.accuracy], [0.7666666666666667])
        expectNear([0, 1, 2].map(errors.recall), [0.6538461538461539, 0.6153846153846154, 1])
        expectNear([0, 1, 2].map(errors.precision), [0.8947368421052632, 0.7272727272727273, 0.7])
        expectNear(
            errors.calibration.map(\.share),
            [0.8333333333333334, 0.76, 0.6666666666666666, 0.9090909090909091, 0.5, 1])
        expectNear(
            errors.calibration.map(\.probability),
            [0.366244301199913, 0.45677748799324036, 0.5475844740867615, 0.6326938705010847, 0.75, 0.8888888955116272])
        expectNear([errors.calibrationError], [0.2636801401774089])
    }

    @Test func ofValues() throws {
        let errors = found(
            [2.5, 0, 2, 8, 3.75], [3, -0.5, 2, 7, 4.25], .value(center: 100, scale: 10), units: 1, areClasses: false)
        guard case .values(let values)? = errors.targets.first?.errors else {
            throw WatchedRun.Refusal(reason: "no values")
        }
        expectNear(
            [values.r2, values.rootMeanSquare, values.meanAbsolute, values.bias],
            [0.9429967426710097, 5.916079783099616, 5, 1])
        #expect(values.points.map(\.truth) == [130, 95, 120, 170, 142.5])
        #expect(values.points.map(\.predicted) == [125, 100, 120, 180, 137.5])
        #expect(values.residuals.counts.reduce(0, +) == 5)
        #expect(values.residuals.lower == -5 && values.residuals.upper == 10)
    }

    @Test("of many classes the most frequent ones are told apart, and no row is lost")
    func manyClasses() throws {
        let count = 100
        let y = (0..<2000).map { Float($0 * $0 % count) }
        let outputs = y.flatMap { truth in (0..<count).map { $0 == (Int(truth) + 1) % count ? Float(0.9) : 0.1 / 99 } }
        let names = (0..<count).map { "class \($0)" }
        let errors = try classes(found(outputs, y, .classes(names), units: count, areClasses: true))
        #expect(errors.names.count == ClassErrors.mostClasses && errors.names.last == "61 others")
        #expect(errors.confusion.reduce(0, +) == 2000)
        #expect(errors.accuracy == 0)
    }

    @Test("points are chosen evenly, and outliers do not press a histogram flat")
    func bounded() throws {
        let truth = (0..<20_000).map { Float($0) }
        let outputs = truth.enumerated().map { index, value in value + Float(index % 7) - 3 + (index == 5 ? 1e6 : 0) }
        let errors = found(outputs, truth, .value(center: 0, scale: 1), units: 1, areClasses: false)
        guard case .values(let values)? = errors.targets.first?.errors else {
            throw WatchedRun.Refusal(reason: "no values")
        }
        #expect(values.points.count <= ValueErrors.mostPoints && values.points.count > ValueErrors.mostPoints / 2)
        #expect(values.residuals.lower == -3 && values.residuals.upper == 3)
        #expect(values.residuals.counts.reduce(0, +) == 20_000)
    }
}
