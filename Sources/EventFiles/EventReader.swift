import Protobuf

/// The records of an event file, as anybody wrote them: TensorBoard, Keras, PyTorch, this program.
///
/// Each record's checksums are compared. A file that was cut off, as one is that is still being written, ends with its
/// last whole record; so does one that is damaged, for where the next record would begin is not known any more.
package enum EventReader {
    /// How a file ended.
    package enum End: Sendable, Equatable {
        /// With its last record.
        case whole
        /// Within a record, after so many whole ones.
        case cutOff(after: Int)
        /// With a record that is none: its number, from 1, and why, as a sentence's second half.
        case damaged(record: Int, String)
    }

    /// Bytes of a record, at most: far more than any picture or histogram has.
    package static let greatestRecord = 1 << 28

    /// Reads a file to its end.
    ///
    /// - Parameters:
    ///   - read: gives the next bytes, as many as it is asked for, fewer only where there are no more.
    ///   - take: gets each number, in order.
    package static func read<Fault: Error>(
        _ read: (_ count: Int) throws(Fault) -> [UInt8], take: (LoggedNumber) -> Void
    ) throws(Fault) -> End {
        var plugins: [String: String] = [:]
        var count = 0
        while true {
            let head = try read(12)
            // A writer that was ended at once leaves an empty file.
            if head.isEmpty { return count == 0 ? .cutOff(after: 0) : .whole }
            guard head.count == 12 else { return .cutOff(after: count) }
            guard checks(head[8...], head[..<8]) else {
                return .damaged(record: count + 1, "has a length whose checksum is another")
            }
            let length = ProtobufFields.littleEndian(head[..<8])
            guard length <= UInt64(greatestRecord) else {
                return .damaged(record: count + 1, "has \(length) bytes; expected at most \(greatestRecord >> 20) MiB")
            }
            let body = try read(Int(length) + 4)
            guard body.count == Int(length) + 4 else { return .cutOff(after: count) }
            guard checks(body.suffix(4), body.dropLast(4)) else {
                return .damaged(record: count + 1, "has a checksum that is another")
            }
            guard let numbers = LoggedNumber.list(Array(body.dropLast(4)), plugins: &plugins) else {
                return .damaged(record: count + 1, "is no event")
            }
            count += 1
            numbers.forEach(take)
        }
    }

    private static func checks(_ checksum: some Collection<UInt8>, _ bytes: ArraySlice<UInt8>) -> Bool {
        ProtobufFields.littleEndian(checksum) == UInt64(CRC32C.masked(bytes))
    }
}
