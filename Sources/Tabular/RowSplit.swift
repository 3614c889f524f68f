import TrainCore

/// Which rows train, which validate and which test: a pure function of the number of rows, the fractions and the seed.
///
/// The rows are put in a random order; the first ones test, the next ones validate, the rest train. Within each set
/// rows keep the order of the file.
struct RowSplit {
    /// What a row is for.
    enum Use: UInt8 {
        case training, validation, testing, dropped

        /// The place of its data set among the three; nil for a row that is in none.
        var index: Int? { self == .dropped ? nil : Int(rawValue) }
    }

    /// For each row of the table, what it is for.
    let uses: [Use]
    /// Rows to train on.
    let training: Int
    /// Rows to validate on.
    let validation: Int
    /// Rows to test on.
    let testing: Int

    /// Splits the rows that are kept; nil where none would be left to train on.
    init?(kept: [Bool], testFraction: Double, validationFraction: Double, seed: UInt64) {
        let rows = kept.count { $0 }
        testing = Self.part(testFraction, of: rows)
        validation = Self.part(validationFraction, of: rows - testing)
        training = rows - testing - validation
        guard training > 0 else { return nil }
        let order = permutation(of: rows, philox: Philox(seed: seed, stream: .split))
        var usesOfKept = [Use](repeating: .training, count: rows)
        for index in 0..<testing + validation {
            usesOfKept[Int(order[index])] = index < testing ? .testing : .validation
        }
        var next = 0
        uses = kept.map { isKept in
            guard isKept else { return .dropped }
            next += 1
            return usesOfKept[next - 1]
        }
    }

    /// A split that was decided row by row.
    init(uses: [Use]) {
        self.uses = uses
        training = uses.count { $0 == .training }
        validation = uses.count { $0 == .validation }
        testing = uses.count { $0 == .testing }
    }

    /// A fraction of the rows, rounded up. A product that misses a whole number only by rounding is that number.
    static func part(_ fraction: Double, of rows: Int) -> Int {
        let product = fraction * Double(rows)
        let nearest = product.rounded()
        return Int(abs(product - nearest) < 1e-9 * Double(rows) ? nearest : product.rounded(.up))
    }
}
