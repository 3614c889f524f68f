import ArgumentParser
import Dispatch
import FileAccess
import Foundation
import JSONLines
import TrainCore
import TrainEngine
import TrainProtocol

/// What it costs to be able to go on: a run that writes its journal and five checkpoints a second, far more than come by
/// themselves, beside the same run without either; and from that what share of the time the checkpoints that do come cost
/// at most.
///
/// Both are begun anew for each turn and take turns of three seconds, without, with, with, without.
struct KeptShare: Encodable {
    let name: String
    /// Steps a second with five checkpoints a second over those without any, by the clock. Checkpoints are written on a
    /// thread of their own, which may find a core that is free.
    let byClock: PairedShare
    /// By the processor time of all threads: what it costs where none is free.
    let byProcessor: PairedShare
    let rounds: Int
    /// Checkpoints a second that were written, and the bytes of the last one.
    let checkpointsPerSecond: Double
    let megabytes: Double
    /// The seconds between two that come by themselves, where they come most often.
    let secondsBetween: Double
    /// The processor time that is spent on those, of all.
    let shareOfTime: PairedShare

    private static let turn = 3.0
    private static let seconds = 0.2

    init(_ bench: BenchCase, rounds: Int, _ calls: SystemCalls) throws(Failure) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "traintui-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var (clock, processor, rates, costs): ([Double], [Double], [Double], [UInt64]) = ([], [], [], [])
        var bytes = 0
        for round in 0..<rounds {
            var rate = 0.0
            func kept(_ number: Int) throws(Failure) -> RunTurn {
                let path = folder.appending(path: "\(round)-\(number)").path
                let (journal, files) = try Self.files(path, calls)
                let turn = try Self.take(bench, (journal, files))
                // The last one comes when the turn is over.
                rate += Double(files.checkpoints - 1) / Self.turn / 2
                costs.append(files.sink(every: nil).cost())
                bytes =
                    files.folder.checkpoints.compactMap { path in
                        (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
                    }.max() ?? 0
                return turn
            }
            let first = try Self.take(bench, nil)
            let (second, third) = (try kept(0), try kept(1))
            let fourth = try Self.take(bench, nil)
            rates.append(rate)
            clock.append((second.perSecond + third.perSecond) / (first.perSecond + fourth.perSecond))
            processor.append(
                (second.perProcessorSecond + third.perProcessorSecond)
                    / (first.perProcessorSecond + fourth.perProcessorSecond))
        }
        name = bench.name
        (byClock, byProcessor) = (PairedShare(clock), PairedShare(processor))
        self.rounds = rounds
        checkpointsPerSecond = Rounds(rates).median
        megabytes = Double(bytes) / 1e6
        let between = CheckpointPace.leastSeconds(bytes: bytes, cost: costs.sorted()[costs.count / 2])
        secondsBetween = between
        shareOfTime = PairedShare(zip(processor, rates).map { (1 - $0) / $1 / between })
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

    /// A run from its beginning on, at full speed, with somebody who takes its news.
    private static func take(
        _ bench: BenchCase, _ files: (journal: RunJournal, files: RunFiles)?
    ) throws(Failure) -> RunTurn {
        var options = LocalEngine.Options()
        if let files {
            options.journal = { files.journal.append($0) }
            options.checkpoints = files.files.sink(every: Self.seconds)
        }
        let engine: LocalEngine
        do throws(TrainingError) {
            engine = try LocalEngine(
                bench.job, training: bench.data, validation: bench.validation, options: options)
        } catch {
            throw Failure(error)
        }
        func look(after seconds: Double) -> RunMark {
            Thread.sleep(forTimeInterval: seconds)
            return RunMark(steps: engine.drain().progress.step)
        }
        // The first look only starts the clock: it finds the engine running.
        _ = look(after: 0.01)
        let first = look(after: 0.01)
        var last = first
        while last.time - first.time < turn { last = look(after: 1.0 / 30) }
        engine.send(.stop, id: RequestID(0))
        _ = engine.weightsAfterStop()
        _ = files?.files.close()
        _ = files?.journal.close()
        return RunTurn(from: first, to: last)
    }
}
