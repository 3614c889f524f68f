/// Where a path leads, whatever it is called: by `./`, by links, by another name of the same file.
package struct FilePlace: Sendable {
    /// The file itself, or the folder that it would be in and its name there.
    package enum Identity: Hashable, Sendable {
        case file(FileStatus.Identity)
        case name(String, in: FileStatus.Identity)
    }

    /// As the person called it.
    package let name: String
    /// The same with links followed, so that what lies beside it lies beside the file and not beside a link.
    package let path: String
    /// What is there; nil where there is nothing yet.
    package let status: FileStatus?
    package let identity: Identity

    /// More links than this, one after the other, lead in a circle; Linux allows as many.
    private static let mostLinks = 40

    /// Finds out where a path leads. Nothing is opened.
    package init(_ name: String, _ calls: SystemCalls) throws(SystemError) {
        guard !name.isEmpty, !name.utf8.contains(0) else { throw .noSuchFile }
        self.name = name
        status = try Self.found(name, calls)
        guard let status else {
            path = try Self.followingLinks(name, calls)
            let (folder, last) = Self.split(path)
            // A name that ends in a slash is a folder's, and there is none.
            guard !last.isEmpty else { throw .noSuchFile }
            identity = .name(last, in: try calls.status(folder).identity)
            return
        }
        identity = .file(status.identity)
        guard status.kind == .regular else {
            path = name
            return
        }
        let target = try Self.followingLinks(name, calls)
        // What a process has open has a link that leads nowhere once it was deleted.
        path = try Self.found(target, calls)?.identity == status.identity ? target : name
    }

    private static func found(_ path: String, _ calls: SystemCalls) throws(SystemError) -> FileStatus? {
        do throws(SystemError) {
            return try calls.status(path)
        } catch {
            guard error == .noSuchFile else { throw error }
            return nil
        }
    }

    /// Whether a new file can take the place of what is there: it is a regular file, or nothing.
    var isReplaceable: Bool { status == nil || status?.kind == .regular }

    /// The folder that the file is in.
    package var folder: String { Self.split(path).folder }

    private static func followingLinks(_ path: String, _ calls: SystemCalls) throws(SystemError) -> String {
        var path = path
        for _ in 0..<mostLinks {
            let target: String
            do throws(SystemError) {
                guard try calls.statusOfLink(path).kind == .link else { return path }
                target = try calls.readLink(path)
            } catch {
                guard error == .noSuchFile else { throw error }
                return path
            }
            path = target.hasPrefix("/") ? target : "\(split(path).folder)/\(target)"
        }
        throw .tooManyLinks
    }

    /// By bytes: a slash with an accent on it is a slash to the system.
    private static func split(_ path: String) -> (folder: String, last: String) {
        let bytes = Array(path.utf8)
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
        let folder = slash == 0 ? "/" : String(decoding: bytes[..<slash], as: UTF8.self)
        return (folder, String(decoding: bytes[(slash + 1)...], as: UTF8.self))
    }
}
