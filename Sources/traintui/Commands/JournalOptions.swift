import ArgumentParser
import FileAccess

/// Which run, for the commands that take one again from its journal.
struct JournalOptions: ParsableArguments {
    @Argument(
        help:
            "A journal, or for replay what traintui run called a training; without one, that of the last run in $XDG_STATE_HOME/traintui/runs.",
        completion: .file(extensions: ["jsonl"]))
    var journal: String?

    @Option(
        name: .customLong("init"),
        help: ArgumentHelp(
            "The file of the weights that the run began with, where it is not where it was.", valueName: "file"),
        completion: .file(extensions: ["safetensors"]))
    var initialWeights: String?

    /// The path of the journal that is meant.
    func path() throws(Failure) -> String {
        if let journal { return journal }
        do throws(FileError) {
            let folder = try JournalFolder.standard()
            if let path = folder.last { return path }
            throw FileError(folder.path, "there is no journal yet")
        } catch {
            throw Failure(unread: error)
        }
    }
}
