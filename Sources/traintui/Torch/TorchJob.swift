import Foundation
import JobFile
import Tabular
import TrainCore
import TrainEngine
import TrainProtocol

/// A job as PyTorch's side reads it: `job.json`. Names are the job file's, and every setting is there but those that have
/// no value.
struct TorchJob: Encodable {
    var title: String
    /// What a dashboard says of it, in the protocol's words.
    var description: Description
    var seed: UInt64
    var rows: Int
    var epochs: Int
    var batchSize: Int
    var sampling: String
    var layers: [Layer]
    var loss: Named
    var metrics: [String]
    var optimizer: Named
    var schedule: Named
    var clipping: Clipping
    var earlyStopping: Stopping?
    /// How much of the table's unit a difference of 1 in the targets is.
    var targetUnit: Double
    var historyBytes: Int
    /// Steps a second, 0 for as many as go.
    var pace: Double
    var device: String
    var rowsSha256: String
    var initialSha256: String
    /// Where the model is to be written in the end; nil for nowhere but the run's folder.
    var save: String?
    /// What goes beside the weights.
    var texts: [String: String]

    struct Description: Encodable {
        var model: String
        var optimizer: String
        var loss: String
        var seed: String
    }

    struct Layer: Encodable {
        var units: Int
        var activation: String
        var dropout: Double
        var l1: Double
        var l2: Double
        var constraint: String?
        var maxNorm: Double?

        init(_ layer: Dense) {
            (units, dropout) = (layer.units, layer.dropout)
            activation = type(of: layer.activation).name
            (l1, l2) = (layer.kernelRegularizer.l1, layer.kernelRegularizer.l2)
            switch layer.kernelConstraint {
            case .none: break
            case .maxNorm(let norm): (constraint, maxNorm) = ("max_norm", norm)
            case .nonNegative: constraint = "non_neg"
            case .unitNorm: constraint = "unit_norm"
            }
        }
    }

    struct Clipping: Encodable {
        var kind: String
        var limit: Double

        init(_ clipping: GradientClipping) {
            switch clipping {
            case .none: (kind, limit) = ("none", 0)
            case .value(let value): (kind, limit) = ("value", value)
            case .norm(let value): (kind, limit) = ("norm", value)
            case .globalNorm(let value): (kind, limit) = ("global_norm", value)
            }
        }
    }

    struct Stopping: Encodable {
        var patience: Int
        var minDelta: Double
        var startFromEpoch: Int
        var restoreBestWeights: Bool

        init(_ rule: EarlyStopping) {
            (patience, minDelta) = (rule.patience, rule.minDelta)
            (startFromEpoch, restoreBestWeights) = (rule.startFromEpoch, rule.restoreBestWeights)
        }
    }

    /// A name with its settings beside it; one that has no value is null.
    struct Named: Encodable {
        private let name: String
        private let numbers: [(name: String, value: Double?)]
        private let lists: [(name: String, values: [Double])]

        init(_ name: String, _ thing: any Configurable) {
            self.name = name
            (numbers, lists) = Self.settings(of: thing)
        }

        private static func settings<Thing: Configurable>(
            of thing: Thing
        ) -> ([(name: String, value: Double?)], [(name: String, values: [Double])]) {
            (
                Thing.settingDescriptions.map { ($0.name, thing.value(of: $0.name)) },
                Thing.listDescriptions.map { ($0.name, thing.list(of: $0.name) ?? []) }
            )
        }

        func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: Key.self)
            try values.encode(name, forKey: Key("name"))
            for number in numbers { try values.encode(number.value, forKey: Key(number.name)) }
            for list in lists { try values.encode(list.values, forKey: Key(list.name)) }
        }

        private struct Key: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(_ name: String) { stringValue = name }
            init?(stringValue: String) { self.init(stringValue) }
            init?(intValue: Int) { nil }
        }
    }

    /// - Parameters:
    ///   - options: where it is trained.
    ///   - pace: steps a second, 0 for as many as go.
    init(_ run: PreparedRun, _ options: EngineOptions, pace: Double, _ rows: TorchFiles) {
        let (recipe, job) = (run.recipe, run.recipe.job)
        let told = RunDescription(
            of: job, title: run.title, features: run.data.training.features, validation: .rows(nil))
        title = run.title
        description = Description(model: told.model, optimizer: told.optimizer, loss: told.loss, seed: "\(job.seed)")
        (seed, self.rows) = (job.seed, run.data.training.rows)
        (epochs, batchSize, sampling) = (job.epochs, job.batchSize, job.sampling.rawValue)
        layers = job.model.layers.map { Layer($0) }
        loss = Named(told.loss, job.loss)
        metrics = recipe.metricNames
        optimizer = Named(told.optimizer, job.optimizer)
        schedule = Named(type(of: job.schedule).name, job.schedule)
        clipping = Clipping(job.clipping)
        earlyStopping = job.earlyStopping.map { Stopping($0) }
        targetUnit = run.data.training.targetUnit
        historyBytes = recipe.dashboard.historyMemory.map { $0 << 20 } ?? LocalEngine.Options.usualHistoryMemory
        self.pace = pace
        device = options.device.rawValue
        (rowsSha256, initialSha256) = (rows.rows, rows.initial)
        save = run.savePath.map { URL(filePath: $0).standardizedFileURL.path(percentEncoded: false) }
        texts = SavedModel.metadata(recipe, data: run.data, sha256: run.fingerprint.sha256)
    }

    /// As a file's bytes, the same ones each time.
    var bytes: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.keyEncodingStrategy = .convertToSnakeCase
            encoder.outputFormatting = [.sortedKeys]
            return Array(try encoder.encode(self))
        }
    }
}
