extension [Float] {
    /// The numbers in order, which must not be NaN: many of them by three rounds of a radix sort, eleven bits at a time from
    /// the lowest on, in time in proportion to their number.
    func sortedInOrder() -> [Float] {
        guard count > 1 << 12 else { return sorted() }
        // As whole numbers floats are in order where those below 0 are turned around, and those from 0 on moved above them.
        var keys = map { value in
            let bits = value.bitPattern
            return bits >> 31 == 1 ? ~bits : bits | 0x8000_0000
        }
        var other = [UInt32](repeating: 0, count: count)
        for shift in [UInt32(0), 11, 22] {
            var places = [Int](repeating: 0, count: 1 << 11)
            for key in keys { places[Int(key >> shift & 0x7FF)] += 1 }
            var start = 0
            for digit in places.indices { (places[digit], start) = (start, start + places[digit]) }
            for key in keys {
                let digit = Int(key >> shift & 0x7FF)
                other[places[digit]] = key
                places[digit] += 1
            }
            swap(&keys, &other)
        }
        return keys.map { Float(bitPattern: $0 >> 31 == 1 ? $0 & 0x7FFF_FFFF : ~$0) }
    }
}
