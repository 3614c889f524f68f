package import TrainProtocol

/// Steps as a message tells them: one by one, or folded.
package struct WireSamples: Sendable, Equatable {
    /// The steps in order.
    package private(set) var samples: [Sample] = []
    /// The losses of the same steps where they came one by one, oldest first; nil where they came folded.
    package private(set) var losses: [Float]?

    /// Entries that a message may have.
    package static let mostEntries = 1 << 16

    /// Reads the params of `samples`.
    package init(_ members: Members) throws(WireError) {
        let branch = BranchID(try members.optionalCount("branch", from: 1) ?? 1)
        let first = try members.count("first", from: 1)
        if members.value("losses") != nil {
            try readSingle(members, branch: branch, first: first)
        } else {
            try readFolded(members, branch: branch, first: first)
        }
    }

    private mutating func readSingle(_ members: Members, branch: BranchID, first: Int) throws(WireError) {
        let losses = try members.numbers("losses")
        guard losses.count <= Self.mostEntries else { throw members.wrong("losses", "a list of fewer") }
        let rates = try Rates(members, count: losses.count)
        var metrics: [[Double?]] = []
        for column in try members.list("metrics").prefix(RunDescription.mostMetrics) {
            guard case .list(let values) = column, values.count == losses.count else {
                throw members.wrong("metrics", "as long as the losses")
            }
            metrics.append(values.map { if case .number(let number) = $0 { number } else { nil } })
        }
        samples.reserveCapacity(losses.count)
        for (index, loss) in losses.enumerated() {
            let folds = metrics.map { column in column[index].map { Fold(Float($0)) } ?? Fold() }
            samples.append(
                Sample(
                    branch: branch, firstStep: first + index, loss: Fold(loss.map { Float($0) } ?? .nan),
                    metrics: MetricFolds(folds), learningRate: rates[index]))
        }
        self.losses = losses.map { $0.map { Float($0) } ?? .nan }
    }

    private mutating func readFolded(_ members: Members, branch: BranchID, first: Int) throws(WireError) {
        let (widths, folds) = (try members.list("steps"), try members.list("folds"))
        guard widths.count == folds.count, folds.count <= Self.mostEntries else {
            throw members.wrong("folds", "as many as 'steps'")
        }
        let rates = try Rates(members, count: folds.count)
        var metrics: [[JSONTree]] = []
        for column in try members.list("metrics").prefix(RunDescription.mostMetrics) {
            guard case .list(let values) = column, values.count == folds.count else {
                throw members.wrong("metrics", "as long as the folds")
            }
            metrics.append(values)
        }
        var next = first
        for index in folds.indices {
            guard let width = Members.count(widths[index], from: 1), let loss = Fold(folds[index]),
                // What is counted must stay countable.
                next <= (1 << 53) - width
            else { throw members.wrong("folds", "lists of count, min, max, sum, squares, not_finite") }
            let own = metrics.map { Fold($0[index]) ?? Fold() }
            samples.append(
                Sample(
                    branch: branch, firstStep: next, lastStep: next + width - 1, loss: loss,
                    metrics: MetricFolds(own), learningRate: rates[index]))
            next += width
        }
    }

    /// Learning rates: one for all, one for each, or none.
    private struct Rates {
        private let values: [Double?]

        init(_ members: Members, count: Int) throws(WireError) {
            values = try members.numbers("rates")
            guard values.count <= 1 || values.count == count else {
                throw members.wrong("rates", "one number, or as many as there are entries")
            }
        }

        subscript(index: Int) -> Float? {
            guard let value = values.count == 1 ? values[0] : values.isEmpty ? nil : values[index] else { return nil }
            return Float(value)
        }
    }
}

extension Fold {
    /// `[count, min, max, sum, squares, not_finite]`; nil where it is no such list, or one that cannot be.
    fileprivate init?(_ tree: JSONTree) {
        guard case .list(let parts) = tree, parts.count >= 6, let count = Members.count(parts[0]),
            let notFinite = Members.count(parts[5]), notFinite <= count
        else { return nil }
        func number(_ index: Int) -> Double? { if case .number(let number) = parts[index] { number } else { nil } }
        self.init()
        self.count = count
        self.notFinite = notFinite
        guard notFinite < count else { return }
        guard let least = number(1), let greatest = number(2), least <= greatest, let sum = number(3) else {
            return nil
        }
        let greatestFloat = Double(Float.greatestFiniteMagnitude)
        min = Float(Swift.max(-greatestFloat, Swift.min(greatestFloat, least)))
        max = Float(Swift.max(-greatestFloat, Swift.min(greatestFloat, greatest)))
        self.sum = sum
        squares = number(4) ?? sum * sum / Double(count - notFinite)
    }
}
