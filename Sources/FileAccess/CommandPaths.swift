import Wording

/// All files that a command names, so that it does not write over what it reads, or over what else it writes.
///
/// Files are told apart by device and inode, those that are not there yet by their folder's and their name: a link, a
/// second name and `./` do not deceive it. Devices, such as `/dev/null`, may be named as often as one likes: they are
/// never replaced, and nothing in them is lost.
package struct CommandPaths: Sendable {
    /// What the command does with a file.
    package enum Use: Sendable { case reads, writes }

    private struct Named {
        let label: String
        let path: String
        let use: Use
        let identity: FilePlace.Identity
    }

    private let calls: SystemCalls
    private var named: [Named] = []

    /// No files but standard output and standard error, where those are files.
    package init(_ calls: SystemCalls) {
        self.calls = calls
        for (file, label) in [(Int32(1), "standard output"), (2, "standard error")] {
            let status: FileStatus
            do throws(SystemError) { status = try calls.statusOfOpen(file) } catch { continue }
            guard status.kind == .regular else { continue }
            named.append(Named(label: label, path: label, use: .writes, identity: .file(status.identity)))
        }
    }

    /// Adds a file.
    ///
    /// - Parameters:
    ///   - label: what the command line calls it: `--save`.
    /// - Throws: where another one is the same file and either is written to; or where one to be written can be nowhere.
    package mutating func add(_ path: String, as label: String, _ use: Use) throws(PathError) {
        let place: FilePlace
        do throws(SystemError) {
            place = try FilePlace(path, calls)
        } catch {
            // What cannot be read is told by whoever reads it.
            guard use == .writes else { return }
            throw .nowhere(.cannotBeWritten(path, error))
        }
        switch place.status?.kind {
        case .regular?, .pipe?, nil: break
        case .folder?, .terminalOrOtherDevice?, .disk?, .socket?, .link?, .unknown?: return
        }
        if let other = named.first(where: { $0.identity == place.identity && ($0.use == .writes || use == .writes) }) {
            throw .same("\(other.label) and \(label) are the same file: \(visible(path))")
        }
        named.append(Named(label: label, path: path, use: use, identity: place.identity))
    }

    /// Why a command's files will not do.
    package enum PathError: Error, Equatable, Sendable {
        /// Two are one, in a line that is safe to print.
        case same(String)
        /// One of them cannot be written.
        case nowhere(FileError)
    }
}
