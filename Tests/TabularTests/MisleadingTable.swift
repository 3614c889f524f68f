import Tabular

/// A table made to mislead: columns that look like something else, with what each of them is.
enum MisleadingTable {
    /// A column: its name, its role, and the cell of a row.
    struct Column: Sendable {
        let name: String
        let role: ColumnRole
        let cell: @Sendable (Int) -> String

        init(_ name: String, _ role: ColumnRole, _ cell: @escaping @Sendable (Int) -> String) {
            (self.name, self.role, self.cell) = (name, role, cell)
        }
    }

    static let rows = 240

    /// A number of 0 ..< `bound` that follows no order.
    static func mixed(_ row: Int, _ salt: Int, below bound: Int) -> Int {
        var word = UInt64(row * 1_000_003 + salt * 7_919 + 1)
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((word ^ (word >> 31)) % UInt64(bound))
    }

    private static func pick(_ row: Int, _ salt: Int, _ texts: String...) -> String {
        texts[mixed(row, salt, below: texts.count)]
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    static let columns: [Column] = [
        Column("", .identifier) { "\($0)" },
        Column("customer_id", .identifier) { "\(4_031_100_000 + $0 * 7919 % 100_003)" },
        Column("key", .identifier) { "k\(mixed($0, 1, below: 1 << 40))" },
        Column("counter", .identifier) { "\(240 - $0)" },
        Column("store_id", .category) { "\(mixed($0, 2, below: 6) + 100)" },
        Column("zip", .category) { pick($0, 3, "10115", "20095", "80331") },
        Column("branch", .category) { pick($0, 4, "007", "010", "012") },
        Column("price", .number) { "\(200_000 + $0 * 1000 + mixed($0, 5, below: 999))" },
        Column("sqft", .number) { "\"\(1 + mixed($0, 6, below: 3)),\(100 + mixed($0, 7, below: 900))\"" },
        Column("rate", .number) { "\(mixed($0, 8, below: 100))%" },
        Column("cost", .number) { "\"$\(mixed($0, 9, below: 9) + 1),200.50\"" },
        Column("fee", .number) { "€\(mixed($0, 10, below: 500))" },
        Column("blanks", .number) { "  \(mixed($0, 11, below: 50)).5 " },
        Column("gappy", .number) { pick($0, 12, "N/A", "?", "-", "\(mixed($0, 13, below: 90))", "7.25") },
        Column("slips", .number) { $0 == 100 ? "abc" : $0 == 200 ? "12b" : "\(mixed($0, 14, below: 80) + 2)" },
        Column("nearly", .number) { $0 % 3 == 0 ? "none" : "\(mixed($0, 15, below: 80))" },
        Column("dependents", .category) { pick($0, 16, "0", "1", "2", "3+") },
        Column("day", .date) { "2023-\(two(1 + mixed($0, 17, below: 12)))-\(two(1 + mixed($0, 18, below: 28)))" },
        Column("stamp", .date) { "2024-01-\(two(1 + $0 % 28))T\(two($0 % 24)):45:00Z" },
        Column("british", .date) { "\(two(1 + $0 % 28))/\(two(1 + $0 % 12))/2021" },
        Column("american", .date) { "\(two(1 + $0 % 12))/\(two(1 + $0 % 28))/2021" },
        Column("german", .date) { "\(two(1 + $0 % 9)).\(two(1 + $0 % 12)).2021" },
        Column("spoken", .date) { "\"\(pick($0, 19, "Jan", "Feb", "Sept")) \(1 + $0 % 28), 2022\"" },
        Column("clock", .date) { "\(two(mixed($0, 20, below: 24))):\(two(mixed($0, 21, below: 60)))" },
        Column("compact", .date) { "2019\(two(1 + $0 % 12))\(two(1 + $0 % 28))" },
        Column("smoker", .yesNo) { pick($0, 22, "Yes", "yes", "no", " NO", "", "unknown") },
        Column("flag", .yesNo) { "\(mixed($0, 23, below: 2))" },
        Column("truth", .yesNo) { pick($0, 24, "TRUE", "false", "True") },
        Column("sex", .category) { pick($0, 25, "Male", "male ", "FEMALE", "female") },
        Column("garage", .category) { pick($0, 26, "none", "attached", "detached", "NA") },
        Column("nothing", .empty) { pick($0, 27, "", "NA", "?", " ") },
        Column("same", .constant) { _ in "x" },
        Column("same_number", .constant) { _ in "3.50" },
        Column("mark", .category) { $0 % 4 == 0 ? "x" : "" },
        Column("remark", .text) { "the flat number \($0) has \(mixed($0, 28, below: 1000)) windows" },
        Column("street", .text) { "\(pick($0, 29, "Elm", "Oak")) street \(mixed($0, 30, below: 100))" },
        Column("year", .number) { "\(1990 + $0 % 30)" },
        Column("population", .number) { "\(20_000_000 + mixed($0, 31, below: 900_000_000))" },
    ]

    /// As a CSV file.
    static var text: String {
        let header = columns.map(\.name).joined(separator: ",")
        let lines = (0..<rows).map { row in columns.map { $0.cell(row) }.joined(separator: ",") }
        return ([header] + lines).joined(separator: "\n") + "\n"
    }
}
