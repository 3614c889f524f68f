/// A table with a column of each kind, made by counting: the same rows each time.
enum MixedTable {
    static let columns = ["area", "share", "colour", "code", "owner", "flag", "built", "seen", "hour"]

    /// Rows with three things to predict: `price`, a number; `sold`, one of two; `grade`, one of three.
    ///
    /// - Parameter isOther: whether there are texts in it that the other table has not.
    static func text(rows: Int, isOther: Bool = false) -> String { text(lines(rows: rows, isOther: isOther)) }

    /// Lines of cells, the names first.
    static func text(_ lines: [[String]]) -> String { lines.map { $0.joined(separator: ",") + "\n" }.joined() }

    /// The cells of ``text(rows:isOther:)``, the names first, in quotes where they take them.
    static func lines(rows: Int, isOther: Bool = false) -> [[String]] {
        var lines = [columns + ["price", "sold", "grade"]]
        for row in 0..<rows {
            // A sequence that looks like chance, of the quadratic residues.
            func draw(_ salt: Int, _ count: Int) -> Int {
                ((row + 7) * (row + 7) * 31 + salt * (row * 13 + 5)) % 1009 % count
            }
            let area = 20 + draw(1, 200)
            let colours = ["red", "Red", " red ", "caf\u{E9}", "cafe\u{301}", "dark blue", "NA", "", "RED", "none"]
            let colour = isOther && row % 11 == 0 ? "plaid" : colours[draw(2, 10)]
            let code = ["01", "7", "7.0", "12", "12.00", "9"][draw(3, 6)]
            let owner = ["yes", "no", "Yes", "NO", "unknown"][draw(4, 5)]
            let flag = isOther && row % 17 == 0 ? "yes" : ["0", "1", "1.0", ""][draw(5, 4)]
            let built = row % 23 == 0 ? "-" : "\(1890 + draw(6, 140))-\(two(1 + draw(7, 12)))-\(two(1 + draw(8, 28)))"
            let seen =
                row % 31 == 0
                ? "" : "2024-\(two(1 + draw(9, 12)))-\(two(1 + draw(10, 28))) \(two(draw(11, 24))):\(two(draw(12, 60)))"
            let hour = "\(two(draw(13, 24))):\(two(draw(14, 60)))"
            let cells = [
                row % 9 == 0 ? ["", "NA", "?"][row % 3] : "\(area)", row % 40 == 0 ? "n/a" : "\(draw(15, 1000)).5%",
                "\"\(colour)\"", code, owner, flag, built, seen, hour,
            ]
            let price = 1000 * area + 500 * draw(2, 10) + 40 * draw(15, 1000)
            let sold = area + 10 * draw(4, 5) > 130 ? "yes" : "no"
            let grade = ["low", "middling, or so", "high"][min(2, price / 90_000)]
            lines.append(cells + ["\(price)", sold, "\"\(grade)\""])
        }
        return lines
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// A job for the table with these layers, the columns' kinds found out.
    static func job(target: String, ignoring: [String], layers: [(units: Int, activation: String)], loss: String)
        -> String
    {
        """
        seed = 5
        [data]
        path = "rows.csv"
        target = "\(target)"
        missing = "median"
        scaling = "\(layers.count.isMultiple(of: 2) ? "standard" : "robust")"
        \(layers.count.isMultiple(of: 2) ? "pieces = 7" : "")
        [data.roles]
        code = "category"
        \(ignoring.map { "\($0) = \"ignore\"" }.joined(separator: "\n"))
        [data.derive]
        density = "share / area"
        [model]
        loss = "\(loss)"
        metrics = []
        """ + "\n"
            + layers.map { "[[model.layers]]\nunits = \($0.units)\nactivation = \"\($0.activation)\"\n" }.joined()
            + "[training]\nepochs = 3\nbatch_size = 16\n"
    }
}
