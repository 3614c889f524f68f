/// The number format of a tensor, by its word in the header. All that weights are kept in are read; other types, as those
/// of counters and masks, are no weights.
enum TensorType: String, CaseIterable {
    case float64 = "F64"
    case float32 = "F32"
    case float16 = "F16"
    /// The upper half of a 32-bit float.
    case bfloat16 = "BF16"

    /// Bytes of a number.
    var size: Int {
        switch self {
        case .float64: 8
        case .float32: 4
        case .float16, .bfloat16: 2
        }
    }

    /// Little-endian numbers as 32-bit floats: those of 16 bits exactly, those of 64 rounded to nearest.
    func floats(_ bytes: [UInt8]) -> [Float] {
        bytes.withUnsafeBytes { buffer in
            func bits<Bits: FixedWidthInteger>(_ index: Int) -> Bits {
                Bits(littleEndian: buffer.loadUnaligned(fromByteOffset: index * MemoryLayout<Bits>.size, as: Bits.self))
            }
            return (0..<buffer.count / size).map { index in
                switch self {
                case .float64: Float(Double(bitPattern: bits(index)))
                case .float32: Float(bitPattern: bits(index))
                case .float16: Float(Float16(bitPattern: bits(index)))
                case .bfloat16: Float(bitPattern: UInt32(bits(index) as UInt16) << 16)
                }
            }
        }
    }
}
