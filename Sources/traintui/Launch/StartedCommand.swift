import FileAccess
import Foundation
import Wording

/// What `traintui run` started, as its folder has it.
struct StartedCommand: Codable {
    /// The words.
    let command: [String]
    /// The folder that it was started in.
    let place: String
    /// What the run is called.
    let title: String

    static let fileName = "command.json"

    func write(in folder: String) throws(Failure) {
        let path = "\(folder)/\(Self.fileName)"
        let bytes: [UInt8]
        do { bytes = Array(try JSONEncoder().encode(self)) } catch {
            throw Failure(.cannotCreate, "\(visible(path)): the command cannot be written down")
        }
        do throws(FileError) { _ = try WholeFile(path, .posix).write(bytes) } catch { throw Failure(unwritten: error) }
    }

    /// Reads what a folder has.
    static func read(in folder: String) throws(Failure) -> StartedCommand {
        let path = "\(folder)/\(fileName)"
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try InputFile.read(path, meaning: "what was started", limit: 1 << 24)
        } catch {
            throw Failure(unread: error)
        }
        do {
            let read = try JSONDecoder().decode(Self.self, from: Data(bytes))
            if !read.command.isEmpty { return read }
        } catch {
            throw Failure(.badData, "\(visible(path)): does not say what was started")
        }
        throw Failure(.badData, "\(visible(path)): does not say what was started")
    }
}
