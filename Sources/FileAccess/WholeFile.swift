/// Writes whole files: what was there before is whole until the new one is, through a full disk and `kill -9`.
///
/// The bytes go to a temporary file in the same folder, which is flushed to the disk and renamed; then the folder is
/// flushed. Where the path is a link, the file that it leads to is replaced, and the link stays. The mode stays, and the
/// owner where the system allows it. Of a file with several names the one that was named gets the new bytes, the others
/// keep the old. Pipes and devices are written to, never replaced; disks are refused.
package struct WholeFile: Sendable {
    /// The path, as the person called it.
    package let path: String
    private let calls: SystemCalls

    /// How long a pipe may go without anybody reading it.
    private static let patience: UInt64 = 10_000_000_000

    private static let start = ".traintui-"
    private static let end = ".tmp"

    /// Whether a file's name is one that temporary files have. Whoever is killed leaves such a file behind.
    package static func isTemporary(_ name: String) -> Bool { name.hasPrefix(start) && name.hasSuffix(end) }

    /// A file to be written; nothing is opened.
    package init(_ path: String, _ calls: SystemCalls = .posix) {
        self.path = path
        self.calls = calls
    }

    /// Says now what would be in the way of writing later: nobody wants to hear it after an hour of work.
    ///
    /// - Returns: where the file would be.
    @discardableResult
    package func check() throws(FileError) -> FilePlace {
        let place: FilePlace
        do throws(SystemError) { place = try FilePlace(path, calls) } catch { throw .cannotBeWritten(path, error) }
        if let objection = place.status?.kind.objectionToWriting { throw FileError(path, objection) }
        do throws(SystemError) {
            if place.isReplaceable { try calls.checkFolder(place.folder) } else { try calls.checkWritable(path) }
        } catch {
            throw .cannotBeWritten(path, error)
        }
        return place
    }

    /// Writes the file.
    ///
    /// - Parameter mustBeNew: whether a file that is there already is an error, told by ``FileError/isThere``.
    /// - Returns: which file it is now.
    @discardableResult
    package func write(_ bytes: [UInt8], mustBeNew: Bool = false) throws(FileError) -> FileStatus.Identity {
        let place = try check()
        do throws(SystemError) {
            if mustBeNew, place.status != nil { throw SystemError.exists }
            if let status = place.status, !place.isReplaceable {
                try writeThrough(bytes)
                return status.identity
            }
            return try replace(place, mustBeNew: mustBeNew, bytes)
        } catch {
            if error == .exists { throw FileError(path, "is there already", kind: .isThere) }
            throw .cannotBeWritten(path, error)
        }
    }

    // MARK: Pipes and devices

    private func writeThrough(_ bytes: [UInt8]) throws(SystemError) {
        let file = try openForReader()
        do throws(SystemError) {
            try calls.writeAll(bytes, to: file, patience: Self.patience)
        } catch {
            calls.closeAnyhow(file)
            throw error
        }
        try calls.closeWhole(file)
    }

    /// A pipe without a reader cannot be opened; one may just be on its way.
    private func openForReader() throws(SystemError) -> Int32 {
        let end = calls.now() + Self.patience
        while true {
            do throws(SystemError) {
                return try SystemCalls.retrying { () throws(SystemError) in
                    try calls.open(path, [.write, .noWait], 0)
                }
            } catch {
                guard error == .noReader, calls.now() < end else { throw error }
                // Nothing to wait for but time.
                _ = calls.waitToWrite(-1, 20)
            }
        }
    }

    // MARK: Regular files

    private func replace(
        _ place: FilePlace, mustBeNew: Bool, _ bytes: [UInt8]
    ) throws(SystemError) -> FileStatus.Identity {
        // Names of their own, and short: the file's may be as long as names can be.
        let (temporary, file) = try openTemporary(in: place.folder, mode: place.status?.mode ?? 0o666)
        do throws(SystemError) {
            var isOpen = true
            let identity: FileStatus.Identity
            do throws(SystemError) {
                try calls.writeAll(bytes, to: file, patience: 0)
                if let status = place.status { try keep(status, on: file) }
                identity = try calls.statusOfOpen(file).identity
                try SystemCalls.retrying { () throws(SystemError) in try calls.flush(file) }
                isOpen = false
                try calls.closeWhole(file)
            } catch {
                if isOpen { calls.closeAnyhow(file) }
                throw error
            }
            if mustBeNew {
                try moveWhereNothingIs(temporary, to: place.path)
            } else {
                try SystemCalls.retrying { () throws(SystemError) in try calls.rename(temporary, place.path) }
            }
            try flushFolder(place.folder)
            return identity
        } catch {
            calls.unlinkAnyhow(temporary)
            throw error
        }
    }

    private func openTemporary(in folder: String, mode: UInt32) throws(SystemError) -> (path: String, file: Int32) {
        for _ in 0..<100 {
            let path = "\(folder)/\(Self.start)\(String(UInt64.random(in: 0 ... .max), radix: 36))\(Self.end)"
            do throws(SystemError) {
                let file = try SystemCalls.retrying { () throws(SystemError) in
                    try calls.open(path, [.write, .create, .mustBeNew], mode & 0o777)
                }
                return (path, file)
            } catch {
                guard error == .exists else { throw error }
            }
        }
        throw .exists
    }

    private func keep(_ before: FileStatus, on file: Int32) throws(SystemError) {
        let now = try calls.statusOfOpen(file)
        var mode = before.mode
        if now.owner != before.owner || now.group != before.group {
            do throws(SystemError) {
                try calls.changeOwner(file, before.owner, before.group)
            } catch {
                // Only root gives files away. Who runs as the new owner must not be decided by the former one.
                mode &= 0o1777
            }
        }
        if now.mode != mode {
            try SystemCalls.retrying { () throws(SystemError) in try calls.changeMode(file, mode) }
        }
    }

    /// As `rename`, but over nothing.
    private func moveWhereNothingIs(_ temporary: String, to path: String) throws(SystemError) {
        do throws(SystemError) {
            try SystemCalls.retrying { () throws(SystemError) in try calls.link(temporary, path) }
            calls.unlinkAnyhow(temporary)
        } catch {
            guard error != .exists else { throw error }
            // A file system without second names: the name is taken first, then the file put there.
            let claim = try calls.open(path, [.write, .create, .mustBeNew], 0o666)
            calls.closeAnyhow(claim)
            do throws(SystemError) {
                try SystemCalls.retrying { () throws(SystemError) in try calls.rename(temporary, path) }
            } catch {
                calls.unlinkAnyhow(path)
                throw error
            }
        }
    }

    /// Makes the name as durable as the bytes.
    private func flushFolder(_ folder: String) throws(SystemError) {
        let file: Int32
        do throws(SystemError) {
            file = try SystemCalls.retrying { () throws(SystemError) in try calls.open(folder, [.folder], 0) }
        } catch {
            // A folder may be one to write in and not to read: then nobody can flush it.
            guard error == .notAllowed else { throw error }
            return
        }
        defer { calls.closeAnyhow(file) }
        do throws(SystemError) {
            try SystemCalls.retrying { () throws(SystemError) in try calls.flush(file) }
        } catch {
            guard error.isUnsupported else { throw error }
        }
    }
}

extension SystemCalls {
    /// Writes all bytes, however many at a time the system takes.
    ///
    /// - Parameter patience: nanoseconds to wait for a reader that takes nothing.
    func writeAll(_ bytes: some Collection<UInt8>, to file: Int32, patience: UInt64) throws(SystemError) {
        let all = ContiguousArray(bytes)
        var done = 0
        var end = now() + patience
        while done < all.count {
            do throws(SystemError) {
                let count = try Self.retrying { () throws(SystemError) in
                    try all.withUnsafeBufferPointer { (buffer) throws(SystemError) in
                        try write(file, UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: buffer[done...])))
                    }
                }
                // A device that takes nothing and says nothing would keep this going for ever.
                guard count > 0 else { throw SystemError.inputOutput }
                done += count
                end = now() + patience
            } catch {
                guard error == .wouldBlock else { throw error }
                guard now() < end else { throw .timedOut }
                _ = waitToWrite(file, 100)
            }
        }
    }

    /// Closes a file that was written; that is when some systems say that it was not.
    func closeWhole(_ file: Int32) throws(SystemError) {
        do throws(SystemError) {
            try close(file)
        } catch {
            // It is closed all the same, and what is left is done by the system.
            guard error == .interrupted else { throw error }
        }
    }

    /// Closes a file of which nothing more is expected.
    func closeAnyhow(_ file: Int32) {
        do throws(SystemError) { try close(file) } catch {}
    }

    /// Removes a file that nobody will miss.
    func unlinkAnyhow(_ path: String) {
        do throws(SystemError) { try unlink(path) } catch {}
    }
}
