import CKernels
import Foundation
import Testing
import TrainCore

/// What the kernels tell of a table's text, beside what a walk from byte to byte tells.
@Suite struct TextTests {
    /// Bytes of the kinds that matter, mostly harmless ones, and as many quotes as asked for.
    private static func text(_ count: Int, seed: UInt64, quotes: Int) -> [UInt8] {
        let philox = Philox(seed: seed, stream: 3)
        let kinds = Array(",,,\n\r\u{0}abc1234567".utf8) + [0xC3] + Array(repeating: 0x22, count: quotes)
        return (0..<count).map { kinds[Int(philox.block(UInt32($0), 0, 0, 0).0) % kinds.count] }
    }

    /// The rows of the bytes by the definition, one byte after the other.
    private static func rows(_ bytes: [UInt8], isInQuotes: Bool) -> ck_text_rows {
        var rows = ck_text_rows()
        var isInQuotes = isInQuotes
        var mayOpen = !isInQuotes
        for (index, byte) in bytes.enumerated() {
            if byte == 0x22 {
                if !isInQuotes, !mayOpen { rows.has_stray_quotes = true }
                isInQuotes.toggle()
                // Another one goes on with the cell.
                mayOpen = !isInQuotes
                continue
            }
            mayOpen = byte == 0x2C || byte == 0x0A
            guard byte == 0x0A, !isInQuotes else { continue }
            if rows.count == 0 { rows.first_end = index + 1 }
            rows.last_end = index + 1
            rows.count += 1
        }
        return rows
    }

    private static func describe(_ rows: ck_text_rows) -> String {
        "\(rows.count) rows from \(rows.first_end) to \(rows.last_end), stray: \(rows.has_stray_quotes)"
    }

    @Test("a survey tells what a walk from byte to byte tells", arguments: Level.available)
    func surveys(level: Level) {
        for count in Array(0...200) + [1000, 4099] {
            for quotes in [0, 1, 4] {
                let bytes = Self.text(count, seed: UInt64(count), quotes: quotes)
                var survey = ck_text_survey()
                level.table.survey_text(bytes, count, 0x2C, &survey)
                #expect(survey.quotes == bytes.count { $0 == 0x22 })
                #expect(survey.has_zeros == bytes.contains(0))
                #expect(survey.has_non_ascii == bytes.contains { $0 >= 0x80 })
                #expect(Self.describe(survey.outside) == Self.describe(Self.rows(bytes, isInQuotes: false)))
                #expect(Self.describe(survey.inside) == Self.describe(Self.rows(bytes, isInQuotes: true)))
            }
        }
    }

    /// Cells that are no numbers, or not plain ones.
    private static let others = [
        "", "-", "north", "1.2.3", "1e5", "12345678x", "NaN", "n", "nu", "i", "Infinity", "-inf", "south-west", "No",
        "été",
    ]

    /// Whether a cell is text, told by its first letter and the second.
    private static func isSurelyText(_ cell: String) -> Bool {
        cell.wholeMatch(of: /-?[a-zé].*/.ignoresCase()) != nil
            && cell.wholeMatch(of: /-?(na|nu|in).*/.ignoresCase()) == nil
    }

    /// Numbers of all shapes and texts that are none, in quotes and not, so that each stands at every place of a block.
    @Test("numbers in a table are those that the standard library reads", arguments: Level.available)
    func numbers(level: Level) throws {
        let philox = Philox(seed: 5, stream: 1)
        var (cells, starts, text) = ([[String]](), [[Int]](), "")
        for row in 0..<3000 {
            var line: [String] = []
            for column in 0..<3 {
                let words = philox.block(UInt32(row), UInt32(column), 0, 0)
                let digits = String(String(UInt64(words.0) << 32 | UInt64(words.1)).prefix(1 + Int(words.2 % 18)))
                let dot = digits.index(digits.startIndex, offsetBy: Int(words.3 >> 8) % (digits.count + 1))
                let sign = words.3 & 1 == 0 ? "" : "-"
                let number = sign + (words.3 & 6 == 0 ? digits : digits[..<dot] + "." + digits[dot...])
                line.append(words.3 & 0xF0 == 0 ? Self.others[row % Self.others.count] : number)
            }
            cells.append(line)
            let written = line.enumerated().map { (row + $0) % 4 == 0 ? "\"\($1)\"" : $1 }
            starts.append((0..<3).map { text.utf8.count + written[..<$0].reduce(0) { $0 + $1.utf8.count + 1 } })
            text += written.joined(separator: ",") + (row % 3 == 0 ? "\r\n" : "\n") + (row % 100 == 0 ? "\n" : "")
        }
        var place = ck_table_place()
        let (rows, odd, tallies) = Self.read(Array(text.utf8), level, from: &place)
        // The last bytes are left to another way.
        #expect(rows.count > 2980)
        for (row, numbers) in rows.enumerated() {
            for slot in 0..<3 {
                let isPlain = cells[row][slot].wholeMatch(of: /-?(\d+\.?\d*|\.\d+)/) != nil
                if Self.isSurelyText(cells[row][slot]) {
                    #expect(numbers[slot].isNaN && !odd.contains([row, slot]))
                } else if !odd.contains([row, slot]) {
                    let expected = try #require(Float(cells[row][slot]), "\(cells[row][slot])")
                    #expect(isPlain && numbers[slot].bitPattern == expected.bitPattern, "\(cells[row][slot])")
                } else if isPlain {
                    // Only next to the midpoint between two floats.
                    let exact = try #require(Double(cells[row][slot]))
                    let low = Float(exact)
                    let other = Double(low) < exact ? low.nextUp : low.nextDown
                    #expect(abs((Double(low) + Double(other)) / 2 - exact) < abs(exact) * 1e-14, "\(cells[row][slot])")
                }
            }
        }
        for (slot, tally) in tallies.enumerated() {
            let read = place.row + (slot < place.column ? 1 : 0)
            let texts = cells.indices.prefix(read).filter { Self.isSurelyText(cells[$0][slot]) }
            #expect(tally.texts == texts.count && tally.first_text == starts[texts[0]][slot])
        }
    }

    @Test("a row with too many cells is left before its last column, and behind it", arguments: Level.available)
    func cellsTooMany(level: Level) throws {
        let before = String(repeating: "1,2,3\n", count: 40)
        let bytes = Array((before + "1,2,3,4,5\n" + before).utf8)
        var place = ck_table_place()
        #expect(Self.read(bytes, level, from: &place).rows.count == 40)
        #expect(place.position == before.utf8.count + 4)
        // The cell that was left is read in another way, and what follows is behind the table's columns.
        (place.position, place.column) = (before.utf8.count + 6, 3)
        #expect(Self.read(bytes, level, from: &place).odd.isEmpty)
        #expect(place.position == before.utf8.count + 6 && place.row == 40)
    }

    /// The rows of three columns that the kernel reads by itself, from a place on, the row and slot of each odd cell, and
    /// what was seen in the columns. Behind the table's columns are places that a number may not have.
    private static func read(
        _ bytes: [UInt8], _ level: Level, from place: inout ck_table_place
    ) -> (rows: [[Float]], odd: Set<[Int]>, tallies: [ck_column_tally]) {
        let slots: [Int32] = [0, 1, 2, 9, 9]
        var output = [Float](repeating: .nan, count: bytes.count * 3)
        var tallies = [ck_column_tally](repeating: ck_column_tally(), count: 3)
        var odd = [ck_odd_cell](repeating: ck_odd_cell(), count: bytes.count)
        var oddCount = 0
        bytes.withUnsafeBufferPointer { bytes in
            slots.withUnsafeBufferPointer { slots in
                output.withUnsafeMutableBufferPointer { output in
                    tallies.withUnsafeMutableBufferPointer { tallies in
                        odd.withUnsafeMutableBufferPointer { odd in
                            var table = ck_table_text(
                                bytes: bytes.baseAddress!, count: bytes.count, delimiter: 0x2C,
                                slots: slots.baseAddress!, columns: 3, width: 3)
                            var numbers = ck_numbers(
                                output: output.baseAddress!, tallies: tallies.baseAddress!,
                                odd: odd.baseAddress!, odd_count: 0, most_odd: odd.count)
                            level.table.read_numbers(&table, bytes.count, &place, &numbers)
                            oddCount = numbers.odd_count
                        }
                    }
                }
            }
        }
        let rows = (0..<place.row).map { Array(output[$0 * 3..<$0 * 3 + 3]) }
        return (rows, Set(odd.prefix(oddCount).map { [$0.row, $0.slot] }), tallies)
    }
}
