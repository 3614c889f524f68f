import Foundation
import Testing
import TrainCore

@testable import Tabular

/// The rows of data sets, looked up again in their file.
@Suite struct RowOriginTests {
    /// A table of 500 rows with blank lines, quotes and line ends in cells: the line that each row begins in, and its cells.
    private static func table() -> (text: String, lines: [RowOrigin.Line]) {
        var text = "\nid,note,value,target\n"
        var line = 3
        var lines: [RowOrigin.Line] = []
        for row in 0..<500 {
            if row % 13 == 4 {
                text += "\n"
                line += 1
            }
            let note = row % 7 == 0 ? "first\nsecond" : row % 5 == 0 ? "a \"word\", or two" : "plain \(row)"
            let cells = ["r\(row)", note, "\(row % 31)", "\(Double(row % 31) * 2 + Double(row % 3) + 0.25)"]
            lines.append(RowOrigin.Line(number: line, cells: cells))
            text += "\(cells[0]),\"\(note.replacing("\"", with: "\"\""))\",\(cells[2]),\(cells[3])\n"
            line += row % 7 == 0 ? 2 : 1
        }
        return (text, lines)
    }

    @Test("every row of every set is found where it stands", arguments: [true, false])
    func found(areAutomatic: Bool) throws {
        let (text, lines) = Self.table()
        let file = try TemporaryTable(text)
        let data = try file.load(["target"]) { recipe in
            (recipe.testFraction, recipe.validationFraction) = (0.25, 0.25)
            if areAutomatic { recipe.roles = .automatic }
        }
        #expect(data.origin.columns == ["id", "note", "value", "target"])
        var seen: Set<Int> = []
        for (use, set) in [(RowOrigin.Use.training, data.training), (.validation, data.validation), (.test, data.test)]
        {
            let set = try #require(set)
            let found = try data.origin.lines(of: Array(0..<set.rows), in: use)
            for (row, line) in found.enumerated() {
                #expect(lines.contains(line))
                #expect(seen.insert(line.number).inserted)
                let target = data.featureSpace.targets[0].decode(set.y[row])
                #expect(abs(target - (Double(line.cells[3]) ?? .nan)) < 1e-4)
            }
        }
        #expect(seen.count == 500)
    }

    @Test("a file that was changed since is not looked up in")
    func changed() throws {
        let file = try TemporaryTable(Self.table().text)
        let data = try file.load(["target"])
        try FileHandle(forUpdating: URL(filePath: "\(file.directory)/t.csv")).truncate(atOffset: 2000)
        #expect(throws: DataError.self) { try data.origin.lines(of: [0], in: .training) }
    }
}
