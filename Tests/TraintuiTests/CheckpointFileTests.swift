import Foundation
import Testing
import TrainCore
import TrainEngine
import TrainProtocol

@testable import traintui

@Suite struct CheckpointFileTests {
    private static let edit = Edit(number: 1, name: "learning_rate", old: 0.1, new: 0.2, over: 7, step: 4)

    /// With every part that there is, and numbers that no decimal text has.
    private var checkpoint: RunCheckpoint {
        let parts = TrainingStateParts(
            position: .init(step: 9, epoch: 2, stepInEpoch: 3, rowsInEpoch: 30), optimizer: "nadam",
            optimizerNumbers: ["learning_rate": 0.1 + 0.2, "beta_1": 0.9], optimizerStart: 2,
            regularizers: [Regularizer(l1: 0, l2: 1e-300), .none], batchSize: 10, epochs: 3,
            ramps: [Ramp("learning_rate", from: 0.1, to: 0.2, after: 4, over: 7)],
            arena: [1, -0.0, .leastNonzeroMagnitude, 3e38], products: [0.1 * 3], sums: [-0.0, .pi])
        var loss = Fold(0.25)
        loss.add(.infinity)
        let sample = Sample(
            firstStep: 1, lastStep: 2, loss: loss, metrics: MetricFolds([Fold(1), Fold(2)]), learningRate: 0.1)
        var second = Sample(firstStep: 3, lastStep: 9, loss: Fold(7), metrics: MetricFolds([Fold(3), Fold(4)]))
        second.branch = BranchID(2)
        return RunCheckpoint(
            journalEntries: 5, branch: BranchID(2), moment: Moment(step: 9, edits: 1),
            states: [
                .init(branch: BranchID(2), moment: Moment(step: 9, edits: 1), isPinned: true, parts: parts),
                .init(branch: .first, moment: Moment(step: 4, edits: 0), isPinned: false, parts: parts),
            ], bests: [.init(branch: .first, step: 4, loss: 0.1 * 7)],
            waiting: [
                PlannedEdit(number: 2, name: "optimizer", change: .value(.choice("adam")), step: 12),
                PlannedEdit(number: 3, name: "learning_rate", change: .dividedBy(3), step: 13),
            ], made: [1: PlannedEdit(number: 1, name: "nesterov", change: .value(.flag(true)), step: 4)], planNumber: 4,
            watch: Watch(
                policy: .rewind, breakpoints: [.lossAbove(2), .epoch(3), .step(40), .validationLossRises(times: 2)]),
            seen: .init(loss: 0.5, validation: 0.25, rises: 1), wait: .init(best: .infinity, epochs: 2),
            guardian: .init(start: 3, mean: 0.1 * 9, best: 0.5, lastSaneStep: 8), recoveries: 1, wantsTwin: true,
            twinEdit: 1, seconds: 12.5,
            past: RunPast(
                samples: [sample, second],
                epochs: [EpochReport(epoch: 1, step: 6, meanLoss: 0.1 * 11, metrics: [.infinity], learningRate: 0.1)],
                evaluations: [Evaluation(step: 6, loss: 0.1 * 13, metrics: [-1])]))
    }

    @Test func isReadAsItWasWritten() throws {
        let file = CheckpointFile(run: "2026 \"traintui.sha256\":\"7", sequence: 17, checkpoint: checkpoint)
        let bytes = file.bytes()
        #expect(try CheckpointFile(bytes) == file)
        #expect(file.bytes() == bytes)
    }

    @Test func cutAtAnyByteItIsNone() throws {
        let bytes = CheckpointFile(run: "r", sequence: 1, checkpoint: checkpoint).bytes()
        for count in 0..<bytes.count {
            #expect(throws: CheckpointError.self, "\(count)") { try CheckpointFile(Array(bytes[..<count])) }
        }
        #expect(throws: CheckpointError.self) { try CheckpointFile(bytes + [0]) }
    }

    @Test func withAnyBitFlippedItIsNone() throws {
        var bytes = CheckpointFile(run: "r", sequence: 1, checkpoint: checkpoint).bytes()
        var wrong = 0
        for bit in 0..<8 * bytes.count {
            bytes[bit / 8] ^= 1 << (bit % 8)
            do {
                _ = try CheckpointFile(bytes)
                wrong += 1
            } catch {}
            bytes[bit / 8] ^= 1 << (bit % 8)
        }
        #expect(wrong == 0)
        print("checkpoint: \(8 * bytes.count) bits flipped, \(wrong) loaded")
    }

    @Test func withAnyBitFlippedAndSignedAgainItEndsNothing() throws {
        let bytes = CheckpointFile(run: "r", sequence: 1, checkpoint: checkpoint).bytes()
        var (refused, read) = (0, 0)
        // Each bit of a byte comes up somewhere.
        for bit in stride(from: 0, to: 8 * bytes.count, by: 3) {
            var forged = bytes
            forged[bit / 8] ^= 1 << (bit % 8)
            CheckpointFile.sign(&forged)
            do {
                let file = try CheckpointFile(forged)
                // Journals that do not lead there refuse it; no number in it is trusted before.
                #expect(throws: (any Error).self) { try file.checkpoint.timeline(of: []) }
                read += 1
            } catch {
                refused += 1
            }
        }
        #expect(refused > 500 && read > 500)
    }

    @Test func whatIsForgedIsRefusedNotTrusted() throws {
        var forged = checkpoint
        forged.past.samples[1].firstStep = 0
        let bytes = CheckpointFile(run: "r", sequence: 1, checkpoint: forged).bytes()
        #expect(throws: CheckpointError("has a state in it that no run comes to")) { try CheckpointFile(bytes) }
    }
}
