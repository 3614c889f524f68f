import Canvas
import Dispatch
import JobFile
import RunModel
import Tabular
import Testing
import TrainCore
import TrainEngine
import TrainProtocol

@testable import Dashboard

/// The built-in job in a real engine, steered by the dashboard's own keys. The engine's bits are the same everywhere, and
/// what a clock says is replaced by what it would say at the pace, so that the picture of it is always the same.
struct SteeredRun {
    /// What the dashboard knows.
    private(set) var state: DashboardState
    private let engine: LocalEngine
    private let news = DispatchSemaphore(value: 0)
    private let pace: Double

    /// A run that waits before one of its first steps, as seen at so many steps a second.
    init(pace: Double) throws {
        self.pace = pace
        let recipe = Recipe.builtin
        let data = try PreparedData.load(recipe.data, seed: recipe.job.seed, targetsAreClasses: false)
        var options = LocalEngine.Options()
        options.title = "storms"
        // Slow enough to be paused while there is almost nothing done.
        options.pace = 1
        options.onNews = { [news] in news.signal() }
        engine = try LocalEngine(recipe.job, training: data.training, validation: data.validation, options: options)
        state = DashboardState(run: engine.run, themes: ["midnight"], theme: "midnight")
        try ask(.pause)
        try ask(.setPace(0))
    }

    /// Ends the run.
    func stop() { engine.send(.stop, id: RequestID(0)) }

    /// Goes on to a step, at most 1,000 away, so that every one is told by itself.
    mutating func go(to step: Int) throws {
        try ask(.step(step - state.step))
        try wait { $0.step == step && $0.runState == .paused }
    }

    /// Presses a key and waits for the answer.
    mutating func press(_ character: Character) throws { try send(state.press(.character(character))) }

    private mutating func ask(_ command: Command) throws { try send(state.ask(command)) }

    private mutating func send(_ effects: [Effect]) throws {
        for case .send(let command, let id) in effects { engine.send(command, id: id) }
        try wait { $0.requests.open.isEmpty && $0.runState != nil }
    }

    /// The time limit only ends a test that has failed already.
    private mutating func wait(until isWanted: (DashboardState) -> Bool) throws {
        take()
        while !isWanted(state) {
            try #require(news.wait(timeout: .now() + 60) == .success, "in vain; the run is at step \(state.step)")
            take()
        }
    }

    private mutating func take() {
        var update = engine.drain()
        update.progress.pace = pace
        update.progress.trainingSeconds = Double(update.progress.step) / pace
        update.progress.stepsPerSecond = nil
        update.progress.expectedStepsPerSecond = pace
        state.receive(update)
    }
}
