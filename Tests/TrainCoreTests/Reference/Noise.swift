import TrainCore

extension Dataset {
    /// Features and targets from -1 to 1, or class numbers as targets: the same for the same arguments.
    static func noise(
        rows: Int, features: Int, targets: Int = 1, classes: Int? = nil, isPositive: Bool = false, seed: UInt64 = 1
    ) -> Dataset {
        var noise = Noise(seed: seed)
        let x = (0..<rows * features).map { _ in Float(noise.next()) }
        let y = (0..<rows * targets).map { _ -> Float in
            if let classes { return Float(Int((noise.next() + 1) / 2 * Double(classes))) }
            return Float(isPositive ? (noise.next() + 1) / 2 : noise.next())
        }
        return Dataset(rows: rows, features: features, targets: targets, x: x, y: y)
    }
}

/// Numbers from -1 up to 1, by place.
struct Noise {
    private let philox: Philox
    private var place: UInt32 = 0

    init(seed: UInt64) { philox = Philox(seed: seed, stream: 99) }

    mutating func next() -> Double {
        place += 1
        return Double(philox.block(place, 0, 0, 0).0) * 0x1p-31 - 1
    }
}
