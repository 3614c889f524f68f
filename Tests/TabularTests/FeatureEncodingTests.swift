import Testing
import TrainCore

@testable import Tabular

/// Features by hand.
@Suite struct FeatureEncodingTests {
    private func data(_ text: String, _ change: (inout TableRecipe) -> Void = { _ in }) throws -> PreparedData {
        try TemporaryTable(text).load {
            $0.roles = .automatic
            change(&$0)
        }
    }

    @Test func gapsAreFilledAndTold() throws {
        let text = "x,y\n1,10\n3,20\n,30\n8,40\nN/A,55.5\n"
        let data = try data(text)
        #expect(data.featureNames == ["x", "x missing"])
        #expect(data.training.x == [1, 0, 3, 0, 3, 1, 8, 0, 3, 1])
        #expect(try self.data(text) { $0.missing = .mean }.training.x == [1, 0, 3, 0, 4, 1, 8, 0, 4, 1])
        #expect(try self.data(text) { $0.missing = .drop }.training.x == [1, 3, 8])
    }

    /// Quartiles of 1, 2, 3, 4, 9 are 2 and 4: the scale is 1/2, the median 3.
    @Test func numbersAreScaled() throws {
        let text = "x,y\n1,1.5\n2,2.5\n3,3.5\n4,4.5\n9,5.5\n"
        let robust = try data(text) { $0.scaling = .robust }.training.x
        let expected: [Double] = [-1, -0.5, 0, 0.5, 3]
        for (value, s) in zip(robust, expected) {
            #expect(value == Float(s / (1 + (s / 3) * (s / 3)).squareRoot()))
        }
        let standard = try data(text) { $0.scaling = .standard }.training.x
        #expect(abs(standard.reduce(0, +)) < 1e-6)
        #expect(standard[0] == Float((1 - 3.8) / 7.76.squareRoot()))
        let target = try data(text) { $0.targetScaling = .standard }
        #expect(target.training.y[2] == 0 && abs(target.training.y[0] + 2.0.squareRoot().float) < 1e-6)
        #expect(abs(target.featureSpace.targets[0].decode(target.training.y[4]) - 5.5) < 1e-6)
    }

    @Test func quartilesThatCoincideGiveWayToTheRange() {
        let values: [Float] = [0, 5, 5, 5, 5, 5, 10]
        #expect(FittedScaling.measure(.robust, values) == .robust(median: 5, scale: 0.2))
        #expect(FittedScaling.measure(.robust, [7, 7]) == .robust(median: 7, scale: 0))
        #expect(FittedScaling.measure(.standard, [0.1, 0.1, 0.1]) == .standard(mean: Double(Float(0.1)), deviation: 1))
        // numpy.quantile([1, 2, 4, 10], 0.75) is 5.5.
        #expect(FittedScaling.quantile(0.75, [1, 2, 4, 10]) == 5.5)
    }

    @Test func manyNumbersAreSortedAsFewAre() {
        let philox = Philox(seed: 2, stream: 9)
        var values = (0..<UInt32(5000)).map { index in
            let value = Float(bitPattern: philox.block(index, 0, 0, 0).0)
            return value.isNaN ? 1 : value
        }
        values += [0, -0, .infinity, -.infinity, .leastNonzeroMagnitude, -1, 1, 1]
        #expect(values.sortedInOrder() == values.sorted())
    }

    @Test func levelsBecomeFeatures() throws {
        var text = "kind,two,smoker,y\n"
        for row in 0..<40 {
            let kind = row == 0 ? "rare" : row == 1 ? "" : row == 2 ? "?" : ["b", "A", " a", "c"][row % 4]
            text += "\(kind),\(row % 2 == 0 ? "m" : "f"),\(row == 5 ? "n/a" : row % 3 == 0 ? "no" : "Yes"),\(row).5\n"
        }
        let data = try data(text)
        #expect(
            data.featureNames == [
                "kind=A", "kind=b", "kind=c", "kind missing", "two=m", "smoker=Yes", "smoker missing",
            ])
        let width = data.training.features
        func row(_ row: Int) -> [Float] { Array(data.training.x[row * width..<(row + 1) * width]) }
        #expect(row(0) == [0, 0, 0, 0, 1, -1, 0])
        #expect(row(1) == [0, 0, 0, 1, -1, 1, 0])
        #expect(row(3) == [0, 0, 1, 0, -1, -1, 0])
        #expect(row(4) == [0, 1, 0, 0, 1, 1, 0])
        #expect(row(5) == [1, 0, 0, 0, -1, 0, 1])
        #expect(row(6) == [1, 0, 0, 0, 1, -1, 0])
    }

    @Test func rareLevelsAreOneAndSoAreUnknownOnes() throws {
        var text = "k,y\n"
        for row in 0..<1200 { text += "\(row < 1150 ? ["p", "q", "r"][row % 3] : "z\(row)"),\(row).5\n" }
        let table = try TemporaryTable(text)
        let data = try table.load { $0.roles = .automatic }
        #expect(data.featureNames == ["k=p", "k=q", "k=r", "k other"])
        let new = try TemporaryTable("y,extra,k\n1,2,R\n,,new\n3,4,z1151\n4,5,\n")
        let applied = try data.featureSpace.apply(to: .path("t.csv"), relativeTo: new.directory)
        #expect(applied.x == [0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0])
        #expect(applied.notes == ["the column 'k' has 2 cells that are no known level, such as 'new'"])
        #expect(applied.targets == [])
    }

    @Test func aTableThatLacksAColumnIsRefusedByItsName() throws {
        let space = try data("size,room,y\n1,2,3.5\n2,3,4.5\n5,1,9.5\n").featureSpace
        func line(_ text: String, withTargets: Bool = false) -> String {
            do {
                let table = try TemporaryTable(text)
                _ = try space.apply(to: .path("t.csv"), withTargets: withTargets, relativeTo: table.directory)
                return ""
            } catch {
                return "\(error)"
            }
        }
        #expect(
            line("Size,room\n1,2\n")
                == "t.csv: lacks the column 'size', which the model needs; did you mean 'Size'?")
        #expect(line("a\n1\n") == "t.csv: lacks the columns 'size', 'room', which the model needs")
        #expect(line("room,size\n1,2\n") == "")
        #expect(
            line("room,size\n1,2\n", withTargets: true)
                == "t.csv: lacks the column 'y', which the model needs; the columns are room, size")
    }

    @Test func whatIsTheSameInAllTrainingRowsIsLeftOut() throws {
        let data = try data("x,z,y\n1,4,1.5\n1,4,2.5\n2,5,3.5\n,9,\n", { _ in })
        #expect(data.warnings == ["1 row is left out: the target is missing there"])
        let table = try TemporaryTable("x,z,y\n" + (0..<40).map { "\($0 == 7 ? 2 : 1),\($0 * 3),\($0).5\n" }.joined())
        for seed in UInt64(1)...20 {
            let data = try table.load(seed: seed) {
                ($0.roles, $0.validationFraction) = (.automatic(["x": .number]), 0.5)
            }
            let isThere = data.featureNames.contains("x")
            #expect(
                data.warnings
                    == (isThere
                        ? [] : ["the column 'x' is left out: in every row to train with it is the same or missing"]))
        }
    }
}

extension Double {
    fileprivate var float: Float { Float(self) }
}
