/// What is seen of a column's numbers, gaps left aside.
struct NumberFacts {
    /// How many there are.
    var count = 0
    /// The least one.
    var minimum: Float = .infinity
    /// The greatest one.
    var maximum: Float = -.infinity
    /// Whether all are whole.
    var isWhole = true
    /// Up to one more than ``mostDistinct`` different ones, by their bits.
    private(set) var distinct: Set<UInt32> = []
    private var last: Float = .nan

    /// Different values are counted up to here.
    static let mostDistinct = 1000

    /// How many different ones there are; nil for more than anybody counted.
    var distinctCount: Int? { distinct.count > Self.mostDistinct ? nil : distinct.count }

    /// The different values, in order; nil where there are more than were counted.
    var values: [Float]? { distinctCount == nil ? nil : distinct.map { Float(bitPattern: $0) }.sorted() }

    /// Looks at one more; NaN is a gap.
    @inline(__always)
    mutating func add(_ value: Float) {
        guard !value.isNaN else { return }
        count += 1
        if value == last { return }
        last = value
        if value < minimum { minimum = value }
        if value > maximum { maximum = value }
        if isWhole, value != value.rounded() { isWhole = false }
        if distinct.count <= Self.mostDistinct { distinct.insert(value == 0 ? 0 : value.bitPattern) }
    }

    /// Whether floats hold all of the numbers exactly, were they whole.
    var isExact: Bool { minimum >= -0x1p24 && maximum <= 0x1p24 }

    /// Whether they are 0 and 1 and nothing else.
    var isZeroAndOne: Bool { values == [0, 1] }

    /// The facts of each slot.
    static func gather(_ table: NumberTable) throws(DataError) -> [NumberFacts] {
        var facts = Array(repeating: NumberFacts(), count: table.width)
        try table.eachRow { _, numbers throws(DataError) in
            for slot in facts.indices { facts[slot].add(numbers[slot]) }
        }
        return facts
    }

    /// Whether the numbers of a slot are 1, 2, 3, ... or 0, 1, 2, ..., in any order, without one twice.
    func isCounting(_ table: NumberTable, slot: Int) throws(DataError) -> Bool {
        guard isWhole, count == table.rows, count >= 10, minimum == 0 || minimum == 1,
            Double(maximum) - Double(minimum) == Double(count - 1), isExact
        else { return false }
        var isSeen = [Bool](repeating: false, count: count)
        var isOnce = true
        let least = minimum
        try table.eachRow { _, numbers throws(DataError) in
            let place = Int(numbers[slot] - least)
            if isSeen[place] { isOnce = false }
            isSeen[place] = true
        }
        return isOnce
    }
}
