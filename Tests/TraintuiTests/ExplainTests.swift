import Foundation
import Testing
import TrainCore

@testable import Tabular
@testable import traintui

/// What is known of a linear model: with independent features of the same spread, R² loses twice the share of the
/// variance that a feature explains.
@Suite struct PermutationImportanceTests {
    @Test("Of a sum, each column loses twice its share of the variance, and one that is not in it nothing")
    func knownTruth() throws {
        let rows = 20_000
        let weights: [Float] = [3, 2, 0, 1]
        let philox = Philox(seed: 3, stream: .batches)
        let uniform = (0..<rows).flatMap { row -> [Float] in
            let words = philox.block(UInt32(row), 0, 0, 0)
            return [words.0, words.1, words.2, words.3].map { Float($0) / 0x1p32 - 0.5 }
        }
        func sums(_ x: [Float], _ rows: Int) -> [Float] {
            (0..<rows).map { row in weights.indices.reduce(0) { $0 + weights[$1] * x[row * 4 + $1] } }
        }
        func number(_ name: String) -> InputColumn {
            InputColumn(
                name: name, role: .number,
                encoding: .number(
                    NumberEncoding(notation: .point, fill: 0, hasGapIndicator: false, scaling: .none)))
        }
        let target = TargetColumn(name: "y", coding: .value(center: 0, scale: 1, notation: .point))
        let space = FeatureSpace(reading: .lenient, columns: ["a", "b", "c", "d"].map(number), targets: [target])
        let table = AppliedTable(
            rows: rows, features: 4, x: uniform, targets: [sums(uniform, rows)], source: "rows", notes: [])
        let importance = PermutationImportance(space, table, units: 1, repeats: 5, seed: 42, outputs: sums)
        #expect(importance.score > 0.999_999 && importance.rows == rows)
        for (column, weight) in zip(importance.columns, weights) {
            let truth = 2 * Double(weight * weight) / 14
            #expect(abs(column.mean - truth) < 0.02, "\(column.name)")
            #expect(column.drops.count == 5 && column.deviation < 0.02, "\(column.name)")
            if weight == 0 { #expect(column.drops.allSatisfy { abs($0) < 1e-6 }) }
        }
    }
}

extension Program {
    /// Which columns predictions hang on.
    @Suite(.serialized)
    struct Explain {
        private let folder: Folder

        init() throws { folder = try Folder() }

        private func run(_ arguments: String...) throws -> Invocation { try Invocation(arguments, in: folder) }

        private struct Answer: Decodable {
            struct Column: Decodable {
                let column: String
                let mean: Double
                let drops: [Double]
            }
            let measure: String
            let score: Double
            let columns: [Column]
        }

        /// The reference: the cells trade places in the file, and `evaluate` says the score.
        @Test(arguments: [("price", "r2"), ("grade", "accuracy")])
        func isWhatEvaluateLosesWhereCellsTradePlacesInTheFile(target: String, measure: String) throws {
            let rows = 160
            try folder.write("rows.csv", MixedTable.text(rows: 400))
            let ignored = ["price", "sold", "grade"].filter { $0 != target }.flatMap { ["--ignore", $0] }
            let trained = try Invocation(
                ["--data", "rows.csv", "--target", target, "--epochs", "3", "--save", "m", "--headless", "--seed", "9"]
                    + ignored, in: folder)
            #expect(trained.code == 0, "\(trained.errors)")
            let lines = MixedTable.lines(rows: rows)
            try folder.write("t.csv", MixedTable.text(lines))
            let explained = try run("explain", "m", "t.csv", "--repeats", "2", "--json")
            #expect(explained.code == 0, "\(explained.errors)")
            let answer = try JSONDecoder().decode(Answer.self, from: Data(explained.output.utf8))
            #expect(answer.measure == measure)
            let order = permutation(of: rows, philox: Philox(seed: 9, stream: .importance), epoch: 1)
            #expect(Set(answer.columns.map(\.column)).count == answer.columns.count && answer.columns.count >= 7)
            for column in answer.columns {
                let place = try #require(lines[0].firstIndex(of: column.column))
                var moved = lines
                for row in 0..<rows { moved[row + 1][place] = lines[Int(order[row]) + 1][place] }
                try folder.write("moved.csv", MixedTable.text(moved))
                let scores = try run("evaluate", "m", "moved.csv", "--json").output
                let found = try #require(scores.firstMatch(of: try Regex("\"\(measure)\":([-0-9.e]+)"))?[1].substring)
                let score = try #require(Double(found))
                #expect(abs(answer.score - score - column.drops[1]) < 1e-6, "\(column.column)")
            }
            #expect(answer.columns.map(\.mean) == answer.columns.map(\.mean).sorted(by: >))
        }

        @Test
        func printsATableWithBarsAndSaysWhatIsWrongInALine() throws {
            let rows = (0..<60).map { "\($0 * 7 % 13),\($0 * 3 % 17),\(2 * ($0 * 7 % 13))" }
            try folder.write("t.csv", (["x,z,y"] + rows).joined(separator: "\n") + "\n")
            #expect(
                try run("--data", "t.csv", "--target", "y", "--headless", "--epochs", "40", "--save", "m").code == 0)
            let lines = try run("explain", "m", "t.csv").output.split(separator: "\n")
            #expect(lines.count == 3, "\(lines)")
            #expect(lines[0].hasPrefix("R² of 'y' is 0.9") && lines[0].hasSuffix("trade places (10 times):"))
            #expect(lines[1].contains(/^  x  [12]\.\d{4} ± 0\.\d{4}  █{20}$/), "\(lines[1])")
            #expect(lines[2].contains(/^  z  -?0\.\d{4} ± 0\.\d{4}$/), "\(lines[2])")
            #expect(try run("explain", "m", "t.csv", "--repeats", "0").code == 64)
            try folder.write("u.csv", "x,z,y\n1,2,\n")
            let empty = try run("explain", "m", "u.csv")
            #expect(empty.errors == "traintui: u.csv: no row has a known 'y'\n" && empty.code == 65)
        }
    }
}
