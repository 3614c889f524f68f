import ArgumentParser
import Dispatch
import FileAccess
import Foundation
import JSONLines
import TrainCore
import TrainEngine
import TrainProtocol

/// What it costs to be able to go on: a run that by turns writes ten checkpoints a second, far more than come by themselves,
/// and none; beside it the same run without a journal; and from that what share of the time the checkpoints that do come
/// take at most.
///
/// Speed depends by some per cent on where a run's memory lies. So turns with and without checkpoints are of one run, after
/// the moments in which its journal's lines are densest: with, without, without, with.
struct KeptShare: Encodable {
    let name: String
    /// Steps a second with the journal alone over those without, by the processor time of all threads, in the first moments
    /// of runs that are begun anew.
    let journal: PairedShare
    /// Steps a second with ten checkpoints a second over those with the journal alone, by the clock. Checkpoints are written
    /// on a thread of their own, which may find a core that is free.
    let byClock: PairedShare
    /// By the processor time of all threads: what it costs where no core is free.
    let byProcessor: PairedShare
    let rounds: Int
    /// Checkpoints a second that were written, the bytes of the last one, and the processor time that its thread says it
    /// took.
    let checkpointsPerSecond: Double
    let megabytes: Double
    let milliseconds: Double
    /// When those come that come by themselves: the seconds until the first, and the most between two.
    let secondsToFirst: Double
    let secondsBetween: Double
    /// The processor time that is spent on those, of all since the start, at the moment at which that is the most.
    let shareOfTime: PairedShare

    private static let turn = 0.4
    private static let seconds = 0.1

    init(_ bench: BenchCase, rounds: Int, _ calls: SystemCalls) throws(Failure) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "traintui-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var (journal, clock, processor): ([Double], [Double], [Double]) = ([], [], [])
        var (rates, costs): ([Double], [Double]) = ([], [])
        var bytes = 0
        // The first run of a process finds its memory cold.
        let warmUp = try Self.run(bench)
        _ = warmUp.take(Self.turn)
        warmUp.stop()
        for round in 0..<rounds {
            let none = try Self.run(bench)
            let bare = none.take(Self.turn)
            none.stop()
            let written = try Self.files(folder.appending(path: "\(round)").path, calls)
            let run = try Self.run(bench, written)
            journal.append(run.take(Self.turn).perProcessorSecond / bare.perProcessorSecond)
            let first = run.takeKept(Self.turn)
            let (second, third) = (run.take(Self.turn), run.take(Self.turn))
            let fourth = run.takeKept(Self.turn)
            costs.append(run.cost)
            run.stop()
            rates.append((first.checkpointsPerSecond + fourth.checkpointsPerSecond) / 2)
            clock.append((first.turn.perSecond + fourth.turn.perSecond) / (second.perSecond + third.perSecond))
            processor.append(
                (first.turn.perProcessorSecond + fourth.turn.perProcessorSecond)
                    / (second.perProcessorSecond + third.perProcessorSecond))
            let sizes = written.files.folder.checkpoints.compactMap { path in
                (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
            }
            bytes = sizes.max() ?? 0
        }
        name = bench.name
        self.journal = PairedShare(journal)
        (byClock, byProcessor) = (PairedShare(clock), PairedShare(processor))
        self.rounds = rounds
        checkpointsPerSecond = Rounds(rates).median
        megabytes = Double(bytes) / 1e6
        milliseconds = Rounds(costs).median / 1e6
        let times = Self.times(bytes: bytes, cost: UInt64(Rounds(costs).median))
        secondsToFirst = times.first ?? .nan
        secondsBetween = zip(times.dropFirst(), times).map { $0 - $1 }.max() ?? .nan
        let most = times.enumerated().map { Double($0.offset + 1) / $0.element }.max() ?? .nan
        shareOfTime = PairedShare(zip(processor, rates).map { (1 - $0) / $1 * most })
    }

    /// The seconds after which those come that come by themselves, as far as their spacing grows.
    private static func times(bytes: Int, cost: UInt64) -> [Double] {
        var pace = CheckpointPace(every: nil, now: 0, bytes: bytes)
        return (0..<16).map { _ in
            let due = pace.due
            pace.wrote(from: due, to: due)
            pace.settle(cost)
            return Double(due) / 1e9
        }
    }

    private static func files(
        _ path: String, _ calls: SystemCalls
    ) throws(Failure) -> (journal: RunJournal, files: RunFiles) {
        let header = JournalHeader(
            program: Traintui.configuration.version, began: Date.now.formatted(.iso8601), title: "bench", seed: 0,
            kernels: kernelLevel, data: .builtin("made up"), dataSHA256: nil, job: "")
        let record = RunRecord(
            program: header.program, title: header.title, name: nil, began: header.began, data: "made up",
            dataSHA256: nil, epochs: 1, save: nil)
        let notices = Notices {}
        do throws(FileError) {
            do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
                throw FileError(path, "cannot be made")
            }
            let folder = RunFolder(path: path)
            let journal = try RunJournal(path: folder.journal, header: header, calls) { notices.tell($0) }
            return (
                journal,
                RunFiles(
                    folder, journal: journal, record: record, run: header.runName, after: 0, calls, notices)
            )
        } catch {
            throw Failure(unwritten: error)
        }
    }

    /// A run from its beginning on, at full speed.
    private static func run(
        _ bench: BenchCase, _ written: (journal: RunJournal, files: RunFiles)? = nil
    ) throws(Failure) -> KeptRun {
        do throws(TrainingError) { return try KeptRun(bench, written, every: seconds) } catch { throw Failure(error) }
    }
}
