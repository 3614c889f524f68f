import Testing

@testable import Tabular

/// Numbers and dates as people write them.
@Suite struct NumberTextTests {
    @Test(
        arguments: [
            ("1,234", 1234), ("1,234,567.5", 1_234_567.5), ("12%", 12), (" 12 % ", 12), ("$1,200.50", 1200.5),
            ("€5", 5),
            ("5 €", 5), ("-$3", -3), ("$-3", -3), ("(1,200)", -1200), ("1 234", 1234), ("1'234.5", 1234.5),
            ("1\u{202F}234", 1234), ("\u{2212}4", -4), ("+7", 7), ("12,34,567", 1_234_567), ("1e3", 1000), (".5", 0.5),
            ("5.", 5), ("0.1", 0.1),
        ] as [(String, Float)])
    func isRead(text: String, value: Float) { #expect(NumberText.read(text, .point) == value) }

    @Test(
        arguments: [
            ("1.234,5", 1234.5), ("12,5", 12.5), ("1.234", 1234), ("12.5", 12.5), ("0,001", 0.001),
            ("-1.234.567,25 €", -1_234_567.25),
        ] as [(String, Float)])
    func isReadWithADecimalComma(text: String, value: Float) { #expect(NumberText.read(text, .comma) == value) }

    @Test(arguments: [
        "", "-", "abc", "12a", "1,23", "1,2345", "1,234,56", ",5,", "1.2.3", "--3", "$$3", "3%%", "0x10", "1,234e5",
        "1 2",
        "1,234 567", "(", "()", "%", "$", "1e999", "inf", "nan", "2024-01-31", "12:30", "1-2", "1,,234",
        String(repeating: "9", count: 500),
    ])
    func isNone(text: String) { #expect(NumberText.read(text, .point) == nil) }
}

@Suite struct DateTextTests {
    /// Days since 1970-01-01 and seconds since midnight, from Python's datetime.
    @Test(
        arguments: [
            ("2024-01-31", DateFormat.yearFirst, 19753, nil), ("2024/1/31", .yearFirst, 19753, nil),
            ("20240131", .yearFirst, 19753, nil), ("2024-01-31 13:45", .yearFirst, 19753, 49500),
            ("2024-01-31T13:45:10.25Z", .yearFirst, 19753, 49510),
            ("2024-01-31T13:45:00+02:00", .yearFirst, 19753, 49500),
            ("20141013T000000", .yearFirst, 16356, 0), ("01/31/2024", .monthFirst, 19753, nil),
            ("31/01/2024", .dayFirst, 19753, nil), ("31.01.2024", .dayFirst, 19753, nil),
            ("31-1-24", .dayFirst, 19753, nil),
            ("1/31/69 1:05 PM", .monthFirst, -335, 47100), ("12/31/1899 12:00 AM", .monthFirst, -25568, 0),
            ("Jan 31 2024", .named, 19753, nil), ("January 31, 2024", .named, 19753, nil),
            ("31-Jan-2024", .named, 19753, nil), ("31 sept 2024", .named, nil, nil),
            ("30 sept 2024", .named, 19996, nil),
            ("13:45", .time, nil, 49500), ("1:45:09 pm", .time, nil, 49509), ("0001-01-01", .yearFirst, -719162, nil),
            ("9999-12-31", .yearFirst, 2932896, nil), ("2000-02-29", .yearFirst, 11016, nil),
        ] as [(String, DateFormat, Int?, Int?)])
    func isRead(text: String, format: DateFormat, day: Int?, seconds: Int?) {
        let date = DateText.read(text, format)
        #expect(date?.day == day && date?.seconds == seconds)
    }

    @Test(arguments: [
        "", "2024", "2024-13-01", "2023-02-29", "2024-01-32", "2024-01/31", "31/31/2024", "2024-01-31 25:00",
        "2024-01-31 12:60", "2024-01-31x", "24:00", "12", "1/2", "1/2/345", "Jan", "Foo 3 2024", "2024-01-31 13:00 PM",
        "2024-01-31T", "-", "1.5", "0000-01-01", "12:30:99",
    ])
    func isNone(text: String) {
        for format in DateFormat.allCases { #expect(DateText.read(text, format) == nil, "\(format)") }
    }

    /// From Python: 2024 is a leap year of 366 days, 2024-01-31 a Wednesday.
    @Test func becomesUsefulNumbers() throws {
        let date = try #require(DateText.read("2024-01-31 06:00", .yearFirst))
        #expect(date.decimalYear == Float(2024 + 30.25 / 366))
        #expect(date.wayThroughYear == 30.0 / 366 && date.wayThroughWeek == 2.0 / 7 && date.wayThroughDay == 0.25)
        let encoding = DateEncoding(
            format: .yearFirst, parts: [.year, .hour], fillYear: 2000, yearScaling: .standard(mean: 2024, deviation: 2),
            hasGapIndicator: true)
        var features = [Float](repeating: .nan, count: 4)
        encoding.encode(date, into: &features)
        #expect(features[0] == Float((Double(Float(2024 + 30.25 / 366)) - 2024) / 2))
        #expect(features[1] == 1 && abs(features[2]) < 1e-6 && features[3] == 0)
        encoding.encode(nil, into: &features)
        #expect(features == [-12, 0, 0, 1])
    }
}
