import TrainCore

/// One of the parts that rows are dealt into, to validate on each of them once.
public struct Fold: Sendable, Equatable {
    /// Its number, from 1.
    public let number: Int
    /// How many there are, at least 2.
    public let count: Int

    /// A fold. Traps where there is none of that number.
    public init(_ number: Int, of count: Int) {
        precondition(count > 1 && (1...count).contains(number), "fold \(number) of \(count)")
        self.number = number
        self.count = count
    }
}

extension RowSplit {
    /// The same test rows; of the others, those of the fold validate and all the rest train. Nil where either would have
    /// none.
    ///
    /// The rows are dealt in the split's random order, class by class.
    ///
    /// - Parameter classes: for each row its class, from 0; nil for values.
    func fold(_ fold: Fold, classes: [Int]?, seed: UInt64) -> RowSplit? {
        let rows = self.uses.indices.filter { self.uses[$0] != .dropped }
        var dealt: [Int: Int] = [:]
        var uses = self.uses
        for place in permutation(of: rows.count, philox: Philox(seed: seed, stream: .split)) {
            let row = rows[Int(place)]
            guard uses[row] != .testing else { continue }
            let turn = dealt[classes?[row] ?? 0, default: 0]
            dealt[classes?[row] ?? 0] = turn + 1
            uses[row] = turn % fold.count == fold.number - 1 ? .validation : .training
        }
        let split = RowSplit(uses: uses)
        return split.training > 0 && split.validation > 0 ? split : nil
    }
}
