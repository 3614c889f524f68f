import Foundation
import Tabular
import Testing
import TrainCore

/// What the training rows say of a table, as a value.
@Suite struct FeatureSpaceTests {
    private static let odd =
        "odd \"name\"\\\u{1B}\n,place,a,b,y\n1,sea,1,2,10\n2,land,,4,20\n4,\"sea\",3,8,25\nNA,,5,2,35\n8,ice,7,0.1,45\n"
    private static let oddColumns = [
        DerivedColumn(name: "r", numerator: "a", denominator: "b")
    ]

    /// Recipes of all kinds, with tables for them.
    private static let recipes:
        [(text: String, targets: [String], classes: Bool, change: @Sendable (inout TableRecipe) -> Void)] = [
            (odd.replacing("odd \"name\"\\\u{1B}\n", with: "x"), ["y"], false, { $0.missing = .mean }),
            (
                odd.replacing("odd \"name\"\\\u{1B}\n", with: "x"), ["y"], false,
                {
                    ($0.missing, $0.derive, $0.standardize, $0.targetScale) = (.median, oddColumns, true, 7)
                    $0.features = ["place", "r", "x"]
                }
            ),
            (odd.replacing("odd \"name\"\\\u{1B}\n", with: "x"), ["y", "b"], false, { $0.missing = .drop }),
            ("x,y\n1,yes\n2,no\n3.5,yes\n", ["y"], false, { $0.standardize = true }),
            ("x,y\n1,c\n2,a\n3,\"b\"\n", ["y"], true, { $0.standardize = true }),
            ("x,y\n1,7\n2,-1\n3,7\n", ["y"], true, { _ in }),
            (MisleadingTable.text, ["price"], false, { $0.roles = .automatic }),
            (
                MisleadingTable.text, ["price"], false,
                {
                    ($0.roles, $0.scaling, $0.targetScaling) = (.automatic, .robust, .standard)
                    ($0.missing, $0.derive) = (.mean, [DerivedColumn(name: "r", numerator: "sqft", denominator: "fee")])
                }
            ),
            (MisleadingTable.text, ["dependents"], true, { $0.roles = .automatic }),
            (MisleadingTable.text, ["smoker"], false, { ($0.roles, $0.scaling) = (.automatic, Scaling.none) }),
            (MisleadingTable.text, ["sqft", "fee"], false, { ($0.roles, $0.scaling) = (.automatic, .standard) }),
            (
                "x;y\n" + (0..<20).map { "\($0 - 3).00\($0 % 9),25;\($0 * $0)\n" }.joined(), ["y"], false,
                { $0.roles = .automatic }
            ),
        ]

    @Test(arguments: recipes.indices)
    func appliedToTheTrainingTableItGivesTheTrainersBits(index: Int) throws {
        let (text, targets, classes, change) = Self.recipes[index]
        let table = try TemporaryTable(text)
        for fraction in [0, 0.3] {
            let data = try table.load(targets, classes: classes) {
                ($0.standardize, $0.testFraction, $0.validationFraction) = (true, fraction, fraction)
                change(&$0)
            }
            let space = data.featureSpace
            #expect(space.featureNames == data.featureNames && space.classNames == data.classNames)
            let applied = try space.apply(to: .path("t.csv"), withTargets: true, relativeTo: table.directory)
            // Rows keep their order in each set: all of a set's rows are among the table's, one after the other.
            for set in [data.training, data.validation, data.test].compactMap({ $0 }) {
                var row = 0
                for own in 0..<set.rows {
                    let expected = Array(set.x[own * set.features..<(own + 1) * set.features])
                    let values = Array(set.y[own * set.targets..<(own + 1) * set.targets])
                    while row < applied.rows {
                        let found = Array(applied.x[row * applied.features..<(row + 1) * applied.features])
                        let truth = space.targets.indices.map { place in
                            space.targets[place].encoded(applied.targets[place][row])
                        }
                        row += 1
                        if found.map(\.bitPattern) == expected.map(\.bitPattern), truth == values { break }
                        try #require(row < applied.rows, "row \(own) of \(set.rows) is not in the table")
                    }
                }
            }
            if fraction == 0, applied.rows == data.training.rows {
                #expect(applied.x.map(\.bitPattern) == data.training.x.map(\.bitPattern))
            }
        }
    }

    @Test(arguments: recipes.indices)
    func itsTextReadsToTheSame(index: Int) throws {
        let (text, targets, classes, change) = Self.recipes[index]
        let space = try TemporaryTable(text).load(targets, classes: classes, change).featureSpace
        let again = try FeatureSpace(json: space.jsonText)
        #expect(again == space && again.jsonText == space.jsonText)
        // It is JSON to others too.
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(space.jsonText.utf8)) }
    }

    @Test func anyOtherTextIsOneLine() throws {
        let space = try TemporaryTable(MisleadingTable.text).load { recipe in
            (recipe.targets, recipe.roles, recipe.scaling) = (["price"], .automatic, .robust)
            recipe.derive = [DerivedColumn(name: "r", numerator: "sqft", denominator: "fee")]
        }.featureSpace
        let bytes = Array(space.jsonText.utf8)
        func refuses(_ bytes: some Collection<UInt8>) -> Bool {
            do throws(FeatureSpaceError) {
                let found = try FeatureSpace(json: String(decoding: bytes, as: UTF8.self))
                // What is read can be used: another number, another name.
                return found.featureCount < 0
            } catch {
                return !error.description.contains("\n") && error.description.hasPrefix("has a")
            }
        }
        for end in stride(from: 0, to: bytes.count, by: 7) { #expect(refuses(bytes[..<end])) }
        for place in stride(from: 0, to: bytes.count, by: 3) {
            for byte in Array("\"{}[],:0-e\u{1}".utf8) {
                var changed = bytes
                changed[place] = byte
                _ = refuses(changed)
                changed = bytes
                changed.remove(at: place)
                _ = refuses(changed)
            }
        }
        let text = space.jsonText
        for (from, to) in [
            ("\"format\":1", "\"format\":2"), ("\"format\":1", "\"format\":0"), ("\"reading\"", "\"raeding\""),
            ("\"scale\":", "\"scale\":-"), ("\"median\":", "\"median\":1e999,\"x\":"), ("\"sign\"", "\"both\""),
            ("\"role\":\"number\"", "\"role\":\"date\""), ("\"targets\":[", "\"targets\":[],\"t\":["),
            ("\"columns\":[", "\"columns\":[\"x\","), ("\"fill\":", "\"fill\":null,\"x\":"),
            ("{\"format\"", "{\"format\":1,\"format\""), ("\"notation\"", "\"\u{1B}[2J\""),
        ] {
            let changed = text.replacing(from, with: to, maxReplacements: 1)
            try #require(changed != text, "\(from)")
            #expect(refuses(changed.utf8), "\(to)")
        }
        #expect(refuses(String(repeating: "[", count: 100_000).utf8))
        #expect(
            throws: FeatureSpaceError.self, performing: { try FeatureSpace(json: text + " x") })
    }

    /// The rows that do not train may hold anything.
    @Test func onlyTrainingRowsHaveASayInIt() throws {
        let header = "id,n,c,d,b,g,y\n"
        func row(_ row: Int, isOdd: Bool) -> String {
            isOdd
                ? "\(row),1e6,rare,1950-01-01 00:00,,,\(row % 50)\n"
                : "\(row),\(row % 40).5,\(["p", "q", "r"][row % 3]),2020-\(1 + row % 9)-11 1\(row % 9):30,"
                    + "\(row % 2 == 0 ? "yes" : "no"),\(row % 10 == 0 ? "" : "\(row % 7)"),\(row % 50)\n"
        }
        let plain = header + (0..<200).map { row($0, isOdd: false) }.joined()
        func space(_ text: String) throws -> (FeatureSpace, PreparedData) {
            let data = try TemporaryTable(text).load {
                ($0.roles, $0.scaling, $0.targetScaling) = (.automatic(["n": .number]), .robust, .standard)
                ($0.testFraction, $0.validationFraction) = (0.25, 0.25)
            }
            return (data.featureSpace, data)
        }
        let (expected, data) = try space(plain)
        // The first split says which rows train; all others become odd.
        let applied = try TemporaryTable(plain)
        let table = try expected.apply(to: .path("t.csv"), relativeTo: applied.directory)
        var trains = [Bool](repeating: false, count: 200)
        var next = 0
        for row in 0..<200 where next < data.training.rows {
            let width = table.features
            if table.x[row * width..<(row + 1) * width] == data.training.x[next * width..<(next + 1) * width] {
                // Rows that are alike are told apart by their targets below; here any of them will do.
                trains[row] = true
                next += 1
            }
        }
        #expect(next == data.training.rows)
        let changed = header + (0..<200).map { row($0, isOdd: !trains[$0]) }.joined()
        #expect(try space(changed).0 == expected)
        let other = header + (0..<200).map { row($0, isOdd: trains[$0] && $0 % 5 == 0) }.joined()
        #expect(try space(other).0 != expected)
    }
}

extension TargetColumn {
    /// What the network is to put out, from the definition.
    fileprivate func encoded(_ value: Float) -> Float {
        guard case .value(let center, let scale, _) = coding else { return value }
        return Float((Double(value) - center) / scale)
    }
}
