package import TrainProtocol

extension Sample {
    /// The part of a sample that lies in a range of steps, nil where there is none.
    ///
    /// What happened where inside of a sample is not known: a part has the mean, the deviation, the least and the
    /// greatest value of the whole.
    package func part(_ steps: ClosedRange<Int>) -> Sample? {
        let first = max(firstStep, steps.lowerBound)
        let last = min(lastStep, steps.upperBound)
        guard first <= last else { return nil }
        // Of thousands that a move hands over all but two are whole.
        guard first > firstStep || last < lastStep else { return self }
        var part = self
        part.firstStep = first
        part.lastStep = last
        part.loss = loss.shortened(to: last - first + 1, of: self.steps)
        for index in metrics.indices {
            part.metrics[index] = metrics[index].shortened(to: last - first + 1, of: self.steps)
        }
        return part
    }
}

extension Fold {
    /// The fold as it would be of fewer values: mean, deviation, least and greatest stay.
    fileprivate func shortened(to steps: Int, of all: Int) -> Fold {
        guard count > 0, steps < all else { return self }
        let ratio = Double(steps) / Double(all)
        var fold = self
        fold.count = Swift.max(1, Int(Swift.min(Double(count) * ratio, 9e18)))
        let finite = count - notFinite
        let kept =
            finite == 0
            ? 0 : Swift.min(fold.count, Swift.max(1, Int(Swift.min((Double(finite) * ratio).rounded(), 9e18))))
        fold.notFinite = fold.count - kept
        fold.sum = finite == 0 ? 0 : sum / Double(finite) * Double(kept)
        fold.squares = finite == 0 ? 0 : squares / Double(finite) * Double(kept)
        return fold
    }
}
