import ArgumentParser
import Dispatch
import FileAccess
import Foundation
import JSONLines
import TrainCore
import TrainEngine
import TrainProtocol

/// What it costs to be able to go on: steps a second of a run that writes its journal and its checkpoints over those of the
/// same run without either.
///
/// Both are begun anew for each turn and take turns of three seconds, without, with, with, without. Checkpoints come most
/// often at the start of a run, so a longer one pays less.
struct KeptShare: Encodable {
    let name: String
    /// By the clock. Checkpoints are written on a thread of their own, which may find a core that is free.
    let byClock: PairedShare
    /// By the processor time of all threads: what it costs where none is free.
    let byProcessor: PairedShare
    let rounds: Int
    /// Checkpoints that a turn wrote, and the bytes of the last one.
    let checkpoints: Int
    let megabytes: Double

    private static let turn = 3.0

    init(_ bench: BenchCase, rounds: Int, _ calls: SystemCalls) throws(Failure) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "traintui-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var (clock, processor): ([Double], [Double]) = ([], [])
        var (checkpoints, bytes) = (0, 0)
        for round in 0..<rounds {
            func kept(_ number: Int) throws(Failure) -> RunTurn {
                let path = folder.appending(path: "\(round)-\(number)").path
                let files = try Self.files(path, calls)
                let turn = try Self.take(bench, files)
                checkpoints = files.files.checkpoints
                bytes =
                    files.files.folder.checkpoints.compactMap { path in
                        (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
                    }.max() ?? 0
                return turn
            }
            let first = try Self.take(bench, nil)
            let (second, third) = (try kept(0), try kept(1))
            let fourth = try Self.take(bench, nil)
            clock.append((second.perSecond + third.perSecond) / (first.perSecond + fourth.perSecond))
            processor.append(
                (second.perProcessorSecond + third.perProcessorSecond)
                    / (first.perProcessorSecond + fourth.perProcessorSecond))
        }
        name = bench.name
        (byClock, byProcessor) = (PairedShare(clock), PairedShare(processor))
        self.rounds = rounds
        (self.checkpoints, megabytes) = (checkpoints, Double(bytes) / 1e6)
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
            options.checkpoints = files.files.sink(every: nil)
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
