import Testing
import TrainCore

/// Scores, against figures of scikit-learn 1.9.1.
@Suite struct ScoresTests {
    private func expectNear(_ value: Double?, _ expected: Double, _ location: SourceLocation = #_sourceLocation) {
        #expect(abs((value ?? .nan) - expected) < 1e-12, sourceLocation: location)
    }

    @Test func ofValues() {
        let scores = RegressionScores(values: [3, -0.5, 2, 7, 4.25], predictions: [2.5, 0, 2, 8, 3.75])
        expectNear(scores.r2, 0.9429967426710097)
        expectNear(scores.rootMeanSquaredError, 0.5916079783099616)
        expectNear(scores.meanAbsoluteError, 0.5)
        #expect(RegressionScores(values: [2, 2], predictions: [2, 2]).r2 == 1)
        #expect(RegressionScores(values: [2, 2], predictions: [2, 3]).r2 == 0)
    }

    @Test func ofTwoClasses() {
        let second = [0.1, 0.4, 0.35, 0.8, 0.65, 0.4, 0.9, 0.2, 0.3, 0.05]
        let scores = ClassificationScores(
            classes: [0, 0, 0, 0, 1, 1, 1, 0, 1, 0], predictions: second.map { $0 > 0.5 ? 1 : 0 },
            probabilities: second.flatMap { [1 - $0, $0] }, count: 2)
        expectNear(scores.accuracy, 0.7)
        expectNear(scores.balancedAccuracy, 0.6666666666666667)
        expectNear(scores.logLoss, 0.5587250781602503)
        expectNear(scores.rocAUC, 0.7708333333333333)
        expectNear(scores.macroF1, 0.6703296703296704)
    }

    /// One of the rows has a probability of 0 for what is true.
    @Test func ofThreeClasses() {
        let probabilities = [
            [0.7, 0.2, 0.1], [0.1, 0.3, 0.6], [0.3, 0.3, 0.4], [0.2, 0.2, 0.6], [0.5, 0.25, 0.25], [0.6, 0.3, 0.1],
            [0.1, 0.8, 0.1], [0, 0.1, 0.9],
        ]
        let scores = ClassificationScores(
            classes: [0, 2, 1, 2, 2, 0, 1, 0], predictions: [0, 2, 2, 2, 0, 0, 1, 2],
            probabilities: probabilities.flatMap { $0 }, count: 3)
        expectNear(scores.accuracy, 0.625)
        expectNear(scores.balancedAccuracy, 0.611111111111111)
        expectNear(scores.logLoss, 5.093276990139237)
        #expect(scores.rocAUC == nil)
        expectNear(scores.macroF1, 0.6349206349206349)
    }

    @Test func ofClassesThatDoNotOccur() {
        let scores = ClassificationScores(
            classes: [0, 0, 1, 1], predictions: [0, 3, 1, 1], probabilities: Array(repeating: 0.2, count: 20), count: 5)
        expectNear(scores.balancedAccuracy, 0.75)
        expectNear(scores.macroF1, 0.5555555555555555)
        let one = ClassificationScores(
            classes: [1, 1], predictions: [1, 0], probabilities: [0.5, 0.5, 0.6, 0.4], count: 2)
        #expect(one.rocAUC == nil && one.accuracy == 0.5)
    }
}
