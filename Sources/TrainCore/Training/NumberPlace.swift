/// Where a number that steps can move lives among the settings: found by its name once, used at each step.
enum NumberPlace: Equatable {
    case learningRate
    case optimizer(NumberKey)
    case l1(layer: Int)
    case l2(layer: Int)
    case batchSize
}

/// A number of a ``Configurable``: the place among its settings, and the bytes from its beginning to the number, nil where
/// the number is not simply stored.
struct NumberKey: Equatable {
    let index: Int
    let offset: Int?
}

extension TrainingSettings {
    /// Gives a number another value.
    mutating func put(_ value: Double, at place: NumberPlace) {
        switch place {
        case .learningRate: optimizer.learningRate = value
        case .optimizer(let key): optimizer.put(value, at: key)
        case .l1(let layer): regularizers[layer].l1 = value
        case .l2(let layer): regularizers[layer].l2 = value
        case .batchSize: batchSize = Int(value)
        }
    }
}

extension Configurable {
    /// The key of the number of that name, nil where it has none.
    func key(of name: String) -> NumberKey? {
        Self.settings.firstIndex { $0.name == name }.map { NumberKey(index: $0, offset: Self.settings[$0].offset) }
    }

    /// Gives a number another value. Its range must allow it.
    mutating func put(_ value: Double, at key: NumberKey) {
        guard let offset = key.offset else {
            Self.settings[key.index].set(value, in: &self)
            return
        }
        store(value, offset, in: &self)
    }
}

/// Without a closure, which a type that is not known would make a call of.
private func store<Owner>(_ value: Double, _ offset: Int, in owner: UnsafeMutablePointer<Owner>) {
    UnsafeMutableRawPointer(owner).storeBytes(of: value, toByteOffset: offset, as: Double.self)
}
