import Foundation
import Safetensors
import SecureHash
import TrainCore
import TrainEngine
import TrainProtocol
import Wording

/// A checkpoint as a file's bytes, in safetensors.
///
/// ```
/// __metadata__   traintui.checkpoint: all that is no tensor, as JSON     traintui.run: which run it is of
///                traintui.sequence: 17     traintui.sha256: of all bytes of the file, with zeros in this place
/// state.0000     the run's parameters, behind them the optimizer's slots; state.0001 … those of earlier moments
/// past           the chart's samples, by their bits
/// ```
struct CheckpointFile: Equatable {
    /// The run's name: when it began, and its data's SHA-256. Checkpoints of others are never taken for its own.
    var run: String
    /// Counts up with each file of a run.
    var sequence: Int
    var checkpoint: RunCheckpoint

    /// The format that is written.
    static let format = 1
    private static let zeros = String(repeating: "0", count: 64)
    private static let mark = "\"traintui.sha256\":\""

    /// The file's bytes.
    func bytes() -> [UInt8] {
        let metrics = checkpoint.past.samples.first?.metrics.count ?? 0
        var tensors = checkpoint.states.enumerated().map { index, state in
            Weights(name: Self.name(index), shape: [state.parts.arena.count], values: state.parts.arena)
        }
        let past = PackedSamples.pack(checkpoint.past.samples, metrics: metrics)
        tensors.insert(Weights(name: "past", shape: [past.count], values: past), at: 0)
        let text = String(decoding: CheckpointText(checkpoint).json, as: UTF8.self)
        var bytes = Safetensors.encode(
            tensors,
            metadata: [
                "traintui.checkpoint": text, "traintui.format": "\(Self.format)", "traintui.metrics": "\(metrics)",
                "traintui.run": run, "traintui.sequence": "\(sequence)", "traintui.sha256": Self.zeros,
            ])
        Self.sign(&bytes)
        return bytes
    }

    /// Puts the digest of bytes that have zeros there in its place.
    static func sign(_ bytes: inout [UInt8]) {
        guard let place = placeOfDigest(bytes) else { return }
        bytes.replaceSubrange(place, with: zeros.utf8)
        bytes.replaceSubrange(place, with: digest(bytes).utf8)
    }

    /// Reads a file's bytes.
    ///
    /// - Throws: why they are no whole checkpoint, as a sentence's second half.
    init(_ bytes: [UInt8]) throws(CheckpointError) {
        guard let place = Self.placeOfDigest(bytes) else { throw CheckpointError("is no checkpoint, or was cut off") }
        var zeroed = bytes
        zeroed.replaceSubrange(place, with: Self.zeros.utf8)
        guard Array(Self.digest(zeroed).utf8) == Array(bytes[place]) else {
            throw CheckpointError("is damaged: its sha256 is not the one that stands in it")
        }
        let contents: Safetensors.Contents
        do throws(SafetensorsError) { contents = try Safetensors.contents(of: bytes) } catch {
            throw CheckpointError(error.description)
        }
        let texts = contents.metadata
        guard texts["traintui.format"] == "\(Self.format)" else {
            let format = visible(texts["traintui.format"] ?? "none", limit: 10)
            throw CheckpointError("is a checkpoint of format \(format); this program reads \(Self.format)")
        }
        guard let run = texts["traintui.run"], let sequence = texts["traintui.sequence"].flatMap({ Int($0) }),
            let metrics = texts["traintui.metrics"].flatMap({ Int($0) }), (0...10_000).contains(metrics),
            let text = texts["traintui.checkpoint"]
        else { throw CheckpointError("lacks what a checkpoint has") }
        let decoded: CheckpointText
        do { decoded = try JSONDecoder().decode(CheckpointText.self, from: Data(text.utf8)) } catch {
            throw CheckpointError("has no state in it that can be read")
        }
        let tensors = Dictionary(contents.weights.map { ($0.name, $0.values) }, uniquingKeysWith: { $1 })
        let arenas = decoded.states.indices.compactMap { tensors[Self.name($0)] }
        guard let samples = PackedSamples.unpack(tensors["past"] ?? [], metrics: metrics),
            let checkpoint = decoded.run(arenas, samples: samples)
        else { throw CheckpointError("has a state in it that no run comes to") }
        (self.run, self.sequence, self.checkpoint) = (run, sequence, checkpoint)
    }

    init(run: String, sequence: Int, checkpoint: RunCheckpoint) {
        (self.run, self.sequence, self.checkpoint) = (run, sequence, checkpoint)
    }

    /// In the order of their numbers by their names.
    private static func name(_ index: Int) -> String {
        let digits = String(index)
        return "state." + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private static func digest(_ bytes: [UInt8]) -> String { bytes.withUnsafeBytes { SHA256($0).hexadecimal } }

    /// Where the digest stands: in the header, before the tensors. No text in the header can look the same: quotes in
    /// texts have a backslash before them.
    private static func placeOfDigest(_ bytes: [UInt8]) -> Range<Int>? {
        guard bytes.count > 8 else { return nil }
        let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(bytes.count - 8) else { return nil }
        let mark = Array(mark.utf8)
        let end = 8 + Int(length)
        // It stands behind the long text, so from the end on.
        var place = end - mark.count - 65
        while place >= 8 {
            if bytes[place] == mark[0], bytes[place + 2] == mark[2],
                bytes[place..<place + mark.count].elementsEqual(mark)
            {
                let start = place + mark.count
                return bytes[start + 64] == UInt8(ascii: "\"") ? start..<start + 64 : nil
            }
            place -= 1
        }
        return nil
    }
}

/// Why bytes are no checkpoint, as a sentence's second half: the file's name comes before it.
struct CheckpointError: Error, Equatable, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
