import Tabular
import Testing
import TrainCore

/// Classes or values?
@Suite struct TargetFindingTests {
    private func survey(_ cells: [String], _ change: (inout TableRecipe) -> Void = { _ in }) throws -> TableSurvey {
        let table = try TemporaryTable("x,y\n" + cells.enumerated().map { "\($0).5,\($1)\n" }.joined())
        var recipe = TableRecipe(source: .path("t.csv"), targets: ["y"], roles: .automatic)
        change(&recipe)
        return try SurveyedTable.read(recipe, relativeTo: table.directory).survey
    }

    private func line(
        _ cells: [String], classes: Bool = false, _ change: (inout TableRecipe) -> Void = { _ in }
    ) throws -> String {
        try errorLine("x,y\n" + cells.enumerated().map { "\($0).5,\($1)\n" }.joined(), classes: classes) {
            $0.roles = .automatic
            change(&$0)
        }
    }

    private func repeated(_ texts: String..., times: Int = 30) -> [String] {
        (0..<times).map { texts[$0 % texts.count] }
    }

    @Test func followsFromTheTarget() throws {
        let text = try survey(repeated("b", "A", "a "))
        #expect(text.task == .classification && text.classNames == ["A", "b"] && text.classCounts == [20, 10])
        let answers = try survey(repeated("Yes", "no", "unknown"))
        #expect(answers.classNames == ["no", "Yes"] && answers.usableRows == 20)
        #expect(answers.warnings == ["10 rows are left out: the target is missing there"])
        let numbers = try survey(repeated("3", "5", "4.0"))
        #expect(
            numbers.classNames == ["3", "4", "5"] && numbers.taskReason == "3 different whole numbers without a hole")
        #expect(try survey(repeated("-1", "1")).classNames == ["-1", "1"])
        #expect(try survey(repeated("0", "1")).classNames == ["0", "1"])
        let holes = try survey(repeated("1", "2", "4"))
        #expect(holes.task == .regression && holes.taskReason == "3 different whole numbers with holes between them")
        #expect(try survey(repeated("1", "2", "3", times: 14)).taskReason == "3 different whole numbers in few rows")
        #expect(try survey((0..<200).map { "\($0 % 11)" }).task == .regression)
        #expect(try survey((0..<200).map { "\($0 % 10)" }).task == .classification)
        #expect(try survey(repeated("1.5", "2.5", "3")).task == .regression)
        #expect(try survey(["1", "2"] + repeated("None", "Apnea")).task == .classification)
        // Nobody's disorder is a class, not a gap.
        #expect(try survey(repeated("None", "Apnea", "Insomnia")).classNames == ["Apnea", "Insomnia", "None"])
        #expect(try survey(repeated("1", "2", "3")) { $0.task = .regression }.task == .regression)
        #expect(try survey((0..<40).map { "\($0 % 20)" }) { $0.task = .classification }.classNames.count == 20)
    }

    @Test func theLossHasASay() throws {
        let rows = repeated("1", "2", "3").enumerated().map { "\($0).5,\($1)\n" }.joined()
        let table = try TemporaryTable("x,y\n" + rows)
        let values = try table.load { $0.roles = .automatic }
        #expect(values.classNames == [] && values.training.y.prefix(3) == [1, 2, 3])
        #expect(values.survey?.taskReason == "the loss is one for values")
        let classes = try table.load(classes: true) { $0.roles = .automatic }
        #expect(classes.classNames == ["1", "2", "3"] && classes.training.y.prefix(3) == [0, 1, 2])
        let two = try TemporaryTable("x,y\n1,b\n2.5,a\n3,b\n").load { $0.roles = .automatic }
        #expect(two.training.y == [1, 0, 1] && two.classNames == ["a", "b"])
    }

    @Test func whatCannotBePredictedIsOneLine() throws {
        #expect(try line(repeated("7")) == "t.csv: the target 'y' is '7' in every row; there is nothing to predict")
        #expect(try line(repeated("?", "")) == "t.csv: the target 'y' has no values")
        #expect(
            try line(repeated("2020-01-05", "2021-03-04"))
                == "t.csv: the target 'y' holds dates; expected numbers or classes, or task = \"classification\"")
        #expect(
            try line((0..<60).map { "a\($0)" }, classes: true)
                == "t.csv: the target 'y' holds text that differs from row to row; expected classes or numbers")
        #expect(
            try line(repeated("a", "b", "c"))
                == "t.csv: the target 'y' has 3 classes; expected numbers, or a loss for classes such as "
                + "sparse_categorical_crossentropy")
        #expect(
            try line(repeated("1.5", "2.5", "3"), classes: true)
                == "t.csv: the target 'y' has values from 1.5 to 3.0, not all whole; expected classes: text or whole "
                + "numbers")
        #expect(
            try line(repeated("a", "b")) { $0.task = .regression }
                == "t.csv: the target 'y' is no number; expected numbers for a regression")
        #expect(
            try line(repeated("1", "2", "5"), classes: true) { $0.task = .regression }
                == "t.csv: the target 'y' is to be values, but the loss is one for classes")
        #expect(
            try line(repeated("1", "2", "9")) { $0.targets = ["z"] }
                == "t.csv: no column is named 'z', wanted as target: the columns are x, y")
        #expect(
            try line(["1", "2.5", "4"]) { ($0.testFraction, $0.validationFraction) = (0.5, 0.5) }
                == "t.csv: 3 rows are too few to split: none would be left to train on with test_fraction 0.5, "
                + "validation_fraction 0.5")
        #expect(
            try line(["1", "2.5", "4"]) { $0.stratify = true }
                == "t.csv: stratify = true needs classes, but the target is values")
    }

    @Test func everySetHasItsShareOfEveryClass() throws {
        let cells = (0..<203).map { $0 < 3 ? ["one", "two", "two"][$0] : $0 % 10 == 0 ? "b" : "a" }
        let table = try TemporaryTable("x,y\n" + cells.enumerated().map { "\($0).5,\($1)\n" }.joined())
        for seed in UInt64(1)...5 {
            let data = try table.load(classes: true, seed: seed) {
                ($0.roles, $0.testFraction, $0.validationFraction) = (.automatic, 0.25, 0.25)
            }
            let sets = try [data.training, #require(data.validation), #require(data.test)]
            func count(_ set: Int, _ value: Float) -> Int { sets[set].y.count { $0 == value } }
            #expect(sets.map(\.rows) == [114, 38, 51])
            #expect((0..<3).map { count($0, 1) } == [11, 4, 5])
            // The one row of a class trains.
            #expect(count(0, 2) == 1 && count(0, 3) >= 1)
            #expect(
                data.warnings == [
                    "the class 'one' has one row: it is trained with, and nothing tells how well it is known"
                ])
            #expect(sets.flatMap(\.x).count == 203)
        }
        let most = try table.load(classes: true) { ($0.roles, $0.testFraction) = (.automatic, 0.9) }
        #expect(most.test?.rows == 183 && Set(most.training.y) == [0, 1, 2, 3])
        let plain = try table.load(classes: true) {
            ($0.roles, $0.stratify, $0.testFraction) = (.automatic, false, 0.5)
        }
        #expect(plain.test?.rows == 102)
    }
}
