/// A whole number from 0 on of any size, for exact comparisons.
struct NaturalNumber: Equatable {
    /// Digits to the base 2^32, the least first, the last one not 0.
    private var limbs: [UInt32]

    init(_ value: UInt32) { limbs = value == 0 ? [] : [value] }

    /// The number that these decimal digits are.
    init(digits: String) {
        self.init(0)
        for digit in digits.utf8 {
            self *= 10
            self += UInt32(digit - UInt8(ascii: "0"))
        }
    }

    static func *= (number: inout NaturalNumber, factor: UInt32) {
        var carry: UInt64 = 0
        for index in number.limbs.indices {
            carry += UInt64(number.limbs[index]) * UInt64(factor)
            number.limbs[index] = UInt32(truncatingIfNeeded: carry)
            carry >>= 32
        }
        if carry > 0 { number.limbs.append(UInt32(carry)) }
    }

    static func += (number: inout NaturalNumber, term: UInt32) {
        var carry = UInt64(term)
        for index in number.limbs.indices where carry > 0 {
            carry += UInt64(number.limbs[index])
            number.limbs[index] = UInt32(truncatingIfNeeded: carry)
            carry >>= 32
        }
        if carry > 0 { number.limbs.append(UInt32(carry)) }
    }

    /// Times `base` to the power of `exponent`.
    func times(_ base: UInt32, toThe exponent: Int) -> NaturalNumber {
        var product = self
        for _ in 0..<exponent { product *= base }
        return product
    }

    /// The decimal digits, "" for 0.
    var digits: String {
        var rest = limbs
        var groups: [String] = []
        while !rest.isEmpty {
            var remainder: UInt64 = 0
            for index in rest.indices.reversed() {
                remainder = remainder << 32 | UInt64(rest[index])
                rest[index] = UInt32(remainder / 1_000_000_000)
                remainder %= 1_000_000_000
            }
            while rest.last == 0 { rest.removeLast() }
            let group = String(remainder)
            groups.append(rest.isEmpty ? group : String(repeating: "0", count: 9 - group.count) + group)
        }
        return groups.reversed().joined()
    }

    static func < (left: NaturalNumber, right: NaturalNumber) -> Bool {
        guard left.limbs.count == right.limbs.count else { return left.limbs.count < right.limbs.count }
        return left.limbs.reversed().lexicographicallyPrecedes(right.limbs.reversed())
    }
}
