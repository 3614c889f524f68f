import Foundation

/// How well classes are told apart, as scikit-learn's functions have it.
public struct ClassificationScores: Sendable, Equatable {
    /// Rows.
    public let rows: Int
    /// The share of the rows whose class is right: `accuracy_score`.
    public let accuracy: Double
    /// The mean over the classes that occur of the share of their rows that is right: `balanced_accuracy_score`.
    public let balancedAccuracy: Double
    /// The mean of `-log p` of the right class: `log_loss`.
    public let logLoss: Double
    /// The chance that of a row of each of two classes the second one's has the greater probability of it, ties half:
    /// `roc_auc_score`. Nil for other numbers of classes, and where one of the two does not occur.
    public let rocAUC: Double?
    /// The mean over the classes that occur or are predicted of the harmonic mean of precision and recall:
    /// `f1_score(average="macro")`.
    public let macroF1: Double

    /// Compares classes with what was predicted.
    ///
    /// - Parameters:
    ///   - classes: each row's class, from 0; at least one row.
    ///   - predictions: each row's predicted class.
    ///   - probabilities: rows x classes, row by row.
    ///   - count: the classes, at least one.
    public init(classes: [Int], predictions: [Int], probabilities: [Double], count: Int) {
        precondition(!classes.isEmpty && classes.count == predictions.count, "classes and predictions of the same rows")
        precondition(probabilities.count == classes.count * count, "a probability for each row and class")
        rows = classes.count
        var hits = [Int](repeating: 0, count: count)
        var occurring = hits
        var predicted = hits
        var loss = 0.0
        for (row, (truth, guess)) in zip(classes, predictions).enumerated() {
            occurring[truth] += 1
            predicted[guess] += 1
            if truth == guess { hits[truth] += 1 }
            // As scikit-learn does: no probability is taken for certain.
            loss -= log(min(max(probabilities[row * count + truth], Double.ulpOfOne), 1 - Double.ulpOfOne))
        }
        accuracy = Double(hits.reduce(0, +)) / Double(rows)
        var recalls: [Double] = []
        var harmonicMeans: [Double] = []
        for index in 0..<count {
            let all = occurring[index] + predicted[index]
            if occurring[index] > 0 { recalls.append(Double(hits[index]) / Double(occurring[index])) }
            if all > 0 { harmonicMeans.append(2 * Double(hits[index]) / Double(all)) }
        }
        balancedAccuracy = recalls.reduce(0, +) / Double(recalls.count)
        logLoss = loss / Double(rows)
        macroF1 = harmonicMeans.reduce(0, +) / Double(harmonicMeans.count)
        let second = stride(from: 1, to: probabilities.count, by: 2).map { probabilities[$0] }
        rocAUC = count == 2 ? Self.area(classes, second) : nil
    }

    /// Mann and Whitney's U over the number of pairs: ranks of equal probabilities are their mean.
    private static func area(_ classes: [Int], _ probabilities: [Double]) -> Double? {
        let positives = classes.count { $0 == 1 }
        let negatives = classes.count - positives
        guard positives > 0, negatives > 0 else { return nil }
        let order = probabilities.indices.sorted { probabilities[$0] < probabilities[$1] }
        var ranks = 0.0
        var start = 0
        while start < order.count {
            var end = start
            while end < order.count, probabilities[order[end]] == probabilities[order[start]] { end += 1 }
            let rank = Double(start + 1 + end) / 2
            ranks += rank * Double(order[start..<end].count { classes[$0] == 1 })
            start = end
        }
        let least = Double(positives) * Double(positives + 1) / 2
        return (ranks - least) / (Double(positives) * Double(negatives))
    }
}
