import FileAccess
import Foundation
import JSONLines
import Synchronization
import Testing
import TrainCore
import TrainEngine
import TrainProtocol

@testable import traintui

/// A run's checkpoints and record on a disk that fails, at each of its calls.
@Suite struct RunFilesTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private enum Call: String, CaseIterable { case open, write, short, flush, rename, close }

    /// Counts calls, and fails the n-th one, and all after it where it stays broken.
    private final class Fault: Sendable {
        let state: Mutex<(left: Int, hits: Int)>
        let call: Call
        let stays: Bool
        let error: SystemError
        /// Whether no file can be removed either.
        let keepsFiles: Bool

        init(_ call: Call, after count: Int, stays: Bool, _ error: SystemError, keepsFiles: Bool = false) {
            state = Mutex((count, 0))
            (self.call, self.stays, self.error, self.keepsFiles) = (call, stays, error, keepsFiles)
        }

        var hits: Int { state.withLock { $0.hits } }

        func strikes(_ call: Call) -> Bool {
            guard call == self.call else { return false }
            return state.withLock { state in
                state.left -= 1
                guard state.left == -1 || state.left < 0 && stays else { return false }
                state.hits += 1
                return true
            }
        }

        var calls: SystemCalls {
            let posix = SystemCalls.posix
            var calls = posix
            calls.open = { [self] (path, flags, mode) throws(SystemError) in
                if strikes(.open) { throw error }
                return try posix.open(path, flags, mode)
            }
            calls.write = { [self] (file, bytes) throws(SystemError) in
                if strikes(.write) { throw error }
                if strikes(.short), bytes.count > 1 {
                    return try posix.write(file, UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count / 2)]))
                }
                return try posix.write(file, bytes)
            }
            calls.flush = { [self] (file) throws(SystemError) in
                if strikes(.flush) { throw error }
                // A disk that takes its time is not what is tested.
            }
            calls.rename = { [self] (from, to) throws(SystemError) in
                if strikes(.rename) { throw error }
                try posix.rename(from, to)
            }
            calls.close = { [self] (file) throws(SystemError) in
                try posix.close(file)
                if strikes(.close) { throw error }
            }
            calls.unlink = { [self] (path) throws(SystemError) in
                if keepsFiles { throw error }
                try posix.unlink(path)
            }
            return calls
        }
    }

    private static func checkpoint(_ step: Int) -> RunCheckpoint {
        let parts = TrainingStateParts(
            position: .init(step: step, epoch: 1, stepInEpoch: step, rowsInEpoch: step), optimizer: "sgd",
            optimizerNumbers: [:], optimizerStart: 0, regularizers: [.none], batchSize: 1, epochs: 3, ramps: [],
            arena: [Float(step)], products: [], sums: [])
        let moment = Moment(step: step, edits: 0)
        return RunCheckpoint(
            journalEntries: 0, branch: .first, moment: moment,
            states: [.init(branch: .first, moment: moment, isPinned: true, parts: parts)], bests: [], waiting: [],
            made: [:], planNumber: 1, watch: Watch(), seen: .init(), wait: nil, guardian: .init(), recoveries: 0,
            wantsTwin: false, twinEdit: nil, seconds: 0, past: RunPast())
    }

    @Test func whatWasSaidToBeSavedIsThereAfterAnyFault() throws {
        var struck = 0
        for call in Call.allCases {
            for error in [SystemError.noSpace, .inputOutput, .interrupted, .notAllowed] {
                for (stays, keepsFiles) in [(false, false), (true, false), (false, true)]
                where error != .interrupted || !stays {
                    var count = 0
                    // At the first such call, the second one, and so on to the last.
                    while try tryFault(
                        Fault(call, after: count, stays: stays, error, keepsFiles: keepsFiles),
                        "\(call) \(count) \(error) \(stays) \(keepsFiles)")
                    {
                        count += 1
                    }
                    #expect(count >= 8, "\(call)")
                    struck += count
                }
            }
        }
        #expect(struck > 300, "\(struck)")
        print("run files: \(struck) faults struck")
    }

    private func tryFault(_ fault: Fault, _ name: String) throws -> Bool {
        let place = RunFolder(path: folder.url.appending(path: UUID().uuidString).path(percentEncoded: false))
        try FileManager.default.createDirectory(atPath: place.path, withIntermediateDirectories: true)
        let told = Mutex<Int>(0)
        let notices = Notices(onNews: { told.withLock { $0 += 1 } })
        let header = JournalHeaderText.header
        var quick = SystemCalls.posix
        quick.flush = { (_) throws(SystemError) in }
        let journal = try RunJournal(path: place.journal, header: header, quick) { _ in }
        let record = RunRecord(
            program: "t", title: "t", name: nil, began: header.began, data: "d", dataSHA256: nil, epochs: 3, save: nil)
        let files = RunFiles(
            place, journal: journal, record: record, run: "r", after: 0, fault.calls, notices)
        let sink = files.sink(every: 0)
        var saved = 0
        for step in 1...4 {
            let before = notices.take()
            sink.write(Self.checkpoint(step), .training, true)
            let after = notices.take()
            // Silence is a promise.
            let isQuiet = before.isEmpty && after.isEmpty && fault.hits == 0
            let (whole, faults) = place.readCheckpoints(of: "r")
            #expect(faults.isEmpty, "\(name): \(faults)")
            let newest = whole.first?.checkpoint.moment.step ?? 0
            #expect(newest >= saved, "\(name): step \(newest), \(saved) was there")
            if isQuiet { #expect(newest == step, "\(name)") }
            saved = newest
        }
        let isHarmless = fault.error == .interrupted || fault.call == .short
        if isHarmless { #expect(saved == 4, "\(name)") }
        if fault.stays, fault.hits > 0, fault.call != .short, saved < 4 {
            #expect(told.withLock { $0 } >= 1, "\(name): nothing was said")
        }
        // Nothing but whole files stays.
        files.settle(isSaved: true)
        _ = journal.close()
        let left = try FileManager.default.contentsOfDirectory(atPath: place.path)
        let strange = Set(left).subtracting(RunFolder.fileNames)
        // What cannot be removed goes when the run is gone on with.
        #expect(strange.isEmpty || fault.keepsFiles && strange == Set(place.leftovers), "\(name): \(left)")
        return fault.hits > 0
    }

    @Test func noCheckpointCountsOnLinesThatTheJournalHasNot() throws {
        let place = RunFolder(path: folder.url.appending(path: "run").path(percentEncoded: false))
        try FileManager.default.createDirectory(atPath: place.path, withIntermediateDirectories: true)
        let isFull = Mutex(false)
        var calls = SystemCalls.posix
        calls.write = { (file, bytes) throws(SystemError) in
            if isFull.withLock({ $0 }) { throw .noSpace }
            return try SystemCalls.posix.write(file, bytes)
        }
        let notices = Notices {}
        let journal = try RunJournal(path: place.journal, header: JournalHeaderText.header, calls) { notices.tell($0) }
        let record = RunRecord(
            program: "t", title: "t", name: nil, began: "", data: "d", dataSHA256: nil, epochs: 3, save: nil)
        // The disk of the checkpoints is never full.
        let files = RunFiles(place, journal: journal, record: record, run: "r", after: 0, .posix, notices)
        let sink = files.sink(every: 0)
        isFull.withLock { $0 = true }
        journal.append(.epochEnded(.init(step: 1, epoch: 1, meanLoss: 0, weights: 0)))
        sink.write(Self.checkpoint(1), .training, true)
        #expect(files.checkpoints == 0 && !FileManager.default.fileExists(atPath: place.checkpoint(1)))
        let said = notices.take()
        #expect(said.count == 2 && said[1].hasPrefix("no checkpoint is written from step 1 on: "), "\(said)")
        isFull.withLock { $0 = false }
        // Without another line, and without waiting for a second.
        sink.write(Self.checkpoint(2), .training, true)
        #expect(files.checkpoints == 1)
        let bytes = Array(try Data(contentsOf: URL(filePath: place.journal)))
        #expect(try JournalFile(bytes, file: "j").entries.count == 1)
        #expect(notices.take().count == 2)
        #expect(journal.close() == .whole)
    }
}
