import Canvas
import Foundation
import JobFile
import TrainCore
import TrainEngine
import TrainProtocol
import Wording

/// How good a saved model is, as its training knew it.
struct ModelScores: Equatable {
    /// The step after which the run had the weights.
    let step: Int
    /// Whether they were trained again on the rows for validation too, after that step was found.
    let areRefitted: Bool
    /// Loss and metrics on the rows for validation, by their names; empty where they are not known.
    let validation: [Score]
    /// The same on the test rows.
    let test: [Score]
    /// How many other weights of the run the test rows had been asked about before.
    let earlierTests: Int

    /// A number with its name.
    struct Score: Equatable {
        let name: String
        let value: Double
    }

    init(_ kept: KeptWeights, metrics: [String]) {
        step = kept.step
        areRefitted = kept.areRefitted
        func scores(_ evaluation: Evaluation?) -> [Score] {
            guard let evaluation else { return [] }
            return [Score(name: "loss", value: evaluation.loss)]
                + zip(metrics, evaluation.metrics).map { Score(name: $0, value: $1) }
        }
        validation = scores(kept.validation)
        test = scores(kept.test)
        earlierTests = test.isEmpty ? 0 : kept.earlierTests
    }

    /// The scores as one JSON object, always in the same order. What is no number is left out.
    var jsonText: String {
        func object(_ scores: [Score]) -> String {
            let known = scores.filter(\.value.isFinite)
            return "{" + known.map { "\(quoted($0.name)):\($0.value)" }.joined(separator: ",") + "}"
        }
        return "{\"step\":\(step),\"refit\":\(areRefitted),\"validation\":\(object(validation)),"
            + "\"test\":\(object(test))" + (earlierTests > 0 ? ",\"earlier_tests\":\(earlierTests)}" : "}")
    }

    /// Reads what ``jsonText`` has written; nil for anything else.
    init?(json: String) {
        guard let value = try? JSONSerialization.jsonObject(with: Data(json.utf8)),
            let object = value as? [String: Any], let step = object["step"] as? Int,
            let areRefitted = object["refit"] as? Bool, let validation = object["validation"] as? [String: Double],
            let test = object["test"] as? [String: Double]
        else { return nil }
        func scores(_ values: [String: Double]) -> [Score] {
            values.sorted { ($1.key == "loss" ? 1 : 0, $0.key) < ($0.key == "loss" ? 1 : 0, $1.key) }
                .map { Score(name: $0.key, value: $0.value) }
        }
        (self.step, self.areRefitted) = (step, areRefitted)
        (self.validation, self.test) = (scores(validation), scores(test))
        earlierTests = object["earlier_tests"] as? Int ?? 0
    }

    /// Lines for people, safe to print.
    var lines: [String] {
        func line(_ scores: [Score]) -> String {
            scores.map { "\(visible($0.name, limit: 40)) \(NumberFormat.metric($0.value))" }.joined(separator: "   ")
        }
        var lines: [String] = []
        if !validation.isEmpty { lines.append("validation  \(line(validation))") }
        if !test.isEmpty { lines.append("test        \(line(test))") }
        if earlierTests > 0 { lines.append("the test rows had been looked at before; they are no longer unseen") }
        if areRefitted { lines.append("trained again on all rows but those for the test") }
        return lines
    }
}

extension Recipe {
    /// The names of the job's metrics, in its order.
    var metricNames: [String] { job.metrics.map { type(of: $0).name } }
}
