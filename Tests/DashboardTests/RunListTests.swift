import Canvas
import CanvasTesting
import RunModel
import Testing

@testable import Dashboard

@Suite("The list of runs")
struct RunListTests {
    /// Runs in every state there is, the oldest first; the last two are of earlier programs, or not read yet.
    static let runs: [RunFacts] = {
        let standings: [RunFacts.Standing] = [.done, .diverged, .cutOff, .stopped, .done, .running]
        return standings.enumerated().map { index, standing in
            var run = RunFacts(name: "2026-03-0\(index + 1)T09-3\(index)-00.123456-storms")
            run.title = ["storms", "hot", "storms", "wide", "best so far", "storms"][index]
            run.data = index == 3 ? "houses.csv" : "storms"
            run.began = "2026-03-0\(index + 1) 09:3\(index)"
            run.standing = standing
            run.reason = standing == .diverged ? "the loss is not a number" : nil
            (run.step, run.epochsDone, run.epochs) = (343 * (index + 1), index + 1, 6)
            run.seconds = 1.7 * Double(index + 1)
            let place = Double(index)
            run.best = standing == .diverged ? nil : 1.2 - 0.04 * place
            run.bestStep = 343 * (index + 1)
            run.edits = index % 3
            run.validation = (0...index).map { epoch in
                let noise = Double(epoch * 37 % 5)
                return 1.6 / Double(epoch + 1) + 0.02 * noise
            }
            run.note = index == 4 ? "with the lower rate from step 700 on" : ""
            run.tags = index == 4 ? ["paper"] : []
            run.isPinned = index == 4
            return run
        }
    }()

    private static func list(_ runs: [RunFacts] = runs, unread: [String] = ["2026-02-01T08-00-00-old"]) -> RunListState
    {
        var state = RunListState(names: unread + runs.map(\.name), themes: ["midnight", "paper"], theme: "midnight")
        _ = update(&state, .read(runs))
        return state
    }

    private func screen(_ state: RunListState, _ name: String, _ width: Int, _ height: Int, glyphs: GlyphSet = .braille)
    {
        var state = state
        _ = update(&state, .size(Size(width: width, height: height)))
        expectSnapshot(
            render(state, size: Size(width: width, height: height), glyphs: glyphs),
            named: "runs-\(name)-\(width)x\(height)")
    }

    @Test(
        "at every size, with runs in every state",
        arguments: [(80, 24), (120, 36), (200, 40), (44, 12), (40, 10), (30, 8)])
    func sizes(width: Int, height: Int) { screen(Self.list(), "list", width, height) }

    @Test("without a run, and without one that fits")
    func empty() {
        screen(Self.list([], unread: []), "none", 80, 24)
        var state = Self.list()
        state.type("/nothing")
        screen(state, "none-fits", 80, 24)
    }

    @Test("in a terminal without braille")
    func plain() { screen(Self.list(), "ascii", 100, 24, glyphs: .ascii) }

    @Test("with a filter, marks, a question, a note, a page, help")
    func dialogs() {
        var state = Self.list()
        state.type("/storms done")
        #expect(state.shown.map { state.rows[$0].name } == [Self.runs[4].name, Self.runs[0].name])
        screen(state, "filter", 80, 24)
        state.press(.enter)
        state.press(.character(" "), .character(" "))
        #expect(state.marked.count == 2)
        screen(state, "marked", 80, 24)
        #expect(state.press(.character("c")) == [.compare([Self.runs[0].name, Self.runs[4].name])])
        #expect(state.press(.character("d")) == [])
        screen(state, "remove", 80, 24)
        #expect(state.press(.character("x")) == [] && state.dialog != nil)
        #expect(state.press(.character("y")) == [.remove([Self.runs[0].name, Self.runs[4].name])])
        state.press(.escape, .escape)
        #expect(state.marked.isEmpty && state.filter.isEmpty)
        state.press(.home, .character("n"))
        state.type("good")
        screen(state, "note", 80, 24)
        #expect(state.press(.enter) == [.note(Self.runs[5].name, "good")])
        _ = update(&state, .page(title: "compared", lines: (1...60).map { "line \($0)" }))
        state.press(.pageDown)
        screen(state, "page", 80, 24)
        state.press(.escape, .character("?"))
        screen(state, "help", 80, 24)
        screen(state, "help", 120, 36)
    }

    @Test("is sorted by every column, what is not known last, and the selection stays on its run")
    func sorting() {
        var state = Self.list()
        state.press(.down, .down)
        let name = state.selected?.name
        for order in RunListColumn.orders.dropFirst() {
            state.press(.character("s"))
            #expect(state.order == order && state.selected?.name == name)
            for _ in 0..<2 {
                let keys = state.shown.map { state.rows[$0].facts.flatMap(order.key) }
                let known = keys.compactMap { $0 }
                #expect(keys.prefix(known.count).allSatisfy { $0 != nil })
                #expect(known == known.sorted { state.isDescending ? $0 > $1 : $0 < $1 })
                state.press(.character("S"))
            }
        }
        state.press(.character("s"))
        #expect(state.order == .began && state.shown == Array(state.rows.indices.reversed()))
    }

    @Test("does what its keys say, and says why it does not")
    func keys() {
        var state = Self.list()
        let newest = Self.runs[5].name
        #expect(state.press(.enter) == [.open(newest)] && state.press(.character("R")) == [.replay(newest)])
        #expect(state.press(.character("r")) == [] && state.notice?.text == "it goes on already: enter opens it")
        state.press(.down)
        #expect(state.press(.character("r")) == [])
        #expect(state.press(.character("p")) == [.pin(Self.runs[4].name, false)])
        #expect(state.press(.character("c")) == [])
        #expect(state.notice?.text == "mark two to nine runs with the space bar")
        state.press(.down)
        #expect(state.press(.character("r")) == [.resume(Self.runs[3].name)])
        #expect(state.press(.character("i")) == [.describe(Self.runs[3].name)])
        #expect(state.press(.character("t")) == [.useTheme("paper")] && state.press(.character("q")) == [.quit])
        // Keys mean one thing each.
        let all = RunListBinding.all.flatMap { $0.keys + $0.aliases }
        #expect(Set(all).count == all.count)
        var none = Self.list([], unread: [])
        for key in all where ![.character("q"), .control("c"), .character("t")].contains(key) {
            #expect(none.press(key) == [])
            none.dialog = nil
        }
    }

    @Test("follows the mouse: a click selects, the wheel scrolls")
    func mouse() {
        var state = Self.list()
        _ = update(&state, .size(Size(width: 80, height: 24)))
        _ = update(&state, .mouse(MouseEvent(.press, x: 10, y: 5)))
        #expect(state.selection == 2)
        _ = update(&state, .mouse(MouseEvent(.wheelDown, x: 0, y: 0)))
        #expect(state.selection == 5)
        for y in [0, 1, 2, 12, 20, 23] { _ = update(&state, .mouse(MouseEvent(.press, x: 10, y: y))) }
        #expect(state.selection == 5)
        _ = update(&state, .mouse(MouseEvent(.wheelUp, x: 0, y: 0)))
        #expect(state.selection == 2)
    }

    @Test("keeps what was read, the marks and the selection when runs come and go")
    func comingAndGoing() {
        var state = Self.list()
        state.press(.down, .character(" "))
        let selected = state.selected?.name
        let names = Array(Self.runs.map(\.name).dropFirst(2)) + ["2026-03-09T00-00-00.000000-new"]
        _ = update(&state, .names(names))
        #expect(state.rows.map(\.name) == names && state.unread == 1)
        #expect(state.marked == [Self.runs[4].name] && state.selected?.name == selected)
        _ = update(&state, .names([]))
        #expect(state.selected == nil && state.marked.isEmpty && state.visible.isEmpty)
    }

    @Test("of ten thousand is there with names alone, and scrolls at far more than 30 frames a second")
    func tenThousand() {
        let names = (0..<10_000).map { "2026-03-01T09-30-00.\(100_000 + $0)-storms" }
        let size = Size(width: 120, height: 36)
        let clock = ContinuousClock()
        var state: RunListState?
        let opening = clock.measure {
            var own = RunListState(names: names, themes: [], theme: "")
            _ = update(&own, .size(size))
            _ = render(own, size: size, glyphs: .braille)
            state = own
        }
        guard var state else { return }
        #expect(state.wanted(isRunningWanted: true).count == state.room)
        _ = update(&state, .read(names.map { RunFacts(name: $0) }))
        let scrolling = clock.measure {
            for _ in 0..<100 {
                state.press(.pageDown)
                _ = render(state, size: size, glyphs: .braille)
            }
        }
        // Without the optimizer, on a machine that does other things too.
        #expect(opening < .seconds(1) && scrolling < .milliseconds(100 * 33))
        state.press(.end)
        #expect(state.visible.upperBound == 10_000 && state.selection == 9_999)
    }

    @Test("survives names from elsewhere")
    func hostile() {
        let runs = hostileNames.map { name in
            var run = RunFacts(name: name)
            (run.title, run.data, run.note, run.tags, run.reason) = (name, name, name, [name], name)
            run.validation = [.nan, .infinity, 1e308, -1e308]
            return run
        }
        var state = Self.list(runs, unread: [])
        for size in [Size(width: 80, height: 24), Size(width: 200, height: 60)] {
            _ = update(&state, .size(size))
            let frame = render(state, size: size, glyphs: .braille)
            #expect(frame.cells.allSatisfy { $0.character.unicodeScalars.allSatisfy { $0.value >= 0x20 } })
        }
    }
}

extension RunListState {
    @discardableResult
    fileprivate mutating func press(_ keys: Key...) -> [RunListEffect] {
        keys.flatMap { update(&self, .key($0)) }
    }

    fileprivate mutating func type(_ text: String) {
        for character in text { press(.character(character)) }
    }
}
