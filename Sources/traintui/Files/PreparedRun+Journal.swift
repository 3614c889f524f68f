import ArgumentParser
import Foundation
import JSONLines
import JobFile
import Tabular
import TrainCore

/// Where a run's journal goes.
enum JournalPlace {
    /// Nowhere.
    case none
    /// Among the journals of other runs.
    case standard
    /// To the file that the person named.
    case file(RunJournal)

    /// What the command line says. A file that cannot be written is found out before any work is done.
    init(path: String?, isWanted: Bool) throws(Failure) {
        guard let path else {
            self = isWanted ? .standard : .none
            return
        }
        do throws(RunJournal.WriteError) {
            self = .file(try RunJournal(path: path))
        } catch {
            throw Failure(.cannotCreate, error.description)
        }
    }
}

extension PreparedRun {
    /// The run's journal with its header; or none, and why, which is no reason not to train.
    func makeJournal() throws(Failure) -> (journal: RunJournal?, warnings: [String]) {
        let began = Date.now.formatted(.iso8601)
        do throws(RunJournal.WriteError) {
            switch journalPlace {
            case .none: return (nil, [])
            case .standard:
                let journal = try JournalFolder.standard.makeJournal(title: title, began: began)
                try journal.begin(header(began))
                return (journal, [])
            case .file(let journal):
                try journal.begin(header(began))
                return (journal, [])
            }
        } catch {
            if case .file = journalPlace { throw Failure(.cannotCreate, error.description) }
            return (nil, ["no journal is written: \(error)"])
        }
    }

    private func header(_ began: String) -> JournalHeader {
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
            program: Traintui.configuration.version, began: began, title: title, seed: recipe.job.seed,
            kernels: kernelLevel, data: source, dataSHA256: fingerprint.sha256,
            initialWeights: initialPath.map { .init(path: absolute($0), sha256: Fingerprint.sha256(ofFile: $0)) },
            job: recipe.tomlText)
    }

    private func absolute(_ path: String) -> String {
        URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
    }
}
