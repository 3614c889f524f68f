import Testing
import TrainProtocol

@testable import TrainEngine

@Suite("The run machine")
struct RunMachineTests {
    /// All that can happen, as far as it can happen in a state.
    private static let inputs: [RunMachine.Input] = [
        .pause, .resume, .stop, .step(1), .step(2), .runEpoch, .took(1), .took(2), .epochEnded(isComplete: false),
        .epochEnded(isComplete: true), .evaluating(true), .evaluating(false), .edited(isComplete: false),
        .edited(isComplete: true), .moved(isComplete: false), .moved(isComplete: true), .raceBegan, .raceIsOver,
        .raceEnded(isComplete: false), .raceEnded(isComplete: true), .following(true), .following(false), .breakpoint,
        .diverged(RunState.Divergence(step: 7, reason: "nan")),
    ]

    /// What is so after some inputs, kept apart from the machine: the state must follow from it.
    private struct Facts: Hashable {
        var isComplete = false
        var isRacing = false
        var isFollowing = false
        var isEvaluating = false
        var isStopped = false
        var hasDiverged = false

        mutating func take(_ input: RunMachine.Input) {
            switch input {
            case .epochEnded(let complete): isComplete = complete
            case .edited(let complete), .moved(let complete): (isComplete, hasDiverged) = (complete, false)
            case .raceBegan: (isRacing, hasDiverged) = (true, false)
            case .raceEnded(let complete): (isRacing, isComplete) = (false, complete)
            case .following(let following): isFollowing = following
            case .evaluating(let evaluating): isEvaluating = evaluating
            case .diverged: hasDiverged = true
            case .resume, .step, .runEpoch: hasDiverged = false
            case .stop: isStopped = true
            case .pause, .took, .raceIsOver, .breakpoint: break
            }
        }

        /// The states that there can be, whatever was asked for.
        func allows(_ state: RunState) -> Bool {
            if isStopped { return state == .stopped }
            if isEvaluating { return state == .evaluating }
            if hasDiverged { if case .diverged = state { return true } else { return false } }
            if isComplete, !isRacing { return state == .done }
            return state == .paused || state == (isFollowing ? .replaying : isRacing ? .racing : .training)
        }
    }

    private struct Pair: Hashable {
        var machine = RunMachine()
        var facts = Facts()
    }

    @Test("in every state that can be reached, all rules hold whatever happens next")
    func exhaustive() {
        var seen: Set<Pair> = [Pair()]
        var waiting = [Pair()]
        while let pair = waiting.popLast() {
            let machine = pair.machine
            for input in Self.inputs {
                var next = pair
                let isRefused: Bool
                var actions: [RunMachine.Action] = []
                do {
                    actions = try next.machine.handle(input)
                    next.facts.take(input)
                    isRefused = false
                } catch {
                    isRefused = true
                    #expect(next == pair, "a refusal changes nothing")
                }
                let (former, state) = (machine.state, next.machine.state)
                #expect(next.facts.allows(state), "\(former), \(input): \(state)")
                let asksForSteps = [.resume, .step(1), .step(2), .runEpoch].contains(input)
                #expect(isRefused == (asksForSteps && former == .done), "\(former), \(input)")
                let announced = actions.compactMap { if case .announce(let state) = $0 { state } else { nil } }
                #expect(announced == (state == former ? [] : [state]))
                #expect(actions.count { $0 == .startClock || $0 == .stopClock } <= 1)
                if state.takesSteps, !former.takesSteps, former != .evaluating { #expect(actions.first == .startClock) }
                if former.takesSteps, !state.takesSteps, state != .evaluating { #expect(actions.first == .stopClock) }
                if seen.insert(next).inserted { waiting.append(next) }
            }
        }
        let states = Set(seen.map(\.machine.state))
        for state in [RunState.training, .replaying, .racing, .paused, .evaluating, .done, .stopped] {
            #expect(states.contains(state))
        }
    }

    private func machine(_ inputs: RunMachine.Input...) throws -> RunMachine {
        var machine = RunMachine()
        for input in inputs { _ = try machine.handle(input) }
        return machine
    }

    @Test("more epochs wake a run that was done, fewer end one that goes on")
    func epochs() throws {
        #expect(try machine(.resume, .epochEnded(isComplete: true)).state == .done)
        #expect(try machine(.resume, .epochEnded(isComplete: true), .edited(isComplete: false)).state == .training)
        #expect(try machine(.resume, .edited(isComplete: true)).state == .done)
        #expect(try machine(.resume, .pause, .edited(isComplete: true)).state == .done)
    }

    @Test("nobody goes on by itself from where a run had ended, but a journal does")
    func moves() throws {
        #expect(try machine(.resume, .epochEnded(isComplete: true), .moved(isComplete: false)).state == .paused)
        #expect(try machine(.resume, .moved(isComplete: false)).state == .training)
        #expect(
            try machine(.following(true), .resume, .epochEnded(isComplete: true), .moved(isComplete: false)).state
                == .replaying)
    }

    @Test("a journal that ends where all epochs are done ends a run that is done")
    func journalsEnd() throws {
        let ended = try machine(
            .following(true), .resume, .epochEnded(isComplete: false), .edited(isComplete: true), .following(false))
        #expect(ended.state == .done)
        var next = ended
        #expect(throws: Timeline.Refusal.self) { try next.handle(.step(1)) }
        #expect(try machine(.following(true), .resume, .following(false)).state == .paused)
    }

    @Test("so many steps, then a pause")
    func steps() throws {
        #expect(try machine(.step(3), .took(2)).state == .training)
        #expect(try machine(.step(3), .took(2)).stepsUntilPause == 1)
        #expect(try machine(.step(3), .took(2), .took(1)).state == .paused)
        #expect(try machine(.runEpoch, .took(9), .epochEnded(isComplete: false)).state == .paused)
    }

    @Test("a divergence waits until somebody does something about it")
    func divergence() throws {
        let divergence = RunState.Divergence(step: 3, reason: "nan")
        #expect(try machine(.resume, .diverged(divergence)).state == .diverged(divergence))
        #expect(try machine(.resume, .diverged(divergence), .edited(isComplete: false)).state == .paused)
        #expect(try machine(.resume, .diverged(divergence), .resume).state == .training)
        #expect(try machine(.resume, .diverged(divergence), .moved(isComplete: false)).state == .paused)
    }

    @Test("a race goes on until it is paused or over, and the run after it as the race did")
    func races() throws {
        #expect(try machine(.raceBegan).state == .racing)
        #expect(try machine(.raceBegan, .raceIsOver).state == .paused)
        #expect(try machine(.raceBegan, .raceEnded(isComplete: false)).state == .training)
        #expect(try machine(.raceBegan, .pause, .raceEnded(isComplete: false)).state == .paused)
        #expect(try machine(.raceBegan, .raceEnded(isComplete: true)).state == .done)
    }
}
