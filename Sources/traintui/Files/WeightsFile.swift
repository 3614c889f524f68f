import Foundation
import Safetensors
import TrainCore
import Wording

/// Weights in a safetensors file.
enum WeightsFile {
    static func read(_ path: String) throws(Failure) -> [Weights] {
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw Failure(.noInput, "\(visible(path)): cannot be read: \(reason(error))")
        }
        do {
            return try Safetensors.decode([UInt8](bytes))
        } catch {
            throw Failure(.badData, "\(visible(path)) \(error)")
        }
    }

    /// Says now what would be in the way of writing later: nobody wants to hear it after an hour of training.
    static func checkWritable(_ path: String) throws(Failure) {
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) {
            if isDirectory.boolValue { throw Failure(.cannotCreate, "\(visible(path)): is a directory, not a file") }
        }
        let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
        guard access(folder, W_OK) == 0 else {
            throw Failure(.cannotCreate, "\(visible(path)): cannot be written: \(String(cString: strerror(errno)))")
        }
    }

    /// Writes beside the file and moves it there, so that what was there before is whole until the new one is.
    static func write(_ weights: [Weights], to path: String) throws(Failure) {
        do {
            try Data(Safetensors.encode(weights)).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw Failure(.cannotCreate, "\(visible(path)): cannot be written: \(reason(error))")
        }
    }
}
