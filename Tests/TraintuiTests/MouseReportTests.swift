import Canvas
import Testing

@testable import NcursesTerminal

@Suite("Mouse reports")
struct MouseReportTests {
    @Test(
        "are read, with modifiers or without",
        arguments: [
            ("<0;12;5", MouseEvent(.press, x: 11, y: 4)), ("<64;1;1", MouseEvent(.wheelUp, x: 0, y: 0)),
            ("<65;300;60", MouseEvent(.wheelDown, x: 299, y: 59)), ("<16;2;2", MouseEvent(.press, x: 1, y: 1)),
        ])
    func events(parameters: String, event: MouseEvent) {
        #expect(MouseReport.event(parameters) == event)
    }

    @Test(
        "that mean nothing here, or nothing at all, are none",
        arguments: [
            "<1;5;5", "<2;5;5", "<35;5;5", "<0;0;5", "<0;5", "<0;5;5;5", "<;;", "0;5;5", "<a;5;5", "", "<-1;5;5",
        ])
    func nonsense(parameters: String) {
        #expect(MouseReport.event(parameters) == nil)
    }

    @Test("of old terminals are three characters")
    func old() {
        #expect(MouseReport.event([32, 44, 37]) == MouseEvent(.press, x: 11, y: 4))
        #expect(MouseReport.event([35, 44, 37]) == nil)
        #expect(MouseReport.event([32, 44]) == nil)
        #expect(MouseReport.event([1, 2, 3]) == nil)
    }
}
