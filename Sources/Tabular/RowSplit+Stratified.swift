import TrainCore

// Splits that give each set its share of every class.
extension RowSplit {
    /// Splits the rows that are kept, class by class; nil where none would be left to train on.
    ///
    /// As many rows test and validate as without classes. Each class gives its share of them, rounded down, and those that
    /// are left over come from the classes that lost most by that; but each class keeps a row to train with. Which rows
    /// these are the same random order decides.
    ///
    /// - Parameter classes: for each row its class, from 0; whatever it is where a row is not kept.
    init?(
        stratified classes: [Int], kept: [Bool], testFraction: Double, validationFraction: Double, seed: UInt64
    ) {
        let rows = kept.indices.filter { kept[$0] }
        let order = permutation(of: rows.count, philox: Philox(seed: seed, stream: .split))
        var members = Array(repeating: [Int](), count: (rows.map { classes[$0] }.max() ?? -1) + 1)
        for place in order { members[classes[rows[Int(place)]]].append(rows[Int(place)]) }
        let testing = Self.shares(of: Self.part(testFraction, of: rows.count), among: members.map(\.count))
        let left = zip(members, testing).map { $0.count - $1 }
        let validation = Self.shares(
            of: Self.part(validationFraction, of: left.reduce(0, +)), among: left)
        var uses = [Use](repeating: .dropped, count: kept.count)
        for (index, members) in members.enumerated() {
            for (place, row) in members.enumerated() {
                uses[row] =
                    place < testing[index]
                    ? .testing : place < testing[index] + validation[index] ? .validation : .training
            }
        }
        self.init(uses: uses)
        guard training > 0 else { return nil }
    }

    /// So many of the rows, of each class its share, but never all.
    private static func shares(of wanted: Int, among counts: [Int]) -> [Int] {
        let rows = counts.reduce(0, +)
        guard rows > 0 else { return counts }
        let ideal = counts.map { Double(wanted) * Double($0) / Double(rows) }
        var shares = zip(ideal, counts).map { max(0, min(Int($0), $1 - 1)) }
        let ranked = counts.indices.sorted { left, right in
            let (lost, other) = (ideal[left] - Double(shares[left]), ideal[right] - Double(shares[right]))
            return lost == other ? left < right : lost > other
        }
        var missing = wanted - shares.reduce(0, +)
        while missing > 0 {
            let before = missing
            for index in ranked where missing > 0 && shares[index] < counts[index] - 1 {
                shares[index] += 1
                missing -= 1
            }
            // Every class is down to its last row.
            if missing == before { break }
        }
        return shares
    }
}
