import Canvas
import Testing

struct NumberFormatTests {
    @Test func `fixed numbers keep their decimals and their column`() {
        let values: [Double?] = [0.97549, 1.0, 12345.6789, -0.031, -0.00001, nil, .nan, .infinity, -.infinity, 1e22]
        #expect(
            values.map { NumberFormat.fixed($0, decimals: 3, width: 8) }
                == [
                    "   0.975", "   1.000", "12,345.679", "  −0.031", "   0.000", "       —", "     nan", "     inf",
                    "    −inf", "1.000e22",
                ].map { SafeText($0) })
        #expect(NumberFormat.fixed(-1, decimals: 0) == "−1")
    }

    @Test func `losses and metrics have four decimals while those can tell them apart`() {
        let values: [Double?] = [0.97554, 28.4, -99.99999, 1234.5, 0, 0.000031, -250_000, nil, .nan]
        #expect(
            values.map { NumberFormat.metric($0).description } == [
                "0.9755", "28.4000", "−100.0000", "1,234.50", "0.0000", "3.10e-5", "−250,000", "—", "nan",
            ])
        #expect(NumberFormat.metric(28.4, width: 9) == "  28.4000")
    }

    @Test func `significant numbers spend their digits where they matter`() {
        let values = [0.97554, 28.4, 0.000123456, 1234567, 9.9999, 0, 1e-9, 1e12]
        #expect(
            values.map { NumberFormat.significant($0).description } == [
                "0.976", "28.40", "0.000", "1,234,567", "10.00", "0.000", "1.000e-9", "1.000e12",
            ])
    }

    @Test func `differences have a sign unless they are nothing`() {
        #expect(
            [-0.031, 0.012, 0, 0.0001, -0.0001].map { NumberFormat.signed($0, decimals: 3) } == [
                "−0.031", "+0.012", "0.000", "0.000", "0.000",
            ])
    }

    @Test func `whole numbers have their thousands apart`() {
        #expect(
            [0, 999, 1000, 10989, -1234567].map { NumberFormat.grouped($0) } == [
                "0", "999", "1,000", "10,989", "−1,234,567",
            ])
        #expect(NumberFormat.grouped(.min) == "−9,223,372,036,854,775,808")
    }

    @Test func `rates have three digits and a prefix`() {
        let values: [Double?] = [0, 2.5, 47.23, 200, 812_345, 999_999, 1_420_000, 2e15, nil]
        #expect(
            values.map { NumberFormat.compact($0).description } == [
                "0", "2.50", "47.2", "200", "812 k", "1.00 M", "1.42 M", "2.00e15", "—",
            ])
    }

    @Test func `shares are hundredths with about two digits`() {
        let shares: [Double?] = [0.614, 0.0996, 0.0994, 0.024, 0.00998, 0.0003, 0, 1, nil]
        #expect(
            shares.map { NumberFormat.percent($0).description } == [
                "61 %", "10 %", "9.9 %", "2.4 %", "1.0 %", "0.03 %", "0.00 %", "100 %", "—",
            ])
    }

    @Test func `time is minutes and seconds, then hours, then days`() {
        let values: [Double?] = [0, 5.59, 599.99, 723, 3723, 360_000, nil, .nan, .infinity, -1, 1e300]
        #expect(
            values.map { NumberFormat.duration(seconds: $0).description } == [
                "0:00.0", "0:05.5", "9:59.9", "12:03", "1:02:03", "4 d 04 h", "—", "—", "—", "—", "—",
            ])
    }

    @Test func `the shortest form reads back as the same number`() {
        #expect(
            [0.01, 0.005, 3e-4, 32, 1e-7, 0.999, 0, -0.5, 1e15, 10989, 1.25e-5].map {
                NumberFormat.shortest($0)
            } == ["0.01", "0.005", "3e-4", "32", "1e-7", "0.999", "0", "−0.5", "1e15", "10989", "1.25e-5"])
        for value in [
            0.1 + 0.2, 1.0 / 3, Double.leastNonzeroMagnitude, 1.7976931348623157e308, 123456.789, 0.00012345, 4e12,
        ] {
            #expect(Double(NumberFormat.shortest(value).description) == value)
        }
    }
}
