import Tabular
import Testing

/// What columns are found to be.
@Suite struct ColumnRoleTests {
    private func survey(
        _ text: String, _ targets: [String] = [], _ roles: [String: ColumnRole] = [:]
    ) throws -> TableSurvey {
        let table = try TemporaryTable(text)
        let recipe = TableRecipe(source: .path("t.csv"), targets: targets, roles: .automatic(roles))
        return try SurveyedTable.read(recipe, relativeTo: table.directory).survey
    }

    private func column(_ name: String, _ cells: [String]) throws -> SurveyedColumn {
        let survey = try survey("\(name)\tother\n" + cells.map { "\($0)\tx\n" }.joined())
        return try #require(survey.columns.first)
    }

    @Test func aTableMadeToMisleadDoesNot() throws {
        let survey = try survey(MisleadingTable.text)
        #expect(survey.rows == MisleadingTable.rows)
        for (column, expected) in zip(survey.columns, MisleadingTable.columns) {
            #expect(column.role == expected.role, "'\(expected.name)' is \(column.role): \(column.reason)")
            #expect((column.use == .feature) == expected.role.isUsed)
            #expect((column.features > 0) == expected.role.isUsed, "'\(expected.name)'")
            #expect(!column.reason.isEmpty)
        }
        #expect(survey.columns.count == MisleadingTable.columns.count)
        let slips = try #require(survey.columns.first { $0.name == "slips" })
        #expect(
            slips.reason == "whole numbers from 2 to 81; 2 cells are no number and a gap now, the first 'abc'")
        #expect(slips.gaps == 2)
        #expect(
            survey.warnings == [
                "the column 'slips' has 2 cells that are no number, such as 'abc': gaps now"
            ])
        let sex = try #require(survey.columns.first { $0.name == "sex" })
        #expect(sex.distinct == 2 && sex.features == 1)
        let price = try #require(survey.columns.first { $0.name == "price" })
        #expect(price.reason.hasPrefix("whole numbers from 200"))
    }

    @Test func aPersonMaySayWhatAColumnIs() throws {
        let text = MisleadingTable.text
        let roles: [String: ColumnRole] = [
            "customer_id": .number, "store_id": .number, "year": .category, "remark": .ignore, "flag": .number,
            "sex": .yesNo, "day": .ignore,
        ]
        let found = try survey(text, ["price"], roles)
        for (name, role) in roles {
            let column = try #require(found.columns.first { $0.name == name })
            #expect(column.role == role && column.reason.hasPrefix("as was said; "), "\(name)")
        }
        #expect(found.columns.first { $0.name == "price" }?.use == .target)
        func line(_ name: String, _ role: ColumnRole) -> String {
            do {
                _ = try survey(text, ["price"], [name: role])
                return ""
            } catch {
                return "\(error)"
            }
        }
        #expect(line("sex", .number) == "t.csv: the column 'sex' cannot be number: none of its cells is a number")
        #expect(line("sex", .date) == "t.csv: the column 'sex' cannot be date: none of its cells is a date")
        #expect(line("zip", .yesNo) == "t.csv: the column 'zip' cannot be yes/no: it has 3 different values, not two")
        #expect(line("zap", .number) == "t.csv: no column is named 'zap', wanted as number: did you mean 'zip'?")
        #expect(
            line("price", .number)
                == "t.csv: the target 'price' has no role; task = \"classification\" or \"regression\" says what it is")
    }

    @Test func aCommaIsDecimalWhereItDoesNotSeparateCells() throws {
        let german = try column("preis", (0..<40).map { "1.\(100 + $0),5\($0 % 10)" })
        #expect(german.role == .number && german.minimum == 1100.5)
        #expect(german.reason == "numbers from 1100.5 to 1139.59, with a decimal comma")
        let mixed = try column("preis", (0..<40).map { $0 == 3 ? "7" : "\($0),25" })
        #expect(mixed.minimum == 0.25 && mixed.maximum == 39.25)
        let english = try column("price", (0..<40).map { "1,\(100 + $0).5" })
        #expect(english.minimum == 1100.5 && english.maximum == 1139.5)
    }

    @Test func aFeatureThatWasAskedForIsNotLeftOutInSilence() throws {
        let table = try TemporaryTable("id,x,y\n" + (0..<40).map { "\($0 + 7),\($0 * $0 % 31),\($0).5\n" }.joined())
        #expect(try table.load { $0.roles = .automatic }.warnings == [])
        let named = try table.load { ($0.roles, $0.features) = (.automatic, ["x", "id"]) }
        #expect(named.featureNames == ["x"])
        #expect(
            named.warnings == [
                "the feature 'id' is left out: identifier, named as an identifier, nearly all different"
            ])
        #expect(
            try table.load { ($0.roles, $0.features) = (.automatic(["id": .number]), ["x", "id"]) }.featureNames
                == ["x", "id"])
    }

    @Test func whatSettlesNothingIsSaid() throws {
        let ambiguous = (0..<60).map { "0\(1 + $0 % 9)/0\(1 + $0 % 7)/2020" }
        let text = "d,y\n" + ambiguous.map { "\($0),1\n" }.joined()
        let column = try #require(try survey(text).columns.first)
        #expect(column.reason == "dates as 01/31/2024; no day above 12 settles which comes first")
    }

    @Test func aTableOfAMillionDifferentTextsIsReadInProportion() throws {
        let rows = 60_000
        let text = "t,x\n" + (0..<rows).map { "text number \($0 * 7),\($0 % 10)\n" }.joined()
        let survey = try survey(text)
        #expect(survey.columns[0].role == .text && survey.columns[0].distinct == rows)
    }
}
