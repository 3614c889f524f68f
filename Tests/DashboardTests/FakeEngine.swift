import Synchronization
import TrainProtocol
import Wording

/// An engine without a trainer, as one that stands in another program could be: it does not know its epochs and its seed,
/// is there only after a while, answers when it likes, dies and returns.
final class FakeEngine: TrainingEngine {
    let run = RunDescription(title: "elsewhere")

    private struct State {
        var events: [Event] = [.state(.connecting)]
        var samples: [Sample] = []
        var losses: [Float] = []
        var progress = Progress()
        var open: [(id: RequestID, command: Command)] = []
        var isThere = false
    }
    private let state = Mutex(State())

    func send(_ command: Command, id: RequestID) { state.withLock { $0.open.append((id, command)) } }

    func drain() -> EngineUpdate {
        state.withLock { state in
            defer { (state.events, state.samples) = ([], []) }
            return EngineUpdate(
                events: state.events, samples: state.samples,
                recent: state.samples.isEmpty ? nil : RecentLosses(lastStep: state.progress.step, losses: state.losses),
                progress: state.progress)
        }
    }

    /// The training is there, for the first time or again.
    func connect() {
        state.withLock { state in
            state.isThere = true
            let rate = Hyperparameter(
                name: "lr", title: "step size", role: .learningRate, kind: .number(.positive), value: 0.1)
            state.events += [
                .described(RunDescription(title: "elsewhere", model: "a tree of 3")),
                .capabilities(Capabilities(only: [.pause, .resume, .set, .save, .stop], reason: "it cannot do that")),
                .hyperparameters([rate]), .state(.training),
            ]
        }
    }

    /// Takes steps of falling losses; only every second loss is seen.
    func train(to target: Int) {
        state.withLock { state in
            while state.progress.step < target {
                let step = state.progress.step + 1
                let loss = 1 / Float(step).squareRoot()
                state.samples.append(Sample(firstStep: step, lastStep: step + 1, loss: Fold(loss)))
                state.losses.append(loss)
                state.progress.step = step + 1
            }
        }
    }

    /// Answers what was asked for so far.
    func answer() {
        state.withLock { state in
            for (id, command) in state.open {
                switch command {
                case .pause: state.events.append(.state(.paused))
                case .resume: state.events.append(.state(.training))
                case .set(let name, let value):
                    let edit = Edit(number: 1, name: name, old: 0.1, new: value, step: state.progress.step)
                    state.events += [.lineage(Lineage(segments: Lineage().segments, edits: [edit]), redo: nil)]
                    state.events.append(.edited(edit))
                default: break
                }
                state.events.append(.applied(id, at: state.progress.step))
            }
            state.open = []
        }
    }

    /// The training does not answer any more.
    func die() {
        state.withLock { state in
            state.isThere = false
            state.events.append(.state(.lost(reason: "the process ended with signal 9")))
        }
    }
}
