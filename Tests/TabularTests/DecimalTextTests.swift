import Testing
import TrainCore

@testable import Tabular

@Suite struct DecimalTextTests {
    private func read(_ text: String) -> DecimalText.Reading {
        let bytes = Array(text.utf8)
        return bytes.withUnsafeBufferPointer { DecimalText.read($0.baseAddress!, 0..<bytes.count) }
    }

    @Test(arguments: [
        "0", "-0", "1", "+2.5", ".5", "5.", "1e-3", "1E+3", "16777217", "16777219", "33554435", "0.1", "3.4028235e38",
        "3.4028235677973365e38", "1.1754943e-38", "1e-45", "7.1e-46", "7e-46", "1e-400",
        "0.00000000000000000001234567890123", "123456789012345678901234567890",
        "1.00000005960464477539062500000000001", "1.000000059604644775390625", "1.00000005960464477539062499999999999",
        "8.5899345920000005e9", "0.000000000000000000000000000000000000000000001",
    ])
    func roundsAsTheStandardLibraryDoes(text: String) throws {
        let value = try #require(Float(text))
        guard case .number(let result) = read(text) else {
            Issue.record("\(text) is a number")
            return
        }
        #expect(result.bitPattern == value.bitPattern)
    }

    /// Texts of 1 to 27 digits around the midpoints between floats, where a second rounding would show.
    @Test func roundsOnceAroundMidpoints() throws {
        let philox = Philox(seed: 3, stream: 9)
        for index in 0..<UInt32(20_000) {
            let words = philox.block(index, 0, 0, 0)
            let low = Float(bitPattern: (words.0 & 0x007F_FFFF) | (100 + words.1 % 55) << 23)
            let middle = (Double(low) + Double(low.nextUp)) / 2
            let near = Double(bitPattern: middle.bitPattern &+ UInt64(words.2 % 41) &- 20)
            var text = "\(near)"
            if words.3 % 2 == 0, !text.contains("e") { text += "\(words.3)" }
            let value = try #require(Float(text))
            #expect(read(text) == .number(value), "\(text)")
        }
    }

    @Test func knowsWhatIsNoNumber() {
        #expect(["", " ", "NA", "NaN", "null", "NULL"].map(read) == Array(repeating: .missing, count: 6))
        #expect(["1e39", "-Infinity", "inf", "1e999999999999"].map(read) == Array(repeating: .outOfRange, count: 4))
        let texts = ["-", ".", "1.2.3", "1e", "1e+", "0x10", "1,5", "12a", "e5", "--1", "nano", "1 2"]
        #expect(texts.map(read) == Array(repeating: .text, count: texts.count))
    }
}
