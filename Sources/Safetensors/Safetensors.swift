internal import Foundation
public import TrainCore

/// The safetensors file format: weights as one JSON header and raw little-endian floats.
///
/// A file is 8 bytes with the header's length, the header, and the tensors' bytes. The header maps each name to `dtype`,
/// `shape` and `data_offsets`; see github.com/huggingface/safetensors. Bytes in, bytes out: files are somebody else's.
public enum Safetensors {
    /// The weights as a file's bytes: the same weights always give the same bytes.
    public static func encode(_ weights: [Weights]) -> [UInt8] {
        // Written by hand: the order of the keys must not change between runs.
        var entries: [String] = []
        var offset = 0
        for tensor in weights {
            let end = offset + 4 * tensor.values.count
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            entries.append(
                "\"\(tensor.name)\":{\"dtype\":\"F32\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        var header = "{" + entries.joined(separator: ",") + "}"
        // The data begins on a multiple of 8 bytes, as the format asks.
        while header.utf8.count % 8 != 0 { header += " " }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 + header.utf8.count + offset)
        withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: header.utf8)
        for tensor in weights {
            for value in tensor.values {
                withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
            }
        }
        return bytes
    }

    /// The weights in a file's bytes.
    ///
    /// - Throws: ``SafetensorsError`` where the bytes are no such file, or a tensor is not of 32-bit floats.
    public static func decode(_ bytes: [UInt8]) throws(SafetensorsError) -> [Weights] {
        guard bytes.count >= 8 else { throw SafetensorsError("is too short for a safetensors file") }
        let length = bytes[0..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(bytes.count - 8) else {
            throw SafetensorsError("is not a safetensors file: its header would be \(length) bytes long")
        }
        let dataStart = 8 + Int(length)
        guard let header = try? JSONSerialization.jsonObject(with: Data(bytes[8..<dataStart])) as? [String: Any] else {
            // Why the JSON cannot be read would not help: the file is not what was meant.
            throw SafetensorsError("is not a safetensors file: its header is not JSON")
        }
        var weights: [Weights] = []
        for (name, entry) in header.sorted(by: { $0.key < $1.key }) where name != "__metadata__" {
            weights.append(try tensor(name, entry, bytes[dataStart...]))
        }
        return weights
    }

    private static func tensor(_ name: String, _ entry: Any, _ data: ArraySlice<UInt8>) throws(SafetensorsError)
        -> Weights
    {
        guard let entry = entry as? [String: Any], let type = entry["dtype"] as? String,
            let shape = entry["shape"] as? [Int], let offsets = entry["data_offsets"] as? [Int], offsets.count == 2
        else { throw SafetensorsError("has no dtype, shape and data_offsets for '\(name)'") }
        guard type == "F32" else { throw SafetensorsError("has '\(name)' as \(type); only F32 can be read") }
        var count = 1
        for dimension in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
            guard dimension >= 0, !overflow else {
                throw SafetensorsError("has an impossible shape \(shape) for '\(name)'")
            }
            count = product
        }
        let (start, end) = (offsets[0], offsets[1])
        guard start >= 0, end >= start, end <= data.count, (end - start) % 4 == 0, (end - start) / 4 == count else {
            throw SafetensorsError(
                "has data_offsets \(offsets) for '\(name)', which do not fit its shape \(shape) or the file")
        }
        let values = (0..<count).map { index -> Float in
            let at = data.startIndex + start + 4 * index
            let bits = data[at..<at + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            return Float(bitPattern: bits)
        }
        return Weights(name: name, shape: shape, values: values)
    }
}

/// Why bytes are not the weights that were expected, as a sentence's second half: the file's name comes before it.
public struct SafetensorsError: Error, Equatable, CustomStringConvertible {
    /// "is too short for a safetensors file".
    public let description: String

    init(_ description: String) { self.description = description }
}
