import Testing
import TrainProtocol
import Wording

@testable import Dashboard
@testable import RunModel

@Suite("Editing values")
struct EditingTests {
    private func control(_ value: Double, _ range: NumberRange) -> Control {
        Control(hyperparameter: Hyperparameter(name: "x", title: "x", kind: .number(range), value: .number(value)))
    }

    @Test(
        "Scaled values stay tidy",
        arguments: [
            (0.01, 0.5, 0.005), (0.01, 2, 0.02), (0.01, 1.1, 0.011), (0.011, 1.1, 0.0121), (0.011, 1 / 1.1, 0.01),
            (3e-4, 2, 6e-4), (1e-7, 0.5, 5e-8), (0.9999, 1.1, 1.1), (1e300, 2, 2e300),
            (.leastNonzeroMagnitude, 1, .leastNonzeroMagnitude),
        ] as [(Double, Double, Double)])
    func tidy(value: Double, factor: Double, expected: Double) {
        #expect(control(value, .positive).scaled(by: factor) == .number(expected))
    }

    @Test(
        "Whole numbers change by at least one",
        arguments: [
            (32, 2, 64), (32, 1.1, 35), (32, 1 / 1.1, 29), (1, 1.1, 2), (3, 1 / 1.1, 2), (1, 0.5, 0), (0, 2, 1),
        ]
            as [(Double, Double, Double)])
    func whole(value: Double, factor: Double, expected: Double) {
        #expect(control(value, .whole(from: 1)).scaled(by: factor) == .number(expected))
    }

    @Test(
        "A change has as many digits as tell its ends apart",
        arguments: [
            (0.01, 0.005, "0.01 → 0.005"), (0.01, 0.01 / 3, "0.01 → 0.0033333"),
            (0.01, 0.010000001, "0.01 → 0.010000001"), (0.1, 0.1.nextUp, "0.1 → 0.10000000000000002"),
            (0.010000001, 0.010000001, "0.01 → 0.01"),
        ] as [(Double, Double, String)])
    func change(old: Double, new: Double, expected: String) {
        #expect(control(old, .positive).text(from: .number(old), to: .number(new)) == expected)
    }

    @Test("A flag goes to its other state, whatever the factor")
    func flag() {
        for isOn in [true, false] {
            let flag = Control(
                hyperparameter: Hyperparameter(name: "x", title: "x", kind: .flag, value: .flag(isOn)))
            #expect([0.5, 2].map { flag.scaled(by: $0) } == [.flag(!isOn), .flag(!isOn)])
        }
    }

    @Test(
        "Typed values",
        arguments: [
            ("3e-3", ValueChange.value(0.003)), (" 0.5 ", .value(0.5)), ("-1", .value(-1)), ("*2", .times(2)),
            ("/ 3", .dividedBy(3)), ("+5", .value(5)), ("inf", .value(.number(.infinity))),
        ])
    func typed(text: String, expected: ValueChange) throws {
        #expect(try ValueChange(text, isWhole: false) == expected)
    }

    @Test("A plus is relative for numbers that count something, and words are values of a flag")
    func kinds() throws {
        #expect(try ValueChange("+5", isWhole: true) == .plus(5))
        #expect(try ValueChange("off", isWhole: true, isFlag: true) == .value(.flag(false)))
        #expect(try ValueChange("TRUE", isWhole: true, isFlag: true) == .value(.flag(true)))
    }

    @Test(
        "What is no value is told so",
        arguments: [
            ("abc", "abc is not a number"), ("0x10", "0x10 is not a number"), ("*", "a number is missing"),
            ("3e", "3e is not a number"), ("", "type a value, such as 3e-3 or *2"), ("--1", "--1 is not a number"),
        ])
    func mistakes(text: String, message: String) {
        #expect(throws: ValueChange.Mistake(message: message)) { try ValueChange(text, isWhole: false) }
    }

    @Test("The ladder of paces goes up to no limit and down from what was observed")
    func pace() {
        #expect(PaceLadder.faster(than: 200) == 500)
        #expect(PaceLadder.faster(than: 3) == 5)
        #expect(PaceLadder.faster(than: 1_000_000) == PaceLadder.unlimited)
        #expect(PaceLadder.slower(than: 200, observed: nil) == 100)
        #expect(PaceLadder.slower(than: PaceLadder.unlimited, observed: 812_345) == 500_000)
        #expect(PaceLadder.slower(than: 1, observed: nil) == 1)
    }
}
