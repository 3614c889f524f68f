import Protobuf

extension EventRecord {
    /// How numbers are spread, as TensorBoard's histograms have it: so many bins, equally wide from the least to the
    /// greatest, each with where it begins, where it ends and how many are in it (tensorboard/plugins/histogram).
    private struct Bins {
        static let count = 30
        let rows: [(start: Double, end: Double, count: Int)]

        /// Numbers that are not finite are in none.
        init(_ values: [Float]) {
            var (low, high) = (Float.infinity, -Float.infinity)
            for value in values where value.isFinite { (low, high) = (min(low, value), max(high, value)) }
            guard low < high else {
                // All alike: one bin around them; of no numbers an empty one.
                let middle = low.isFinite ? Double(low) : 0
                rows = [(middle - 0.5, middle + 0.5, values.count { $0.isFinite })]
                return
            }
            var counts = [Int](repeating: 0, count: Self.count)
            let (start, width) = (Double(low), (Double(high) - Double(low)) / Double(Self.count))
            for value in values where value.isFinite {
                counts[min(Self.count - 1, Int((Double(value) - start) / width))] += 1
            }
            rows = counts.enumerated().map { index, count in
                (start + Double(index) * width, start + Double(index + 1) * width, count)
            }
        }
    }

    /// Histograms of one step, one of each tensor.
    package static func histograms(
        _ tensors: [(tag: String, values: [Float])], step: Int, at time: Double
    ) -> EventRecord {
        EventRecord(at: time, step: step) { event in
            event.set(EventMessage.Event.summary) { summary in
                for (tag, values) in tensors {
                    let rows = Bins(values).rows
                    summary.set(EventMessage.Summary.value) { message in
                        message.set(EventMessage.Value.tag, tag)
                        message.set(EventMessage.Value.tensor) { $0.put(rows) }
                        message.set(EventMessage.Value.metadata) { metadata in
                            metadata.set(EventMessage.Metadata.plugin) {
                                $0.set(EventMessage.Metadata.pluginName, "histograms")
                            }
                        }
                    }
                }
            }
        }
    }
}

extension ProtobufMessage {
    /// A tensor of doubles: a row for each bin.
    fileprivate mutating func put(_ rows: [(start: Double, end: Double, count: Int)]) {
        set(EventMessage.Tensor.type, EventMessage.Tensor.double)
        set(EventMessage.Tensor.shape) { shape in
            for size in [rows.count, 3] {
                shape.set(EventMessage.Shape.dimension) { $0.set(EventMessage.Shape.size, size) }
            }
        }
        let numbers = rows.flatMap { [$0.start, $0.end, Double($0.count)] }
        set(
            EventMessage.Tensor.content,
            numbers.flatMap { number in withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) } })
    }
}
