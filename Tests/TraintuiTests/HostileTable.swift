/// A table whose cells are written in many ways, some of them none.
enum HostileTable {
    /// For each column what its cells are in the table to train on, and what else they are in the other one.
    private static let columns: [(name: String, role: String, usual: @Sendable (Int) -> String, others: [String])] = [
        (
            "n", "number", { "\($0 * 37 % 500).\($0 % 10)" },
            [
                "1,234.5", "1,23", "12,34,567", "$5", "-$ 5", "5 %", "(3)", "( 3", "+7", "--7", "\u{2212}8", "1e2",
                "1,000e2",
                ".5", "5.", "5.5.5", "1 234", "1'234", "1,234 567", "€7€", "7%%", "inf", "1e99", "none", "n.a.", "x",
                "\u{A0}4",
            ]
        ),
        (
            "k", "number", { "\($0 * 31 % 500),\($0 % 10)5" },
            [
                "1.234,5", "1.234", "12.5", "12.", ".5", ",5", "1.23.4", "1.234.567", "5,5,5", "5,5.5", "1 234,5",
                "1e2", "7 €",
            ]
        ),
        (
            "y", "date", { "20\(two($0 % 40))-\(two(1 + $0 % 12))-\(two(1 + $0 % 28)) \(two($0 % 24)):30" },
            [
                "2024-2-30", "2024/2/29", "2024-1/2", "20240131", "20240131T1345", "20240131T134501Z",
                "2024-01-31T13:45:00.5Z",
                "2024-01-31 1:45 PM", "2024-01-31, 13:05", "2024-01-31 13:45 PM", "2024-01-31 24:00",
                "2024-01-31 13:45+01:00",
                "2024-01-31 13:45 +0100", "2024-01-311", "0000-01-01", "0001-01-01", "9999-12-31", "2024-01-31 x", "NA",
                "2024-01-31 23:59:60", "2024-01-31T1345Z", "1900-02-29", "2000-02-29",
            ]
        ),
        (
            "m", "date", { "\(1 + $0 % 12)/\(1 + $0 % 28)/20\(two($0 % 40))" },
            ["13/1/2024", "1/2/68", "1/2/69", "1/2/024", "1-2/2024", "01-02-2024 3:04am", "2/29/2023", "12.31.1999"]
        ),
        (
            "d", "date", { "\(two(1 + $0 % 28)).\(two(1 + $0 % 12)).20\(two($0 % 40))" },
            ["31.4.2024", "1.2.68", "29/02/2024", "1.2.2024, 13:05:06,75", "1.2.2024T130506"]
        ),
        (
            "w", "date", { "Mar \(1 + $0 % 28), 20\(two($0 % 40))" },
            [
                "31-Jan-2024", "Sept 3 99", "september3.2001", "JUNE 5,2001", "Ju 5, 2001", "5May01", "May 5 20011",
                "May 123",
                "Feb 29, 2023", "Dec-31-1999 5 pm", "Dec-31-1999 5:00 p.m.",
            ]
        ),
        (
            "h", "date", { "\(two($0 % 24)):\(two($0 * 7 % 60))" },
            [
                "1:45", "01:45:10", "1:5", "12:00 AM", "12:00pm", "0:10 AM", "23:59:60", "25:00", "1345", "7:30Z",
                " 7:30",
            ]
        ),
        (
            "c", "category", { ["Red", "caf\u{E9}", "1", "-2", "ΟΔΟΣ", "ß", "1.5"][$0 % 7] },
            [
                " red\u{A0}", "cafe\u{301}", "CAF\u{C9}", "1.0", "1.", "01", "-2.00", "--2", "οδος", "οδοσ", "\u{1E9E}",
                "ss", "?",
                "null", "none", "1.50", "",
            ]
        ),
        ("b", "yes_no", { ["yes", "no"][$0 * $0 % 3 % 2] }, ["YES", " No ", "none", "maybe", "", "y"]),
    ]

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// The options that say what the columns are.
    static let options = ["--target", "t"] + columns.flatMap { ["--role", "\($0.name)=\($0.role)"] }

    /// Lines with semicolons between cells in quotes: first usual rows, then one for each of the others.
    static func text(hasOthers: Bool) -> String {
        let rows = 300
        let most = columns.map(\.others.count).max() ?? 0
        var lines = [(columns.map(\.name) + ["t"]).joined(separator: ";")]
        for row in 0..<rows + (hasOthers ? most : 0) {
            let cells = columns.map { column in
                // Some gaps among the usual ones, so that there is a feature for them.
                let cell =
                    row < rows
                    ? row % 9 == 0 ? "" : column.usual(row) : column.others[(row - rows) % column.others.count]
                return "\"\(cell)\""
            }
            lines.append((cells + ["\(row * 53 % 101)"]).joined(separator: ";"))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
