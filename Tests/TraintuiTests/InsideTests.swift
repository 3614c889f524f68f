import Foundation
import Testing

extension Program {
    /// From a spike of the loss to the rows behind it.
    @Suite(.serialized)
    struct Inside {
        /// 400 flats, in 20 of which somebody wrote the price in cents; returns the table and the lines of those.
        private static func flats() -> (text: String, lines: Set<Int>) {
            var text = "flat,area,town,floor,price\n"
            var lines: Set<Int> = []
            for row in 0..<400 {
                // Looks like chance, and is the same each time.
                let draw = { (salt: Int, count: Int) in (row * row * 31 + salt * (row * 17 + 5)) % 1009 % count }
                let (area, town, floor) = (30 + draw(1, 120), ["Bari", "Rome", "Turin"][draw(2, 3)], draw(3, 7))
                var price = 1500 * area + 2000 * floor + (town == "Rome" ? 90_000 : 20_000)
                if row % 20 == 11 {
                    price *= 100
                    lines.insert(row + 2)
                }
                text += "F-\(10_000 + row * 7919 % 9973),\(area),\(town),\(floor),\(price)\n"
            }
            return (text, lines)
        }

        /// The lines of the table that the pane of that title shows.
        private static func lines(_ screen: String, below title: String) -> [Int] {
            let rows = screen.split(separator: "\n").drop { !$0.contains(title) }.dropFirst(2)
            return rows.compactMap { row in
                let cells = row.split { $0 == "│" || $0 == "┃" }.first.map { $0.split(separator: " ") } ?? []
                return cells.first.flatMap { Int($0.filter { $0 != "," }) }
            }
        }

        @Test("20 rows with a wrong price are found with three keys")
        func spikeToRows() throws {
            let folder = try Folder()
            let (text, wrong) = Self.flats()
            try folder.write("flats.csv", text)
            let terminal = try Tmux(
                "--data flats.csv --target price --test-fraction 0 --epochs 30 --pace 0 --no-journal", width: 110,
                height: 50, in: folder)
            try terminal.wait(for: "flats.csv", "space")
            try terminal.keys("Space")
            try terminal.wait(for: "● DONE")
            try terminal.keys("Escape")
            try terminal.wait("the card is closed") { !$0.contains("━ done ━") }

            // The spike, the rows behind it, and all that are like them.
            try terminal.keys("p")
            try terminal.keys("6")
            let batch = try terminal.waitForStillness(with: "━ 6 batch", "predicted")
            let first = try #require(Self.lines(batch, below: "━ 6 batch").first)
            #expect(wrong.contains(first), "\(batch)")
            try terminal.keys("a")
            let all = try terminal.waitForStillness(with: "━ 6 worst rows", "400 rows", "predicted")
            let found = Self.lines(all, below: "━ 6 worst rows").prefix(20)
            #expect(Set(found) == wrong, "\(all)")
        }

        @Test("of a table whose columns the job names, too, what each holds and is worth is shown")
        func namedColumns() throws {
            let terminal = try Tmux("--epochs 2 --pace 0 --no-journal --seed 42", width: 110, height: 36)
            try terminal.wait(for: "● DONE")
            try terminal.keys("Escape")
            try terminal.keys("d")
            let table = try terminal.waitForStillness(with: "━ storms.csv", "importance", "±")
            func row(_ name: String) throws -> Substring {
                try #require(table.split(separator: "\n").first { $0.contains(" \(name) ") })
            }
            // Of the columns it is the pressure that says how strong the wind is, as numpy's corrcoef says, too.
            #expect(try row("pressure").contains("−0.9"), "\(table)")
            #expect(try row("wind").contains("the target"), "\(table)")
            #expect(!table.contains("gaps") && !table.contains("why"), "\(table)")
        }
    }
}
