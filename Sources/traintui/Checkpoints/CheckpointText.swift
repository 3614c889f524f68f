import TrainCore
import TrainEngine
import TrainProtocol

/// What a checkpoint holds beside its numbers, as JSON in its file's `__metadata__`.
///
/// Numbers that are not whole are written by their bits, so that they are read as the same ones.
struct CheckpointText: Decodable {
    var journalEntries: Int
    var branch: Int
    var step: Int
    var edits: Int
    var states: [State]
    var bests: [Best]
    var waiting: [Plan]
    var made: [Made]
    var planNumber: Int
    var policy: String
    var breakpoints: [Break]
    var patience: Int?
    var seenLoss: Bits?
    var seenValidation: Bits?
    var rises: Int
    var waitBest: Bits?
    var waitEpochs: Int
    var guardian: [Bits]
    var lastSaneStep: Int?
    var recoveries: Int
    var wantsTwin: Bool
    var twinEdit: Int?
    var seconds: Bits
    var epochs: [Epoch]
    var evaluations: [Validation]
    /// Absent in checkpoints of programs that did not keep them.
    var tests: [Validation]?

    /// A Double as sixteen hexadecimal digits.
    struct Bits: Decodable, Equatable {
        var value: Double
        init(_ value: Double) { self.value = value }

        init(from decoder: any Decoder) throws {
            let text = try decoder.singleValueContainer().decode(String.self)
            guard text.utf8.count <= 16, let bits = UInt64(text, radix: 16) else {
                throw DecodingError.dataCorrupted(
                    DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "no bits"))
            }
            value = Double(bitPattern: bits)
        }
    }

    struct Best: Decodable {
        var branch: Int
        var step: Int
        var loss: Bits
    }

    struct Plan: Decodable {
        var number: Int
        var name: String
        var step: Int
        /// "value", "times", "divided", "plus".
        var change: String
        var number_: Bits?
        var flag: Bool?
        var choice: String?
    }

    struct Made: Decodable {
        var edit: Int
        var plan: Plan
    }

    struct Break: Decodable {
        /// "above", "below", "epoch", "step", "rises".
        var kind: String
        var limit: Bits?
        var count: Int?
    }

    struct Epoch: Decodable {
        var branch: Int
        var epoch: Int
        var step: Int
        var meanLoss: Bits
        var metrics: [Bits]
        var learningRate: Bits?
    }

    struct Validation: Decodable {
        var branch: Int
        var step: Int
        var loss: Bits
        var metrics: [Bits]
    }

    struct State: Decodable {
        var branch: Int
        var step: Int
        var edits: Int
        var isPinned: Bool
        var position: TrainingStateParts.Position
        var optimizer: String
        var numbers: [String: Bits]
        var optimizerStart: Int
        var l1: [Bits]
        var l2: [Bits]
        var batchSize: Int
        var epochs: Int
        var ramps: [Way]
        var products: [Bits]
        var sums: [Bits]
    }

    struct Way: Decodable {
        var name: String
        var from: Bits
        var to: Bits
        var start: Int
        var steps: Int
    }
}

extension CheckpointText.State {
    init(_ kept: RunCheckpoint.KeptState) {
        let parts = kept.parts
        self.init(
            branch: kept.branch.number, step: kept.moment.step, edits: kept.moment.edits, isPinned: kept.isPinned,
            position: parts.position, optimizer: parts.optimizer,
            numbers: parts.optimizerNumbers.mapValues { CheckpointText.Bits($0) },
            optimizerStart: parts.optimizerStart, l1: parts.regularizers.map { CheckpointText.Bits($0.l1) },
            l2: parts.regularizers.map { CheckpointText.Bits($0.l2) }, batchSize: parts.batchSize, epochs: parts.epochs,
            ramps: parts.ramps.map {
                CheckpointText.Way(
                    name: $0.name, from: CheckpointText.Bits($0.from), to: CheckpointText.Bits($0.to), start: $0.start,
                    steps: $0.steps)
            }, products: parts.products.map { CheckpointText.Bits($0) },
            sums: parts.sums.map { CheckpointText.Bits($0) })
    }

    /// The state with its parameters.
    func state(_ arena: [Float]) -> RunCheckpoint.KeptState {
        RunCheckpoint.KeptState(
            branch: BranchID(branch), moment: Moment(step: step, edits: edits), isPinned: isPinned,
            parts: TrainingStateParts(
                position: position, optimizer: optimizer, optimizerNumbers: numbers.mapValues(\.value),
                optimizerStart: optimizerStart,
                regularizers: zip(l1, l2).map { Regularizer(l1: $0.value, l2: $1.value) }, batchSize: batchSize,
                epochs: epochs,
                ramps: ramps.map {
                    Ramp($0.name, from: $0.from.value, to: $0.to.value, after: $0.start, over: $0.steps)
                }, arena: arena, products: products.map(\.value), sums: sums.map(\.value)))
    }
}
