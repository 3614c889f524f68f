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

    /// Writes beside the file and moves it there, so that what was there before is whole until the new one is.
    static func write(_ weights: [Weights], to path: String) throws(Failure) {
        do {
            try Data(Safetensors.encode(weights)).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw Failure(.cannotCreate, "\(visible(path)): cannot be written: \(reason(error))")
        }
    }
}

/// An error of Foundation's in a few words.
func reason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
    guard underlying.domain == NSPOSIXErrorDomain else { return error.localizedDescription }
    return String(cString: strerror(Int32(underlying.code)))
}
