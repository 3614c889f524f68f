import Canvas
import Dashboard
import Dispatch
import TrainCore
import TrainEngine
import TrainProtocol

/// How long it takes to go back in a long run at full speed: from the key to the picture that shows it, all but the
/// terminal's part.
struct GoingBack: Encodable {
    /// Milliseconds, of so many times.
    struct Times: Encodable {
        let median: Double
        let most: Double
        let count: Int

        init(_ seconds: [Double]) {
            let rounds = Rounds(seconds.map { $0 * 1000 })
            (median, most, count) = (rounds.median, rounds.sorted.last ?? .nan, rounds.sorted.count)
        }
    }

    /// The steps that the run had taken, at least.
    let steps: Int
    /// Taking back an edit made a moment before.
    let undo: Times
    /// Going to steps anywhere in the run.
    let jump: Times
    /// Coming back to where the run was left, after each jump.
    let comeBack: Times
    /// What the run took at most beyond what the process had; nil where the system does not say.
    let memoryMegabytes: Double?
    /// What the states of the past may take of that.
    let boundMegabytes: Double

    init(_ bench: BenchCase, steps: Int = 1_000_000, times: Int = 20) throws(Failure) {
        let (seconds, bytes) = try PeakMemory.during { () throws(Failure) in
            do throws(TrainingError) {
                var run = try Watched(bench)
                defer { run.stop() }
                run.wait { $0 >= steps }
                var (undo, jump, comeBack): ([Double], [Double], [Double]) = ([], [], [])
                for _ in 0..<times {
                    run.send(.set("learning_rate", 0.005))
                    run.look(for: 0.02)
                    undo.append(run.secondsToMove(.undo))
                    run.look(for: 0.02)
                }
                var random = SystemRandomNumberGenerator()
                for _ in 0..<times {
                    let left = run.branch
                    jump.append(run.secondsToMove(.goToStep(Int.random(in: 0..<steps, using: &random))))
                    comeBack.append(run.secondsToMove(.goToBranch(left)))
                    run.look(for: 0.02)
                }
                return (undo: undo, jump: jump, comeBack: comeBack)
            } catch {
                throw Failure(error)
            }
        }
        self.steps = steps
        (undo, jump, comeBack) = (Times(seconds.undo), Times(seconds.jump), Times(seconds.comeBack))
        memoryMegabytes = bytes.map { Double($0) / 1e6 }
        boundMegabytes = Double(LocalEngine.Options.usualHistoryMemory) / 1e6
    }

    /// A run at full speed, and a dashboard that draws it 30 times a second and whenever there are news to wait for.
    private struct Watched {
        private let engine: LocalEngine
        private var state: DashboardState
        private var requests = 0
        private(set) var branch = BranchID.first
        private var step = 0
        private var moves = 0
        /// What was drawn last, kept so that it must be drawn.
        private var frame: Frame?
        private let news: DispatchSemaphore

        init(_ bench: BenchCase) throws(TrainingError) {
            let news = DispatchSemaphore(value: 0)
            self.news = news
            var options = LocalEngine.Options()
            options.onNews = { news.signal() }
            engine = try LocalEngine(bench.job, training: bench.data, validation: nil, options: options)
            state = DashboardState(run: engine.run, themes: [], theme: "")
        }

        mutating func send(_ command: Command) {
            requests += 1
            engine.send(command, id: RequestID(requests))
        }

        /// Draws until the run's step is as wanted.
        mutating func wait(until isWanted: (_ step: Int) -> Bool) {
            while !isWanted(step) {
                _ = news.wait(timeout: .now() + 1.0 / 30)
                look()
            }
        }

        /// Goes on for a while.
        mutating func look(for seconds: Double) {
            let end = Rounds.now + seconds
            wait { _ in Rounds.now >= end }
        }

        /// Sends a move and draws until it shows.
        mutating func secondsToMove(_ command: Command) -> Double {
            let (start, before) = (Rounds.now, moves)
            send(command)
            while moves == before {
                news.wait()
                look()
            }
            return Rounds.now - start
        }

        mutating func stop() {
            send(.stop)
            _ = engine.weightsAfterStop()
        }

        private mutating func look() {
            let bulletin = engine.drain()
            step = bulletin.progress.step
            for event in bulletin.events {
                guard case .moved(let move) = event else { continue }
                moves += 1
                branch = move.branch
            }
            _ = update(&state, .tick(Rounds.now))
            _ = update(&state, .update(bulletin))
            frame = render(state, size: Size(width: 120, height: 36), glyphs: .braille)
        }
    }
}
