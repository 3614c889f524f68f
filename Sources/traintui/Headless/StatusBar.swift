/// The book's status bar: ` 3456/10989 [=========>....................] - mean: 1.0208 - mean_absolute_error: 0.6375`.
enum StatusBar {
    static let width = 30

    /// - Parameters:
    ///   - rows: rows that the epoch's batches have taken so far.
    ///   - total: rows there are to train on.
    ///   - columns: the terminal's, where the line is to be written over: it is shorter then, so that it never wraps. The last
    ///     metrics are left out first. nil for no bound.
    static func line(
        rows: Int, total: Int, meanLoss: Double?, metrics: [(name: String, value: Double?)], columns: Int? = nil
    ) -> String {
        let line = line(rows: rows, total: total, meanLoss: meanLoss, metrics: metrics)
        guard let columns, line.count >= columns else { return line }
        if metrics.isEmpty { return String(line.prefix(max(0, columns - 1))) }
        return Self.line(
            rows: rows, total: total, meanLoss: meanLoss, metrics: metrics.dropLast(), columns: columns)
    }

    private static func line(
        rows: Int, total: Int, meanLoss: Double?, metrics: [(name: String, value: Double?)]
    ) -> String {
        let bar = bar(rows, of: total, width: width)
        let count = String(rows)
        let padding = String(repeating: " ", count: max(0, String(total).count - count.count))
        return "\(padding)\(count)/\(total) [\(bar)]" + scores([("mean", meanLoss)] + metrics)
    }

    /// Values with their names: ` - loss: 0.4321 - mean_absolute_error: 0.5`.
    static func scores(_ values: [(name: String, value: Double?)]) -> String {
        values.map { " - \($0.name): \(fixed($0.value))" }.joined()
    }

    /// The bar alone: `=====>....`.
    static func bar(_ done: Int, of total: Int, width: Int) -> String {
        let filled = total > 0 ? Int(Double(width) * Double(min(done, total)) / Double(total)) : width
        return filled >= width
            ? String(repeating: "=", count: width)
            : String(repeating: "=", count: filled) + ">" + String(repeating: ".", count: width - filled - 1)
    }

    /// Four decimals, as the book prints them; a dash where there is no value.
    private static func fixed(_ value: Double?) -> String {
        guard let value else { return "-" }
        guard value.isFinite, abs(value) < 1e14 else { return "\(value)" }
        let scaled = (value * 10000).rounded(.toNearestOrEven)
        let whole = Int(abs(scaled)) / 10000
        let decimals = String(Int(abs(scaled)) % 10000)
        return "\(scaled < 0 ? "-" : "")\(whole).\(String(repeating: "0", count: 4 - decimals.count))\(decimals)"
    }
}
