import FileAccess
import Wording

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Where trainings of this user listen: `$XDG_RUNTIME_DIR/traintui/RUN.sock`, else `/tmp/traintui-UID/RUN.sock`.
package struct SocketFolder: Sendable {
    /// The folder's path.
    package let path: String

    /// A folder.
    package init(path: String) { self.path = path }

    /// The folder of the person who runs the program.
    package static var standard: SocketFolder {
        if let value = getenv("XDG_RUNTIME_DIR") {
            let base = String(cString: value)
            var status = stat()
            if base.hasPrefix("/"), stat(base, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
                return SocketFolder(path: base.hasSuffix("/") ? "\(base)traintui" : "\(base)/traintui")
            }
        }
        return SocketFolder(path: "/tmp/traintui-\(getuid())")
    }

    /// Where this user's trainings may listen, this folder first. A training has the variables of the login that it was
    /// started in, or a batch job those of another computer: where it found no `/run/user/UID` there may be one now.
    package func andOthers(of user: UInt32 = getuid()) -> [SocketFolder] {
        let others = ["/run/user/\(user)/traintui", "/tmp/traintui-\(user)"]
        // A folder of one's own is meant alone.
        guard others.contains(path) else { return [self] }
        return [self] + others.filter { $0 != path }.map { SocketFolder(path: $0) }
    }

    /// A training that listens.
    package struct Run: Sendable, Equatable {
        /// Its name.
        package let name: String
        /// Its socket.
        package let path: String
        /// Its process; nil where the system does not tell.
        package let process: Int32?

        package init(name: String, path: String, process: Int32?) {
            self.name = name
            self.path = path
            self.process = process
        }
    }

    /// The socket of a run.
    package func path(of run: String) -> String { "\(path)/\(run).sock" }

    /// The trainings that listen, by name. Sockets that nobody listens on any more are none.
    ///
    /// - Throws: where the folder is one that others can enter.
    package func runs() throws(SocketError) -> [Run] {
        guard try check() else { return [] }
        var runs: [Run] = []
        for name in names().sorted() {
            do throws(SocketError) {
                let socket = try LocalSocket(connectingTo: self.path(of: name))
                close(socket.descriptor)
                runs.append(Run(name: name, path: self.path(of: name), process: socket.process))
            } catch {
                continue
            }
        }
        return runs
    }

    /// Whether it is there; throws where it is not this user's alone.
    package func check() throws(SocketError) -> Bool {
        let status: FileStatus
        do throws(SystemError) { status = try SystemCalls.posix.statusOfLink(path) } catch {
            if error == .noSuchFile { return false }
            throw SocketError("cannot be read: \(error)")
        }
        guard status.kind == .folder else { throw SocketError("is no folder") }
        guard status.owner == getuid() else { throw SocketError("belongs to another user") }
        guard status.mode & 0o077 == 0 else { throw SocketError("can be entered by other users; chmod 700 it") }
        return true
    }

    private func names() -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(".sock"), names.count < 1000 { names.append(String(name.dropLast(5))) }
        }
        return names
    }
}
