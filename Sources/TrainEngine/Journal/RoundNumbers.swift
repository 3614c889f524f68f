/// The steps and epochs at which a journal has the run's numbers: steps of two significant digits, epochs of three.
///
/// So a journal grows by 90 and 900 lines for each power of ten, however long the run, and where a replay differs is
/// known to a tenth of the way to there. Of large models steps have fewer: ``Navigator/confirm()``.
extension Int {
    /// Whether it has no more than so many significant digits: with two, 7, 70 and 7100 have.
    func isRound(digits: Int) -> Bool { self % unit(digits) == 0 }

    /// The next greater number that has no more than so many significant digits.
    func nextRound(digits: Int) -> Int {
        let unit = unit(digits)
        return (self / unit + 1) * unit
    }

    private func unit(_ digits: Int) -> Int {
        var unit = 1
        var rest = self
        for _ in 1..<digits { rest /= 10 }
        while rest >= 10 {
            rest /= 10
            unit *= 10
        }
        return unit
    }
}
