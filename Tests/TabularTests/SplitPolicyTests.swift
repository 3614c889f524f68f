import Tabular
import Testing
import TrainCore

/// Rows that a column splits.
@Suite struct SplitPolicyTests {
    private func sets(
        _ text: String, _ split: SplitPolicy, seed: UInt64 = 1, _ change: (inout TableRecipe) -> Void = { _ in }
    ) throws -> (names: [String], sets: [[Float]]) {
        let data = try TemporaryTable(text).load(seed: seed) {
            ($0.roles, $0.split, $0.testFraction, $0.validationFraction) = (.automatic, split, 0.2, 0.25)
            change(&$0)
        }
        return (data.featureNames, [data.training.y, data.validation?.y ?? [], data.test?.y ?? []])
    }

    @Test func aGroupStaysTogether() throws {
        let text =
            "who,x,y\n" + (0..<120).map { "p\($0 * 7 % 24)\($0 % 2 == 0 ? " " : ""),\($0 * 3 % 50),\($0).5\n" }.joined()
        var seen: Set<[Float]> = []
        for seed in UInt64(1)...10 {
            let (names, sets) = try sets(text, .group("who"), seed: seed)
            #expect(names == ["x"])
            #expect(sets.map(\.count) == [70, 25, 25])
            let groups = sets.map { set in Set(set.map { Int($0) * 7 % 24 }) }
            #expect(groups[0].isDisjoint(with: groups[1]) && groups[1].isDisjoint(with: groups[2]))
            #expect(groups[0].isDisjoint(with: groups[2]) && sets.flatMap { $0 }.count == 120)
            seen.insert(sets[2])
        }
        #expect(seen.count > 5)
        #expect(try sets(text, .group("who")) { $0.features = ["x"] }.names == ["x"])
    }

    @Test func theLatestRowsTest() throws {
        let text =
            "x,day,y\n"
            + (0..<50).map { "\($0 * 3 % 40),\($0 == 7 ? "" : "\(1 + $0 * 7 % 28)/3/20\(10 + $0 % 10)"),\($0).5\n" }
            .joined()
        let (_, found) = try sets(text, .time("day"))
        #expect(found.map(\.count) == [30, 10, 10])
        func moment(_ y: Float) -> Int { Int(y) == 7 ? 0 : (10 + Int(y) % 10) * 100 + 1 + Int(y) * 7 % 28 }
        let (train, validate, test) = (found[0].map(moment), found[1].map(moment), found[2].map(moment))
        #expect(try #require(train.max()) <= #require(validate.min()))
        #expect(try #require(validate.max()) <= #require(test.min()))
        #expect(found[0].contains(7.5))
        #expect(try sets(text, .time("x"), seed: 1).sets == sets(text, .time("x"), seed: 2).sets)
    }

    @Test func whatCannotSplitIsOneLine() throws {
        let text = "x,who,y\n" + (0..<40).map { "\($0 * 3),\(["a", "b", "c"][$0 % 3]),\($0).5\n" }.joined()
        func line(_ split: SplitPolicy, _ change: (inout TableRecipe) -> Void = { _ in }) throws -> String {
            try errorLine(text) {
                ($0.roles, $0.split) = (.automatic, split)
                change(&$0)
            }
        }
        #expect(
            try line(.time("who"))
                == "t.csv: 'who', wanted to split by time, is category; expected dates or numbers")
        #expect(try line(.group("whom")) == "t.csv: no column is named 'whom', wanted to split by: did you mean 'who'?")
        #expect(try line(.group("who")) { $0.stratify = true } == "t.csv: stratify and split exclude each other")
        #expect(SplitPolicy("group=a=b") == .group("a=b") && SplitPolicy("time=") == nil && SplitPolicy("by=x") == nil)
    }
}
