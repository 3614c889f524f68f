/// How far predicted values are from the true ones, as scikit-learn's functions have it.
public struct RegressionScores: Sendable, Equatable {
    /// Rows.
    public let rows: Int
    /// The share of the variance that is explained: `r2_score`. Where the true values are all the same, 1 if every
    /// prediction is right and else 0.
    public let r2: Double
    /// `root_mean_squared_error`, in the target's unit.
    public let rootMeanSquaredError: Double
    /// `mean_absolute_error`, in the target's unit.
    public let meanAbsoluteError: Double

    /// Compares values, of which there must be as many as predictions, and one at least.
    public init(values: [Double], predictions: [Double]) {
        precondition(values.count == predictions.count && !values.isEmpty, "values and predictions of the same rows")
        rows = values.count
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        var (squares, absolutes, variation) = (0.0, 0.0, 0.0)
        for (value, prediction) in zip(values, predictions) {
            let error = value - prediction
            squares += error * error
            absolutes += abs(error)
            variation += (value - mean) * (value - mean)
        }
        r2 = variation > 0 ? 1 - squares / variation : squares == 0 ? 1 : 0
        rootMeanSquaredError = (squares / count).squareRoot()
        meanAbsoluteError = absolutes / count
    }
}
