package import TrainCore
import Wording

/// The safetensors file format: weights as one JSON header and raw little-endian floats.
///
/// A file is 8 bytes with the header's length, the header, and the tensors' bytes. The header maps each name to `dtype`,
/// `shape` and `data_offsets`; see github.com/huggingface/safetensors. Bytes in, bytes out: files are somebody else's.
package enum Safetensors {
    /// What is in a file.
    package struct Contents: Equatable {
        /// The weights, in the order of their names.
        package let weights: [Weights]
        /// The texts beside them: `__metadata__`.
        package let metadata: [String: String]
    }

    /// The weights as a file's bytes: the same weights and texts always give the same bytes, and the same weights the same
    /// bytes behind the header.
    ///
    /// - Parameter metadata: texts beside the weights, written in the order of their names; none leaves no trace.
    package static func encode(_ weights: [Weights], metadata: [String: String] = [:]) -> [UInt8] {
        // Written by hand: the order of the keys must not change between runs.
        var entries: [String] = []
        if !metadata.isEmpty {
            let texts = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
            entries.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
        }
        var offset = 0
        for tensor in weights {
            let end = offset + 4 * tensor.values.count
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            entries.append(
                "\(quoted(tensor.name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
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
            #if _endian(little)
            // As they lie in memory: a run of a million weights writes them again and again.
            tensor.values.withUnsafeBytes { bytes.append(contentsOf: $0) }
            #else
            for value in tensor.values {
                withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
            }
            #endif
        }
        return bytes
    }

    /// Bytes of a header, at most: as many as the reference reads.
    package static let longestHeader = 100_000_000

    /// The weights in a file's bytes, in the order of their names.
    ///
    /// - Throws: ``SafetensorsError`` where the bytes are no such file, or a tensor is not of floats.
    package static func decode(_ bytes: [UInt8]) throws(SafetensorsError) -> [Weights] {
        try contents(of: bytes).weights
    }

    /// All that is in a file's bytes.
    ///
    /// - Throws: ``SafetensorsError`` where the bytes are no such file, or a tensor is not of floats.
    package static func contents(of bytes: [UInt8]) throws(SafetensorsError) -> Contents {
        var rest = bytes[...]
        do throws(ReadError<Never>) {
            return try read(size: bytes.count) { count in
                defer { rest = rest.dropFirst(count) }
                return Array(rest.prefix(count))
            }
        } catch {
            switch error {
            case .content(let error): throw error
            }
        }
    }

    /// Why a file's weights cannot be had: its bytes cannot, or they are none.
    package enum ReadError<Failure: Error>: Error {
        case bytes(Failure)
        case content(SafetensorsError)
    }

    /// All that is in a file that is read from its beginning on.
    ///
    /// It is as strict as the reference, the `safetensors` package with numpy's arrays: tensors lie one behind the other
    /// from the first byte to the last, without gaps, and overlap nowhere. In two things it is stricter: no key may come
    /// twice, which the format forbids too, and a tensor is an object.
    ///
    /// - Parameters:
    ///   - size: the file's bytes, where they are known: then nothing is read that is not there.
    ///   - next: gives the next bytes, so many of them, fewer only at the end.
    package static func read<Failure: Error>(
        size: Int?, next: (_ count: Int) throws(Failure) -> [UInt8]
    ) throws(ReadError<Failure>) -> Contents {
        func take(_ count: Int) throws(ReadError<Failure>) -> [UInt8] {
            do throws(Failure) { return try next(count) } catch { throw .bytes(error) }
        }
        let start = try take(8)
        guard start.count == 8 else { throw .content(SafetensorsError("is too short for a safetensors file")) }
        let length = start.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(min(longestHeader, max(0, (size ?? .max) - 8))) else {
            throw .content(SafetensorsError("is not a safetensors file: its header would be \(length) bytes long"))
        }
        let header = try take(Int(length))
        guard header.count == Int(length) else {
            throw .content(SafetensorsError("is not a safetensors file: its header is cut off"))
        }
        let tensors: [TensorInfo]
        let metadata: [String: String]
        do throws(SafetensorsError) { (tensors, metadata) = try TensorInfo.list(header[...]) } catch {
            throw .content(error)
        }
        var end = 0
        for tensor in tensors {
            guard tensor.start == end else {
                throw .content(
                    SafetensorsError(
                        "has data_offsets [\(tensor.start), \(tensor.end)] for '\(visible(tensor.name, limit: 40))'; "
                            + "expected them to begin at \(end), where those before end"))
            }
            end = tensor.end
        }
        if let size, size - 8 - Int(length) != end { throw .content(wrongLength(end, size - 8 - Int(length))) }
        var weights: [Weights] = []
        for tensor in tensors {
            let bytes = try take(tensor.end - tensor.start)
            guard bytes.count == tensor.end - tensor.start else {
                throw .content(wrongLength(end, tensor.start + bytes.count))
            }
            weights.append(Weights(name: tensor.name, shape: tensor.shape, values: tensor.type.floats(bytes)))
        }
        guard try take(1).isEmpty else {
            throw .content(SafetensorsError("has more than the \(end) bytes of values that its header tells of"))
        }
        return Contents(weights: weights.sorted { $0.name < $1.name }, metadata: metadata)
    }

    private static func wrongLength(_ expected: Int, _ found: Int) -> SafetensorsError {
        SafetensorsError("has \(found) bytes of values, where its header tells of \(expected)")
    }
}

/// Why bytes are not the weights that were expected, as a sentence's second half: the file's name comes before it.
package struct SafetensorsError: Error, Equatable, CustomStringConvertible {
    /// "is too short for a safetensors file".
    package let description: String

    init(_ description: String) { self.description = description }

    static let noJSON = SafetensorsError("is not a safetensors file: its header is not JSON")
}
