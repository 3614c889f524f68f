import Foundation
import TrainEngine

/// One line of `--json`. Numbers that JSON cannot write (a loss that is no number) are null.
struct EventLine: Encodable {
    var event: String
    var epoch: Int?
    var step: Int?
    var steps_per_epoch: Int?
    var epochs: Int?
    var rows: Int?
    var weights: Int?
    var model: String?
    var optimizer: String?
    var seed: UInt64?
    var learning_rate: Double?
    var mean_loss: Double?
    var loss: Double?
    var metrics: [String: Double]?
    var reason: String?
    var path: String?
    var name: String?
    var old: Double?
    var new: Double?

    init(_ event: String) { self.event = event }

    /// The names with those values that are finite.
    static func values(_ names: [String], _ values: [Double?]) -> [String: Double] {
        var result: [String: Double] = [:]
        for (name, value) in zip(names, values) {
            if let value, value.isFinite { result[name] = value }
        }
        return result
    }

    /// The line without its end.
    var text: String {
        var line = self
        line.learning_rate = finite(learning_rate)
        line.mean_loss = finite(mean_loss)
        line.loss = finite(loss)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(line), as: UTF8.self)
        } catch {
            // Nothing in it can fail to be encoded once its numbers are finite.
            preconditionFailure("\(error)")
        }
    }

    private func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
}
