import FileAccess
import Foundation
import Tabular
import TrainCore

/// How fast a CSV file becomes data sets, beside a plain read of its bytes, and how much memory that takes.
struct ReadingResult: Encodable {
    let path: String
    let megabytes: Double
    let rows: Int
    /// 1e6 bytes a second, from the file to data sets ready to train on.
    let loadMegabytesPerSecond: Double
    /// 1e6 bytes a second, from the file to memory.
    let plainMegabytesPerSecond: Double
    /// 1e6 bytes that loading takes at most, the data sets among them; nil where that cannot be known.
    let memoryMegabytes: Double?
    /// 1e6 bytes that it may take: twice those of the numbers.
    let memoryBoundMegabytes: Double

    init(_ path: String, rounds: Int) throws(Failure) {
        func seconds<Result>(_ work: () throws(Failure) -> Result) throws(Failure) -> (Double, Result) {
            let start = Rounds.now
            let result = try work()
            return (Rounds.now - start, result)
        }
        let header = try Self.lastColumn(of: path)
        // First of all, while nothing that was let go of can be used again.
        let (first, memory) = try PeakMemory.during { () throws(Failure) in try Self.load(path, target: header) }
        let numbers = [first.training, first.validation, first.test].reduce(0) {
            $0 + ($1.map { $0.x.count + $0.y.count } ?? 0)
        }
        memoryMegabytes = memory.map { Double($0) / 1e6 }
        memoryBoundMegabytes = 2 * Double(numbers * MemoryLayout<Float>.stride) / 1e6
        var loads: [Double] = []
        var reads: [Double] = []
        var rows = 0
        var size = 0
        for _ in 0..<rounds {
            let (readTime, bytes) = try seconds { () throws(Failure) in try Self.bytes(of: path) }
            let (loadTime, data) = try seconds { () throws(Failure) in try Self.load(path, target: header) }
            size = bytes.count
            rows = data.training.rows + (data.validation?.rows ?? 0) + (data.test?.rows ?? 0)
            reads.append(Double(size) / readTime / 1e6)
            loads.append(Double(size) / loadTime / 1e6)
        }
        self.path = path
        self.rows = rows
        megabytes = Double(size) / 1e6
        loadMegabytesPerSecond = Rounds(loads).median
        plainMegabytesPerSecond = Rounds(reads).median
    }

    private static func bytes(of path: String) throws(Failure) -> [UInt8] {
        do throws(FileError) {
            let file = try InputFile(path, meaning: "a CSV file")
            return try file.read(file.size ?? .max)
        } catch {
            throw Failure(unread: error)
        }
    }

    private static func load(_ path: String, target: String) throws(Failure) -> PreparedData {
        do throws(DataError) {
            return try PreparedData.load(TableRecipe(source: .path(path), targets: [target]), seed: 42)
        } catch {
            throw Failure(error)
        }
    }

    /// The column to predict: any will do, so the last.
    private static func lastColumn(of path: String) throws(Failure) -> String {
        let start: [UInt8]
        do throws(FileError) {
            start = try InputFile(path, meaning: "a CSV file").read(1 << 20)
        } catch {
            throw Failure(unread: error)
        }
        let line = start.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        let cells = line.split(whereSeparator: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ";") || $0 == 9 })
        return String(decoding: cells.last ?? [], as: UTF8.self).trimmingCharacters(in: ["\""])
    }
}
