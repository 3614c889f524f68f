import Foundation
import Tabular
import Testing
import TrainCore

@Suite struct PreparedDataTests {
    @Test func splitsTheBuiltInTable() throws {
        let recipe = TableRecipe(source: .builtin("storms"), targets: ["wind"], targetScale: 10)
        let data = try PreparedData.load(recipe, seed: 42)
        #expect([data.training.rows, data.validation?.rows, data.test?.rows] == [10_989, 3_663, 4_885])
        #expect(
            data.featureNames == ["year", "month", "day", "hour", "latitude", "longitude", "age_hours", "pressure"])
        #expect(data.warnings == [])
        #expect(try PreparedData.load(recipe, seed: 42) == data)
        #expect(try PreparedData.load(recipe, seed: 43) != data)
        for feature in 0..<8 {
            let column = stride(from: feature, to: data.training.x.count, by: 8).map { Double(data.training.x[$0]) }
            let mean = column.reduce(0, +) / Double(column.count)
            let square = column.reduce(0) { $0 + $1 * $1 } / Double(column.count)
            #expect(abs(mean) < 1e-6 && abs(square - 1) < 1e-5)
        }
    }

    static let housing = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../shared/data/housing.csv").standardizedFileURL.path

    @Test(.enabled(if: FileManager.default.fileExists(atPath: housing), "the housing table is not here"))
    func preparesTheHousingTable() throws {
        let recipe = TableRecipe(
            source: .path(Self.housing), targets: ["median_house_value"],
            features: [
                "median_income", "housing_median_age", "rooms_per_household", "bedrooms_per_household", "population",
                "population_per_household", "latitude", "longitude",
            ],
            targetScale: 100_000, missing: .median,
            derive: [
                DerivedColumn(name: "rooms_per_household", numerator: "total_rooms", denominator: "households"),
                DerivedColumn(name: "bedrooms_per_household", numerator: "total_bedrooms", denominator: "households"),
                DerivedColumn(name: "population_per_household", numerator: "population", denominator: "households"),
            ])
        let data = try PreparedData.load(recipe, seed: 42)
        #expect(data.training.rows == 11_610 && data.training.features == 8)
        #expect(data.training.y.allSatisfy { $0 > 0.1 && $0 < 5.1 })
        #expect(abs(data.standardization.means[0] - 3.87) < 0.1)
    }

    @Test func keepsFileOrderAndHoldsBackRowsOfItsOwn() throws {
        let table = try TemporaryTable("x,y\n" + (0..<100).map { "\($0),\($0)\n" }.joined())
        let data = try table.load { ($0.testFraction, $0.validationFraction) = (0.07, 0.1) }
        let sets = [data.training.x, try #require(data.validation).x, try #require(data.test).x]
        #expect(sets.map(\.count) == [83, 10, 7])
        #expect(sets.allSatisfy { $0 == $0.sorted() })
        #expect(sets.flatMap { $0 }.sorted() == (0..<100).map(Float.init))
        #expect(data.training.x == data.training.y)
        #expect(try table.load().training.x == (0..<100).map(Float.init))
        #expect(try table.load().validationNote == "no rows are held back: validation_fraction is 0")
    }

    @Test func turnsTextIntoOneHotFeaturesAndClasses() throws {
        let table = try TemporaryTable("place,x,kind\nsea,1,b\n\"land\",2,a\nsea,3,\"b\"\nice,4,c\n")
        let data = try table.load(["kind"], classes: true) { $0.features = ["x", "place"] }
        #expect(data.featureNames == ["x", "place=ice", "place=land", "place=sea"])
        #expect(data.training.x == [1, 0, 0, 1, 2, 0, 1, 0, 3, 0, 0, 1, 4, 1, 0, 0])
        #expect(data.training.y == [1, 0, 1, 2])
        #expect(data.classNames == ["a", "b", "c"])
        let numbers = try TemporaryTable("x,y\n1,7\n2,-1\n3,7\n").load(classes: true)
        #expect(numbers.training.y == [1, 0, 1] && numbers.classNames == ["-1", "7"])
        let two = try TemporaryTable("x,y\n1,yes\n2,no\n").load()
        #expect(two.training.y == [1, 0] && two.classNames == ["no", "yes"])
    }

    @Test("a text is one however it is written, and gaps are none") func textsInManyWays() throws {
        let gaps = ["", "NA", "na", "null", "\" \"", "\"nan \"", " NaN"].map { "0,\($0)\n" }.joined()
        let two = try TemporaryTable("x,y\n1, yes\n2,no\t\n\(gaps)3,\"no\"\n4,yes\n").load { $0.missing = .drop }
        #expect(two.training.x == [1, 2, 3, 4] && two.training.y == [1, 0, 0, 1] && two.classNames == ["no", "yes"])
        // An accent that follows its letter.
        let accents = try TemporaryTable("x,y\n1,t\u{E9}\n2,a\n3,te\u{301}\n4,\"say \"\"a\"\"\"\n").load(classes: true)
        #expect(accents.training.y == [2, 0, 2, 1] && accents.classNames == ["a", "say \"a\"", "t\u{E9}"])
    }

    @Test func fillsDropsAndDerives() throws {
        let table = try TemporaryTable("a,b,y\n1,2,1\n,4,2\n3,8,3\nNA,2,4\n8,2,5\n")
        #expect(try table.load { $0.missing = .drop }.training.y == [1, 3, 5])
        #expect(try table.load { $0.missing = .mean }.training.x == [1, 2, 4, 4, 3, 8, 4, 2, 8, 2])
        let data = try table.load {
            $0.missing = .median
            $0.derive = [DerivedColumn(name: "r", numerator: "a", denominator: "b")]
        }
        #expect(data.featureNames == ["a", "b", "r"])
        #expect(data.training.x == [1, 2, 0.5, 3, 4, 0.75, 3, 8, 0.375, 3, 2, 1.5, 8, 2, 4])
    }

    @Test func aConstantFeatureIsAWarningAndStandardisesToZero() throws {
        let table = try TemporaryTable("c\u{1B}[31m,x,y\n0.1,1,10\n0.1,2,20\n0.1,4,30\n")
        let data = try table.load {
            $0.standardize = true
            $0.targetScale = 10
        }
        #expect([0, 2, 4].map { data.training.x[$0] } == [0, 0, 0])
        #expect(data.training.y == [1, 2, 3])
        #expect(data.featureNames[0] == "c\u{1B}[31m")
        #expect(data.warnings == ["the feature 'c␛[31m' is the same in every training row: it tells nothing"])
    }

    @Test func leavesOutTextColumnsAndNamesThoseThatAreNearlyNumbers() throws {
        let rows = (0..<30).map { "\($0),\($0 == 20 ? "oops" : "1"),word,\($0)\n" }
        let data = try TemporaryTable("x,dirty,t,y\n" + rows.joined()).load()
        #expect(data.featureNames == ["x"] && data.skippedColumns == ["dirty", "t"])
        #expect(
            data.warnings == ["the column 'dirty' is no feature: 1 of its cells are text, the first 'oops' in line 22"])
    }
}
