import ArgumentParser
import FileAccess
import Foundation
import JSONLines
import JobFile
import Tabular
import TrainCore
import Wording

/// Where a run's journal goes.
enum JournalPlace {
    /// Nowhere.
    case none
    /// Among the journals of other runs.
    case standard
    /// To the file that the person named.
    case file(String)
    /// Where the run's own is, which is gone on with.
    case again(ResumedRun)
    /// Among the journals of other runs, with what another run's tells up to one of its checkpoints.
    case from(ResumedRun)
}

/// The files that are written while a run goes on. They are opened when the job is accepted, and not before.
struct RunOutputs {
    let log: StepLog?
    let journal: RunJournal?
    /// What lies beside the journal; nil where that is no run's folder.
    let files: RunFiles?
    /// What is written of all that the training tells.
    let logs: [any RunLog]
    /// Why there is no journal, a line.
    let warnings: [String]
    private let isJournalNamed: Bool

    /// Opens the files that were asked for.
    ///
    /// - Parameter notices: gets a sentence when writing fails, and when it goes on.
    init(_ prepared: PreparedRun, _ notices: Notices) throws(Failure) {
        let calls = prepared.outside.calls
        let tell: @Sendable (String) -> Void = { notices.tell($0) }
        log = try prepared.logPath.map { path throws(Failure) in
            try StepLog(
                path: path, metrics: prepared.recipe.job.metrics.map { type(of: $0).name },
                isContinued: prepared.isResumed, calls, onChange: tell)
        }
        logs = try prepared.makeLogs(tell)
        var warnings: [String] = []
        let began = Date.now
        var files: RunFiles?
        do throws(FileError) {
            switch prepared.journalPlace {
            case .none:
                journal = nil
            case .standard:
                let header = prepared.header(began)
                let journal = try prepared.makeJournal(header, began, calls, tell)
                let folder = RunFolder(path: URL(filePath: journal.path).deletingLastPathComponent().path())
                files = RunFiles(
                    folder, journal: journal, record: prepared.record(header), run: header.runName, after: 0, calls,
                    notices)
                self.journal = journal
            case .file(let path):
                let header = prepared.header(began)
                let (journal, folder) = try prepared.makeJournal(header, beside: path, calls, tell)
                if let folder {
                    files = RunFiles(
                        folder, journal: journal, record: prepared.record(header), run: header.runName, after: 0, calls,
                        notices)
                }
                self.journal = journal
            case .from(let run):
                var header = prepared.header(began)
                header.origin = prepared.absolute(run.journal.path)
                let journal = try prepared.makeJournal(header, began, calls, tell)
                for entry in run.entries { journal.append(entry) }
                let folder = RunFolder(path: URL(filePath: journal.path).deletingLastPathComponent().path())
                files = RunFiles(
                    folder, journal: journal, record: prepared.record(header), run: header.runName, after: 0, calls,
                    notices)
                self.journal = journal
            case .again(let run):
                let journal = try RunJournal(continuing: run.journal, calls, onChange: tell)
                if let folder = run.folder {
                    folder.removeLeftovers(before: began)
                    let header = run.journal.file.header
                    files = RunFiles(
                        folder, journal: journal, record: prepared.record(header, after: run.record),
                        run: header.runName, after: run.sequence, calls, notices)
                }
                self.journal = journal
            }
        } catch {
            guard case .standard = prepared.journalPlace else { throw Failure(unwritten: error) }
            journal = nil
            warnings.append("no journal is written: \(error)")
        }
        self.warnings = warnings
        self.files = files
        if case .standard = prepared.journalPlace { isJournalNamed = false } else { isJournalNamed = true }
    }

    /// What is said of a file at the end.
    struct Ending {
        /// Sentences about files that a person named and that are not whole.
        var unwritten: [String] = []
        /// The same about a journal that nobody named.
        var warnings: [String] = []
        /// The journal, where it is whole.
        var journal: String?
        /// The name of a run that is not at its end and can be gone on with.
        var resumable: String?
    }

    /// Ends the logs of what was told, when all was.
    ///
    /// - Returns: sentences about files that are not whole.
    func closeLogs() -> [String] {
        logs.flatMap { $0.close() }.compactMap { if case .notWhole(let sentence) = $0 { sentence } else { nil } }
    }

    /// Writes what is held back, and says what became of the files. The run must have stopped.
    func close() -> Ending {
        var ending = Ending()
        if case .notWhole(let sentence)? = log?.close() { ending.unwritten.append(sentence) }
        if let files, files.close() { ending.resumable = files.folder.wayBack }
        switch journal?.close() {
        case nil: break
        case .whole?: ending.journal = journal?.path
        case .notWhole(let sentence)?:
            if isJournalNamed { ending.unwritten.append(sentence) } else { ending.warnings.append(sentence) }
        }
        return ending
    }
}

extension PreparedRun {
    /// The logs that were asked for.
    fileprivate func makeLogs(_ tell: @escaping @Sendable (String) -> Void) throws(Failure) -> [any RunLog] {
        let metrics = recipe.job.metrics.map { type(of: $0).name }
        let isValidated = data.validation != nil
        var logs: [any RunLog] = []
        if let path = csvLogPath {
            logs.append(
                try EpochLog(
                    path: path, metrics: metrics, isValidated: isValidated, isContinued: isResumed, outside.calls,
                    onChange: tell))
        }
        if let folder = tensorBoardFolder {
            logs.append(
                try TensorBoardLog(
                    folder: folder, job: recipe.tomlText, metrics: metrics, isValidated: isValidated, outside.calls,
                    onChange: tell))
        }
        return logs
    }

    /// A journal among those of other runs, in a folder of its own.
    fileprivate func makeJournal(
        _ header: JournalHeader, _ began: Date, _ calls: SystemCalls, _ tell: @escaping @Sendable (String) -> Void
    ) throws(FileError) -> RunJournal {
        try JournalFolder.standard().makeJournal(title: title, began: began) { (path) throws(FileError) in
            let folder = RunFolder(path: URL(filePath: path).deletingLastPathComponent().path())
            return try RunJournal(path: path, header: header, calls, onChange: tell) { begin(folder, header, calls) }
        }
    }

    /// A journal that a person named, and its folder beside it; nil where it is no file.
    fileprivate func makeJournal(
        _ header: JournalHeader, beside path: String, _ calls: SystemCalls,
        _ tell: @escaping @Sendable (String) -> Void
    ) throws(FileError) -> (RunJournal, RunFolder?) {
        var folder: RunFolder?
        do throws(FileError) {
            let journal = try RunJournal(path: path, header: header, calls, onChange: tell) { () throws(FileError) in
                folder = try RunFolder.made(beside: path, calls)
                if let folder { begin(folder, header, calls) }
            }
            return (journal, folder)
        } catch {
            folder?.discard()
            throw error
        }
    }

    /// Writes a run's record before its journal's first line: whoever is killed in between has begun nothing, and whoever is
    /// killed later is found, with the file that the weights are to go to. Where it fails it is tried again soon, and that
    /// is said.
    private func begin(_ folder: RunFolder, _ header: JournalHeader, _ calls: SystemCalls) {
        do throws(FileError) { try record(header).write(folder.record, calls) } catch {}
    }

    /// What there is to say of the run as it begins, or goes on.
    fileprivate func record(_ header: JournalHeader, after former: RunRecord? = nil) -> RunRecord {
        let data: String
        switch header.data {
        case .builtin(let name): data = name
        case .path(let path): data = path
        }
        var record =
            former
            ?? RunRecord(
                program: header.program, title: title, name: nil, began: header.began, data: data,
                dataSHA256: header.dataSHA256, epochs: recipe.job.epochs, save: nil)
        record.state = .running
        record.process = ProcessInfo.processInfo.processIdentifier
        if let savePath { record.save = absolute(savePath) }
        if let name { record.name = name }
        if !tags.isEmpty { record.tags = tags }
        return record
    }

    /// The journal's first line.
    fileprivate func header(_ began: Date) -> JournalHeader {
        var recipe = recipe
        let source: JournalHeader.Source
        switch recipe.data.source {
        case .builtin(let name): source = .builtin(name)
        case .path(let path):
            // The journal is read from other folders too.
            recipe.data.source = .path(absolute(path))
            source = .path(absolute(path))
        }
        return JournalHeader(
            program: Traintui.configuration.version, began: began.formatted(.iso8601), title: title,
            seed: recipe.job.seed, kernels: kernelLevel, data: source, dataSHA256: fingerprint.sha256,
            initialWeights: initialPath.map { .init(path: absolute($0), sha256: Fingerprint.sha256(ofFile: $0)) },
            job: recipe.tomlText)
    }

    fileprivate func absolute(_ path: String) -> String {
        URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
    }
}
