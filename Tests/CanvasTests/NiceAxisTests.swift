import Canvas
import Testing

struct NiceAxisTests {
    private func labels(_ range: ClosedRange<Double>, _ maximum: Int, _ scale: NiceAxis.Scale = .linear) -> [String] {
        let axis = NiceAxis(range: range, maximumTicks: maximum, scale: scale)
        return axis.ticks.map { axis.label(for: $0).description }
    }

    @Test func `ticks are multiples of 1, 2 or 5 times a power of ten, with equal decimals`() {
        #expect(labels(0.4...2.6, 6) == ["0.5", "1.0", "1.5", "2.0", "2.5"])
        #expect(labels(0...1715, 8) == ["0", "500", "1,000", "1,500"])
        #expect(labels(-1...1, 5) == ["−1.0", "−0.5", "0.0", "0.5", "1.0"])
        #expect(labels(0.0010...0.0023, 4) == ["0.0010", "0.0015", "0.0020"])
        #expect(labels(1e9...3e9, 3) == ["1,000,000,000", "2,000,000,000", "3,000,000,000"])
    }

    @Test(arguments: [0.0...1, 3...3.0001, -5e5...7e8, 0...1e-300, 1e300...1.1e300, 12...13])
    func `there are never more ticks than asked for and all are inside`(range: ClosedRange<Double>) {
        for maximum in 0...12 {
            let ticks = NiceAxis(range: range, maximumTicks: maximum).ticks
            #expect(ticks.count <= maximum)
            #expect(maximum < 3 || ticks.count >= 1)
            let margin = (range.upperBound - range.lowerBound) * 1e-6
            #expect(ticks.allSatisfy { range.lowerBound - margin <= $0 && $0 <= range.upperBound + margin })
        }
    }

    @Test func `logarithmic ticks thin out from 1, 2, 5 to powers of ten`() {
        #expect(labels(0.1...10, 9, .logarithmic) == ["0.1", "0.2", "0.5", "1", "2", "5", "10"])
        #expect(labels(0.1...10, 5, .logarithmic) == ["0.1", "0.3", "1", "3", "10"])
        #expect(
            labels(1e-8...1, 9, .logarithmic) == ["1e-8", "1e-7", "1e-6", "1e-5", "1e-4", "0.001", "0.01", "0.1", "1"])
        #expect(labels(1e-8...1, 4, .logarithmic) == ["1e-6", "0.001", "1"])
        #expect(labels(1...2, 6, .logarithmic) == ["1.0", "1.2", "1.4", "1.6", "1.8", "2.0"])
    }

    @Test func `whole numbers have no ticks between them`() {
        #expect(NiceAxis(range: 0...3, maximumTicks: 9, wholeNumbers: true).ticks == [0, 1, 2, 3])
    }

    @Test func `ranges without length or end have at most one tick`() {
        #expect(labels(2...2, 5) == ["2"])
        #expect(labels(-.infinity ... .infinity, 5) == [])
        #expect(labels(-.greatestFiniteMagnitude ... .greatestFiniteMagnitude, 5) == [])
    }

    @Test func `a steady range ends at nice numbers and stays while the values move inside`() {
        let first = NiceAxis.steadyRange(containing: 0.52...2.31, previous: nil)
        #expect(first == 0.5...2.5)
        #expect(NiceAxis.steadyRange(containing: 0.6...2.4, previous: first) == first)
        #expect(NiceAxis.steadyRange(containing: 0.6...1.6, previous: first) == first)
        #expect(NiceAxis.steadyRange(containing: 0.6...2.6, previous: first) == 0.5...3)
        #expect(NiceAxis.steadyRange(containing: 0.6...0.8, previous: first) == 0.6...0.8)
    }

    @Test func `while values creep the range changes only a few times`() {
        var range: ClosedRange<Double>?
        var changes = 0
        for step in 1...10_000 {
            let next = NiceAxis.steadyRange(containing: (1 / Double(step))...(2 + Double(step) / 1000), previous: range)
            changes += next == range ? 0 : 1
            range = next
        }
        #expect(changes <= 12)
    }

    @Test func `steady ranges can be logarithmic and hold whatever comes`() {
        #expect(NiceAxis.steadyRange(containing: 0.03...28.4, previous: nil, scale: .logarithmic) == 0.02...50)
        let odd: [ClosedRange<Double>] = [0...0, -3...0, 5...5, -.infinity ... .infinity, 1e-307...1, 0...1e308]
        for values in odd {
            for scale in NiceAxis.Scale.allCases {
                let range = NiceAxis.steadyRange(containing: values, previous: nil, scale: scale)
                #expect(range.lowerBound < range.upperBound)
                #expect(range.lowerBound.isFinite && range.upperBound.isFinite)
            }
        }
    }
}
