import FileAccess
import Safetensors
import TrainCore
import Wording

/// Weights in a safetensors file.
enum WeightsFile {
    static func read(_ path: String) throws(Failure) -> [Weights] { try contents(path).weights }

    /// The weights, and the texts beside them.
    static func contents(_ path: String) throws(Failure) -> Safetensors.Contents {
        do throws(FileError) {
            let file = try InputFile(path, meaning: "a safetensors file")
            do throws(Safetensors.ReadError<FileError>) {
                return try Safetensors.read(size: file.size) { (count) throws(FileError) in try file.read(count) }
            } catch {
                switch error {
                case .bytes(let error): throw error
                case .content(let error): throw FileError(path, error.description, kind: .unusable)
                }
            }
        } catch {
            guard error.kind == .unusable else { throw Failure(unread: error) }
            throw Failure(.badData, "\(visible(path)) \(error.reason)")
        }
    }
}
