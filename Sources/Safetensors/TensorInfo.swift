import JSONText
import Wording

/// A tensor as a file's header has it.
struct TensorInfo: Equatable {
    let name: String
    let type: TensorType
    let shape: [Int]
    let start: Int
    let end: Int

    /// numpy has no more dimensions, and the reference returns its arrays.
    private static let mostDimensions = 64

    /// Reads a header: all tensors in it, in the order of their bytes, and the texts beside them.
    static func list(
        _ header: ArraySlice<UInt8>
    ) throws(SafetensorsError) -> (tensors: [TensorInfo], metadata: [String: String]) {
        // The reference looks at all of it before anything else.
        guard String(validating: header, as: UTF8.self) != nil else { throw .noJSON }
        var scanner = JSONScanner(header)
        var tensors: [TensorInfo] = []
        var names: Set<String> = []
        var metadata: [String: String] = [:]
        try scanner.object(fault: { _ in .noJSON }) { (name, scanner) throws(SafetensorsError) in
            guard names.insert(name).inserted else {
                throw SafetensorsError("has '\(visible(name, limit: 40))' twice in its header")
            }
            if name == "__metadata__" {
                metadata = try readMetadata(&scanner)
            } else {
                tensors.append(try TensorInfo(name, &scanner))
            }
        }
        do throws(JSONScanner.Fault) { try scanner.finish() } catch { throw .noJSON }
        return (tensors.sorted { ($0.start, $0.end) < ($1.start, $1.end) }, metadata)
    }

    /// Texts by names, or null.
    private static func readMetadata(_ scanner: inout JSONScanner) throws(SafetensorsError) -> [String: String] {
        var texts: [String: String] = [:]
        do throws(JSONScanner.Fault) {
            if try scanner.peek() == UInt8(ascii: "n") {
                try scanner.word("null")
                return [:]
            }
            // Of a name that comes twice the reference keeps the last text.
            try scanner.object(fault: { $0 }) { (key, scanner) throws(JSONScanner.Fault) in
                texts[key] = try scanner.string()
            }
            return texts
        } catch {
            throw SafetensorsError("is not a safetensors file: its __metadata__ is no object of strings")
        }
    }

    private init(_ name: String, _ scanner: inout JSONScanner) throws(SafetensorsError) {
        var type: String?
        var shape: [Int]?
        var offsets: [Int]?
        let shown = visible(name, limit: 40)
        let first: UInt8
        do throws(JSONScanner.Fault) { first = try scanner.peek() } catch { throw .noJSON }
        guard first == UInt8(ascii: "{") else {
            throw SafetensorsError("has no object for '\(shown)'; expected its dtype, shape and data_offsets in one")
        }
        do throws(JSONScanner.Fault) {
            try scanner.object(fault: { $0 }) { (key, scanner) throws(JSONScanner.Fault) in
                switch key {
                case "dtype" where type == nil: type = try scanner.string()
                case "shape" where shape == nil: shape = try scanner.counts(atMost: Self.mostDimensions)
                case "data_offsets" where offsets == nil: offsets = try scanner.counts(atMost: 2)
                case "dtype", "shape", "data_offsets": throw JSONScanner.Fault()
                // As deep as it is in the header's object and the tensor's.
                default: try scanner.skip(depth: 3)
                }
            }
        } catch {
            throw SafetensorsError("has no dtype, shape and data_offsets for '\(shown)'")
        }
        guard let type, let shape, let offsets, offsets.count == 2 else {
            throw SafetensorsError("has no dtype, shape and data_offsets for '\(shown)'")
        }
        guard let known = TensorType(rawValue: type) else {
            let types = TensorType.allCases.map(\.rawValue).joined(separator: ", ")
            throw SafetensorsError("has '\(shown)' as \(visible(type, limit: 20)); weights are \(types)")
        }
        (self.name, self.type, self.shape, start, end) = (name, known, shape, offsets[0], offsets[1])
        guard let bytes = byteCount else { throw SafetensorsError("has an impossible shape \(shape) for '\(shown)'") }
        guard end >= start, end - start == bytes else {
            throw SafetensorsError("has data_offsets \(offsets) for '\(shown)', which do not fit its shape \(shape)")
        }
    }

    /// Bytes of the values; nil where there is no such number, dimensions of 0 left aside.
    private var byteCount: Int? {
        var count = type.size
        for dimension in shape where dimension != 0 {
            let (product, isTooLarge) = count.multipliedReportingOverflow(by: dimension)
            if isTooLarge { return nil }
            count = product
        }
        return shape.contains(0) ? 0 : count
    }
}

extension JSONScanner {
    fileprivate mutating func counts(atMost most: Int) throws(Fault) -> [Int] {
        var counts: [Int] = []
        try list { (scanner) throws(Fault) in
            counts.append(try scanner.count())
            guard counts.count <= most else { throw Fault() }
        }
        return counts
    }
}
