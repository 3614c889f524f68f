import Foundation
import Wording

/// Files in TOML, read no further than is reasonable.
public enum TOMLFile {
    /// How many bytes one may have. Jobs of a thousand layers with all that can be said of each have some 300,000; a
    /// file of a megabyte is another one, named by mistake, or has no end.
    public static let greatestSize = 1 << 20

    /// The bytes of a file.
    ///
    /// - Throws: a ``TOMLError`` where there are more than ``greatestSize``; else what Foundation says why they cannot be
    ///   read.
    public static func bytes(of path: String) throws -> [UInt8] {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? file.close() }
        let bytes = try file.read(upToCount: greatestSize + 1) ?? Data()
        guard bytes.count <= greatestSize else {
            throw TOMLError(
                file: visible(path), at: nil, "has more than \(greatestSize) bytes; expected a file that a person wrote"
            )
        }
        return Array(bytes)
    }
}
