/// What a model's outputs say of classes. The bits are those that metrics and losses look at.
package struct ClassPredictions: Sendable, Equatable {
    /// Each row's class.
    package let classes: [Int]
    /// The probabilities, rows x classes, row by row.
    package let probabilities: [Float]

    /// Of outputs that are one for each class.
    ///
    /// Outputs that are no probabilities, as of a last layer without softmax, are taken as the loss takes them: cut to
    /// 1e-7 ... 1 - 1e-7 and brought to a sum of 1. The class is that of the greatest output, the first of several.
    ///
    /// - Parameters:
    ///   - outputs: rows x `units`, row by row.
    ///   - units: the model's outputs, `count` or more.
    ///   - count: the classes.
    package init(_ outputs: [Float], units: Int, count: Int) {
        var classes: [Int] = []
        var probabilities: [Float] = []
        for row in 0..<outputs.count / units {
            var own = Array(outputs[row * units..<row * units + count])
            var best = 0
            for index in own.indices where own[index] > own[best] { best = index }
            classes.append(best)
            let sum = own.reduce(0, +)
            if !(abs(sum - 1) < 1e-3) || own.contains(where: { $0 < 0 }) {
                own = own.map { $0.isNaN ? 1e-7 : min(max($0, 1e-7), 1 - 1e-7) }
                let total = own.reduce(0, +)
                own = own.map { $0 / total }
            }
            probabilities += own
        }
        self.classes = classes
        self.probabilities = probabilities
    }

    /// Of outputs that are each the probability of the second of two classes, which it is where that is above one half.
    package init(ofTwo outputs: [Float]) {
        classes = outputs.map { $0 > 0.5 ? 1 : 0 }
        probabilities = outputs.flatMap { output in
            let second = output.isNaN ? 0.5 : min(max(output, 0), 1)
            return [1 - second, second]
        }
    }
}
