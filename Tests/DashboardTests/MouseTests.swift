import Canvas
import Foundation
import Testing
import TrainProtocol

@testable import Dashboard

@Suite("The mouse")
struct MouseTests {
    private static let size = Size(width: 120, height: 36)
    private var state = FakeRun.state(after: 1100, edit: (700, 0.005))

    private mutating func click(_ x: Int, _ y: Int, _ action: MouseEvent.Action = .press) -> [Effect] {
        update(&state, .mouse(MouseEvent(action, x: x, y: y), on: Self.size))
    }

    private func rect(_ place: Layout.Place) throws -> Rect {
        try #require(Layout(Self.size, state: state)?[place])
    }

    @Test("A click focuses the pane, and on its title zooms it and back")
    mutating func focus() throws {
        for pane in PaneName.all(of: state) {
            let rect = try self.rect(pane.place)
            #expect(click(rect.x + 3, rect.y + 1) == [])
            #expect(state.view.focus == pane && !state.view.isZoomed)
            #expect(click(rect.x + 3, rect.y) == [])
            #expect(state.view.isZoomed)
            #expect(click(3, 1) == [])
            #expect(!state.view.isZoomed)
        }
    }

    @Test("A click on a row selects it, and the wheel the next one")
    mutating func rows() throws {
        let rect = try self.rect(.hyperparameters)
        #expect(click(rect.x + 5, rect.y + 3) == [])
        #expect(state.view.selection == 2)
        #expect(click(rect.x + 5, rect.y + 3, .wheelDown) == [])
        #expect(state.view.selection == 3)
        #expect(click(rect.x + 5, rect.y + 3, .wheelUp) == [])
        #expect(state.view.selection == 2)
    }

    @Test("A click in the chart puts the cursor into the column that was clicked")
    mutating func cursor() throws {
        let rect = try self.rect(.loss)
        for x in stride(from: rect.x + 12, to: rect.x + 40, by: 7) {
            #expect(click(x, rect.y + 5) == [])
            let frame = render(state, size: Self.size, glyphs: .braille)
            let marked = (rect.y + 1..<rect.maxY - 3).contains { ["│", "●"].contains(frame[x, $0].character) }
            #expect(marked, "column \(x)")
        }
        // Beside the axis there is no step.
        state.view.chart.cursor = nil
        #expect(click(rect.x + 2, rect.y + 5) == [])
        #expect(state.view.chart.cursor == nil)
    }

    @Test("A click on a hint presses its key")
    mutating func hints() throws {
        let row = render(state, size: Self.size, glyphs: .braille)
        let text = String((0..<Self.size.width).map { row[$0, 35].character })
        let keys = try #require(text.range(of: "+ -")).lowerBound
        let minus = text.distance(from: text.startIndex, to: keys) + 2
        #expect(click(minus, 35) == [.send(.set("learning_rate", 0.0025), RequestID(2))])
        let pause = try #require(text.range(of: "pause")).lowerBound
        #expect(click(text.distance(from: text.startIndex, to: pause), 35) == [.send(.pause, RequestID(3))])
    }

    @Test("Over what lies on top the wheel scrolls, and a click means nothing")
    mutating func overlay() {
        state.press(.character("?"))
        #expect(click(50, 10, .wheelDown) == [])
        #expect(state.view.overlay == .help(HelpOverlay(scroll: 3)))
        #expect(click(50, 10) == [])
        #expect(state.view.overlay == .help(HelpOverlay(scroll: 3)))
    }

    @Test("Anywhere on any screen, it does no harm")
    mutating func anywhere() {
        for (width, height) in [(0, 0), (44, 12), (80, 24), (200, 55)] {
            for x in stride(from: -1, through: width, by: 5) {
                for y in stride(from: -1, through: height, by: 3) {
                    for action in [MouseEvent.Action.press, .wheelUp, .wheelDown] {
                        var state = state
                        _ = update(
                            &state, .mouse(MouseEvent(action, x: x, y: y), on: Size(width: width, height: height)))
                    }
                }
            }
        }
    }
}
