import Testing
import TrainCore

@testable import Tabular

/// Numbers as texts of all lengths, judged by whole numbers of any size: no other conversion has a say.
@Suite struct ExactReadingTests {
    /// `digits` times 10 to the power of `exponent`.
    private struct Decimal {
        var digits: String
        var exponent: Int
    }

    /// `whole` times 2 to the power of `exponent`.
    private struct Binary {
        var whole: UInt32
        var exponent: Int

        init(_ whole: UInt32, _ exponent: Int) { (self.whole, self.exponent) = (whole, exponent) }

        /// A float that is not negative.
        init(_ value: Float) {
            let field = Int(value.bitPattern >> 23)
            let fraction = value.bitPattern & 0x7F_FFFF
            self.init(field == 0 ? fraction : fraction | 0x80_0000, max(field, 1) - 150)
        }

        /// In the middle between this float and the next greater one.
        var middleAbove: Binary { Binary(whole * 2 + 1, exponent - 1) }

        /// In the middle between this float and the next smaller one, which is nearer below a power of two.
        var middleBelow: Binary {
            whole == 0x80_0000 && exponent > -149
                ? Binary(whole * 4 - 1, exponent - 2) : Binary(whole * 2 - 1, exponent - 1)
        }

        /// All decimal digits, and there are no more.
        var decimal: Decimal {
            let number = NaturalNumber(whole)
            return exponent < 0
                ? Decimal(digits: number.times(5, toThe: -exponent).digits, exponent: exponent)
                : Decimal(digits: number.times(2, toThe: exponent).digits, exponent: 0)
        }
    }

    /// -1, 0 or 1 as the decimal is less than, equal to or greater than the binary number.
    private static func compare(_ decimal: Decimal, _ binary: Binary) -> Int {
        let left = NaturalNumber(digits: decimal.digits)
            .times(10, toThe: max(0, decimal.exponent)).times(2, toThe: max(0, -binary.exponent))
        let right = NaturalNumber(binary.whole)
            .times(10, toThe: max(0, -decimal.exponent)).times(2, toThe: max(0, binary.exponent))
        return left == right ? 0 : left < right ? -1 : 1
    }

    /// Whether the float is the nearest one, the even one of two that are as near; nil stands for infinity.
    private static func isNearest(_ value: Float?, to decimal: Decimal) -> Bool {
        guard let value else { return compare(decimal, Binary(.greatestFiniteMagnitude).middleAbove) >= 0 }
        let binary = Binary(value)
        let isEven = binary.whole % 2 == 0
        let above = compare(decimal, binary.middleAbove)
        guard above < 0 || (above == 0 && isEven) else { return false }
        guard binary.whole > 0 else { return true }
        let below = compare(decimal, binary.middleBelow)
        return below > 0 || (below == 0 && isEven)
    }

    /// One way of many to write the number.
    private static func text(_ decimal: Decimal, _ choice: UInt32) -> String {
        let digits = Array(decimal.digits)
        let point = Int(choice >> 8) % (digits.count + 1)
        let exponent = decimal.exponent + digits.count - point
        var text = String(repeating: "0", count: Int(choice & 3)) + String(digits[..<point])
        if point < digits.count || choice & 4 != 0 { text += "." + String(digits[point...]) }
        if text == "." { text = "0." }
        if exponent != 0 || choice & 8 != 0 {
            text += (choice & 16 != 0 ? "e" : "E") + (exponent >= 0 && choice & 32 != 0 ? "+" : "") + "\(exponent)"
        }
        return text
    }

    /// Places between floats where rounding is hardest, exactly and with a digit more or less, up to 800 digits long.
    private static func nearMiddle(_ words: (UInt32, UInt32, UInt32, UInt32)) -> Decimal {
        let special: [Float] = [0, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude]
        let value =
            words.1 % 16 == 0 ? special[Int(words.1 >> 4) % 4] : Float(bitPattern: words.0 % 0x7F80_0000)
        var decimal = Binary(value).middleAbove.decimal
        let room = max(0, 800 - decimal.digits.count)
        let zeros = String(repeating: "0", count: words.1 % 3 == 0 ? Int(words.2) % (room + 1) : 0)
        switch words.3 % 3 {
        case 0: decimal = Decimal(digits: decimal.digits + zeros, exponent: decimal.exponent - zeros.count)
        case 1: decimal = Decimal(digits: decimal.digits + zeros + "1", exponent: decimal.exponent - zeros.count - 1)
        default:
            // One less in the last place: ...5 becomes ...4999.
            let nines = String(repeating: "9", count: zeros.count + 1)
            var digits = decimal.digits
            let last = UInt8(String(digits.removeLast())) ?? 0
            if last > 0 {
                decimal = Decimal(digits: digits + "\(last - 1)\(nines)", exponent: decimal.exponent - nines.count)
            }
        }
        return decimal
    }

    /// Any digits at all, 1 to 800 of them, mostly few, from far below the least float to beyond the greatest.
    private static func anything(_ philox: Philox, _ index: UInt32, _ words: (UInt32, UInt32, UInt32, UInt32))
        -> Decimal
    {
        let count = 1 + Int(words.0) % (words.1 % 4 == 0 ? 800 : 24)
        var digits = ""
        for block in 1...UInt32(count / 4 + 1) {
            let more = philox.block(index, block, 0, 0)
            for word in [more.0, more.1, more.2, more.3] { digits += String(word % 10) }
        }
        return Decimal(digits: String(digits.prefix(count)), exponent: Int(words.2 % 95) - 52 - count)
    }

    @Test("every text becomes the nearest float, in a cell of its own and in a table")
    func nearest() throws {
        let philox = Philox(seed: 5, stream: 9)
        var table = "x,y\n"
        var expected: [Float] = []
        for index in 0..<UInt32(4000) {
            let words = philox.block(index, 0, 0, 0)
            let decimal = index % 2 == 0 ? Self.nearMiddle(words) : Self.anything(philox, index, words)
            let text = Self.text(decimal, words.3)
            let reading = Array(text.utf8).withUnsafeBufferPointer { DecimalText.read($0.baseAddress!, $0.indices) }
            switch reading {
            case .number(let value):
                try #require(Self.isNearest(value, to: decimal), "\(text) is not \(value)")
                table += "\(words.0 % 2 == 0 ? "-" : "")\(text),\(text)\n"
                expected += words.0 % 2 == 0 ? [-value, value] : [value, value]
            case .outOfRange: try #require(Self.isNearest(nil, to: decimal), "\(text) is in range")
            default: Issue.record("\(text) is a number")
            }
        }
        #expect(expected.count > 7000)
        let data = try TemporaryTable(table).load()
        let found = zip(data.training.x, data.training.y).flatMap { [$0.bitPattern, $1.bitPattern] }
        #expect(found == expected.map(\.bitPattern))
    }
}
