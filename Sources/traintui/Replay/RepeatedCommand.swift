import ArgumentParser
import FileAccess
import Foundation
import JSONLines
import Synchronization
import TrainProtocol
import Wording

/// A command of `traintui run` that is started again, with the edits of its run made at their steps, and what came of both.
struct RepeatedCommand {
    private let folder: String
    private let began: StartedCommand
    private let journal: OutsideJournal
    private let outside: Outside

    /// - Parameter named: a run's name, its folder, or a journal in it.
    /// - Returns: nil where no command was started under that name.
    init?(_ named: String, _ outside: Outside) throws(Failure) {
        guard let folder = LaunchFolder.find(named) else { return nil }
        (self.folder, self.outside) = (folder, outside)
        began = try StartedCommand.read(in: folder)
        journal = try Self.journal(in: folder)
    }

    private static func journal(in folder: String) throws(Failure) -> OutsideJournal {
        let path = "\(folder)/\(LaunchFolder.journalName)"
        guard FileManager.default.fileExists(atPath: path) else {
            throw Failure(.badData, "\(visible(folder)): has no journal: no step of a training was seen there")
        }
        let bytes = try JournalFile.bytes(of: path)
        do throws(JournalFileError) { return try OutsideJournal(bytes, file: path) } catch { throw Failure(error) }
    }

    /// Starts it again and says what came of it.
    func run() throws {
        if let objection { throw Failure(.badData, "\(visible(folder)): \(objection)") }
        let again = try LaunchFolder(title: began.title)
        try prepare(again)
        let command = began.command.map { $0 == folder ? again.path : $0 }
        guard FileManager.default.changeCurrentDirectoryPath(began.place) else {
            throw Failure(.noInput, "\(visible(began.place)): the folder that it was started in is gone")
        }
        outside.errors.say("again       \(visible(command.joined(separator: " "), limit: 160))")
        outside.errors.say("output      \(visible(again.log))")
        let process = try again.start(command, edits: "\(again.path)/\(LaunchFolder.editsName)")
        let end = try waited(for: process)
        if end != .code(0), stop == nil {
            throw Failure(.runFailed, "\(end.words)\(LastLine(of: again.log).words)")
        }
        let outcome = OutsideComparison(
            of: try Self.journal(in: again.path), with: journal, weights: weightsAreSame(again.path))
        outside.output.answer(outside.output.spelling.line(outcome.line) + "\n")
        if outcome.isDifferent { throw ExitCode(Failure.Code.runFailed.rawValue) }
    }

    /// Why the run cannot be taken again; nil where it can.
    private var objection: String? {
        if journal.beginnings > 1 {
            return "the training was begun \(journal.beginnings) times, and what it went on from is not known"
        }
        if journal.dataGoOn, let departure = journal.firstDeparture {
            return """
                the run went back at step \(departure.step) (\(visible(departure.cause, limit: 20))), and its loop \
                went on: no run alone takes the same steps
                """
        }
        return nil
    }

    /// The step at which it is stopped; nil where it is to come to its end.
    private var stop: Int? {
        guard let end = journal.end else { return journal.last }
        return end.wasStopped ? end.step : nil
    }

    /// The edits for the training, and what else a training by the torch engine has in its folder.
    private func prepare(_ again: LaunchFolder) throws(Failure) {
        var lines = journal.way.edits.map { JournalEntry.edited($0).line }
        if let stop { lines.append("{\"event\":\"stop\",\"step\":\(stop)}") }
        do throws(FileError) {
            try WholeFile("\(again.path)/\(LaunchFolder.editsName)", .posix).write(
                Array(lines.map { $0 + "\n" }.joined().utf8))
        } catch {
            throw Failure(unwritten: error)
        }
        guard began.command.contains(folder) else { return }
        for name in TorchFiles.given {
            do { try FileManager.default.copyItem(atPath: "\(folder)/\(name)", toPath: "\(again.path)/\(name)") } catch
            {
                throw Failure(.noInput, "\(visible(folder))/\(name): cannot be copied to \(visible(again.path))")
            }
        }
    }

    /// Whether the torch engine's weights are the same to the bit; nil where that was not promised, or there are none.
    private func weightsAreSame(_ again: String) -> Bool? {
        guard journal.repeat == .verified,
            let one = FileManager.default.contents(atPath: "\(folder)/\(TorchFiles.weightsName)"),
            let other = FileManager.default.contents(atPath: "\(again)/\(TorchFiles.weightsName)")
        else { return nil }
        return one == other
    }

    /// Waits for its end. What would end this program ends it too: it is in a session of its own.
    private func waited(for process: LaunchedProcess) throws -> LaunchedProcess.End {
        let asked = Mutex<Int32?>(nil)
        let sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                asked.withLock { $0 = number }
                kill(process.id, SIGTERM)
            }
            source.resume()
            return source
        }
        defer { for source in sources { source.cancel() } }
        let end = process.wait()
        if let number = asked.withLock({ $0 }) { throw EndedBySignal(signal: number) }
        return end
    }
}
