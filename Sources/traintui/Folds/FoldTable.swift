import Canvas
import Wording

/// The folds' scores, their mean and their deviation, as lines of text or of JSON.
struct FoldTable {
    /// How many folds there are.
    let count: Int
    let asJSON: Bool
    /// The metrics' names.
    var metrics: [String] = []
    private var scores: [[Double]] = []

    init(count: Int, asJSON: Bool) {
        self.count = count
        self.asJSON = asJSON
    }

    /// Takes in a fold's loss and metrics.
    ///
    /// - Returns: its line.
    mutating func add(_ values: [Double], ofFold number: Int) -> String {
        scores.append(values)
        return line("fold", number, values)
    }

    /// The lines of the mean and of the sample's standard deviation; "" where there is no score, or only one.
    var summary: String {
        guard scores.count > 1 else { return "" }
        let folds = Double(scores.count)
        let means = scores[0].indices.map { place in scores.reduce(0) { $0 + $1[place] } / folds }
        let deviations = scores[0].indices.map { place in
            let squares = scores.reduce(0) { $0 + ($1[place] - means[place]) * ($1[place] - means[place]) }
            return (squares / (folds - 1)).squareRoot()
        }
        return line("mean", nil, means) + line("deviation", nil, deviations)
    }

    private func line(_ word: String, _ number: Int?, _ values: [Double]) -> String {
        let names = ["val_loss"] + metrics.map { "val_\($0)" }
        if asJSON {
            let members = zip(names, values).map { "\(quoted($0)):\($1.isFinite ? "\($1)" : "null")" }
            let fold = number.map { "\"fold\":\($0)," } ?? ""
            return "{\"event\":\(quoted(word)),\(fold)\(members.joined(separator: ","))}\n"
        }
        let label = number.map { "\(word) \($0)/\(count)" } ?? word
        let padding = String(repeating: " ", count: max(1, 12 - label.count))
        return label + padding + zip(names, values).map { "\($0) \(NumberFormat.metric($1))" }.joined(separator: "   ")
            + "\n"
    }
}
