/// How much two columns have to do with each other, from 0 for nothing to 1; nil where one of them is always the same.
package enum Association {
    /// Pearson's correlation of two columns of numbers, from -1 to 1: numpy's `corrcoef`.
    package static func correlation(_ left: [Float], _ right: [Float]) -> Double? {
        precondition(left.count == right.count, "columns of the same rows")
        let count = Double(left.count)
        let (a, b) = (left.reduce(0) { $0 + Double($1) } / count, right.reduce(0) { $0 + Double($1) } / count)
        var (products, squaresLeft, squaresRight) = (0.0, 0.0, 0.0)
        for (x, y) in zip(left, right) {
            let (dx, dy) = (Double(x) - a, Double(y) - b)
            products += dx * dy
            squaresLeft += dx * dx
            squaresRight += dy * dy
        }
        guard squaresLeft > 0, squaresRight > 0 else { return nil }
        return products / (squaresLeft * squaresRight).squareRoot()
    }

    /// The root of the share of the numbers' variance that lies between groups, the correlation ratio (Fisher 1925): how well
    /// a row's group tells its number.
    package static func correlationRatio(_ numbers: [Float], groups: [Int]) -> Double? {
        precondition(numbers.count == groups.count, "columns of the same rows")
        let mean = numbers.reduce(0) { $0 + Double($1) } / Double(max(1, numbers.count))
        var sums: [Int: (sum: Double, count: Double)] = [:]
        var all = 0.0
        for (number, group) in zip(numbers, groups) {
            let own = sums[group] ?? (0, 0)
            sums[group] = (own.sum + Double(number), own.count + 1)
            all += (Double(number) - mean) * (Double(number) - mean)
        }
        guard sums.count > 1, all > 0 else { return nil }
        let between = sums.values.reduce(0) { $0 + $1.count * ($1.sum / $1.count - mean) * ($1.sum / $1.count - mean) }
        return (min(1, between / all)).squareRoot()
    }

    /// Cramér's V of two columns of groups (1946), without a correction: how well the one tells the other.
    package static func contingency(_ left: [Int], _ right: [Int]) -> Double? {
        precondition(left.count == right.count, "columns of the same rows")
        var (rows, columns, cells) = ([Int: Double](), [Int: Double](), [Int: [Int: Double]]())
        for (a, b) in zip(left, right) {
            rows[a, default: 0] += 1
            columns[b, default: 0] += 1
            cells[a, default: [:]][b, default: 0] += 1
        }
        let least = min(rows.count, columns.count) - 1
        guard least > 0 else { return nil }
        // Cells that are empty add what is expected of them: the sum over all is told by those that are not.
        let sum = rows.reduce(0.0) { sum, row in
            sum + (cells[row.key] ?? [:]).reduce(0) { $0 + $1.value * $1.value / (row.value * (columns[$1.key] ?? 1)) }
        }
        return max(0, (sum - 1) / Double(least)).squareRoot()
    }
}
