import Dispatch
import TrainCore
import TrainProtocol
import Wording

/// The life of a cross-validation on its queue: lets the folds take their steps by turns, and tells them and their mean.
///
/// A class because it is one thing with a life; everything in it is touched by its queue alone.
final class FoldsLoop {
    private let folds: RaceRunner
    /// The rows of each fold.
    private let validation: [Dataset]
    private let options: LocalEngine.Options
    private let outbox: Outbox
    private let mailbox: Mailbox
    private var machine = RunMachine()
    private var pacer: Pacer
    private var stopwatch = Stopwatch()
    private var step = 0
    /// Steps that each fold takes in a turn at full speed.
    private var burst = 16
    /// The epochs whose mean was told.
    private var epochsTold = 0
    /// What ended each epoch of a fold, with its validation.
    private var epochs: [[(report: EpochReport, evaluation: Evaluation?)]]

    init(
        _ folds: RaceRunner, validation: [Dataset], options: LocalEngine.Options, mailbox: Mailbox, outbox: Outbox
    ) {
        self.folds = folds
        self.validation = validation
        self.options = options
        self.mailbox = mailbox
        self.outbox = outbox
        pacer = Pacer(stepsPerSecond: options.pace)
        epochs = Array(repeating: [], count: folds.entrants.count)
    }

    /// Each fold's last validation.
    var evaluations: [Evaluation?] { epochs.map { $0.last?.evaluation } }

    private static let capabilities = Capabilities(
        only: [.pause, .resume, .step, .setPace, .stop],
        reason: "the folds say how good the job is as it stands; without --folds it can be steered")

    /// Runs until it is told to stop.
    func run() {
        var race = Race(
            name: "fold", old: nil,
            entrants: folds.entrants.enumerated().map { index, fold in
                Race.Entrant(
                    branch: fold.branch, value: .choice("\(index + 1) of \(folds.entrants.count)"), edit: nil)
            }, step: 0)
        race.areFolds = true
        tell(.capabilities(Self.capabilities))
        tell(.hyperparameters(folds.entrants[0].branchTrainer.trainer.editableSettings.map(\.hyperparameter)))
        for fold in folds.entrants { tell(.branched(Lineage().forked(as: fold.branch, at: .start))) }
        tell(.race(race))
        if options.startsPaused { tell(.state(.paused)) } else { handle(.resume) }
        while machine.state != .stopped {
            for request in mailbox.take() where machine.state != .stopped { obey(request) }
            switch machine.state {
            case .training: takeTurn()
            case .stopped: break
            default: mailbox.wait()
            }
        }
    }

    private func obey(_ request: Mailbox.Request) {
        do throws(Timeline.Refusal) {
            if let objection = Self.capabilities.objection(to: request.command.kind) {
                throw Timeline.Refusal(objection)
            }
            switch request.command {
            case .pause: try ask(.pause)
            case .resume: try ask(.resume)
            case .step(let count): try ask(.step(count))
            case .setPace(let pace):
                if let objection = Pace.range.objection(to: pace) { throw Timeline.Refusal("pace \(objection)") }
                pacer.stepsPerSecond = pace
                stopwatch.forgetRate(step: step)
            case .stop: try ask(.stop)
            default: preconditionFailure("it is not offered")
            }
            tell(.applied(request.id, at: step))
        } catch {
            tell(.refused(request.id, reason: error.description))
        }
    }

    private func takeTurn() {
        let isPaced = pacer.stepsPerSecond > 0
        if isPaced, !pacer.isDue {
            mailbox.wait(until: pacer.next)
            return
        }
        let wanted = min(isPaced ? pacer.burst : burst, machine.stepsUntilPause ?? .max)
        let start = DispatchTime.now().uptimeNanoseconds
        folds.run(atMost: wanted) { [validation] in validation[$0] }
        let nanoseconds = DispatchTime.now().uptimeNanoseconds - start
        // Long enough to cost nothing, short enough that a command takes effect at once.
        if nanoseconds < 1_000_000 { burst = min(2 * burst, 1024) }
        if nanoseconds > 4_000_000 { burst = max(1, burst / 2) }
        step = folds.step
        stopwatch.tick(step: step)
        if isPaced { pacer.spend(wanted) }
        publish()
        handle(.took(wanted))
        tellEpochs()
        if folds.isOver { handle(.epochEnded(isComplete: true)) }
    }

    // MARK: Telling

    /// What each fold did in this turn, and their mean.
    private func publish() {
        let (mean, rate, progress) = (meanOfTurn, stopwatch.stepsPerSecond, progress)
        outbox.publish { news in
            for fold in folds.entrants {
                news.add(fold.turn, of: fold.branch, lastStep: fold.branchTrainer.moment.step)
                news.add(fold.events, other: fold.progress(stepsPerSecond: rate))
            }
            news.addOfRun(mean, of: .first, lastStep: step)
            news.add([], progress: progress)
        }
        for (index, fold) in folds.entrants.enumerated() {
            for event in fold.events {
                switch event {
                case .epochEnded(let report): epochs[index].append((report, nil))
                case .evaluated(let evaluation): epochs[index][epochs[index].count - 1].evaluation = evaluation
                default: break
                }
            }
        }
    }

    /// The steps of the turn, each the mean of those folds that took it.
    private var meanOfTurn: StepBuffer {
        let turns = folds.entrants.map(\.turn)
        let count = turns.map(\.count).max() ?? 0
        let mean = StepBuffer(capacity: count, metricCount: turns[0].metricCount)
        for index in 0..<count {
            let those = turns.filter { $0.count > index }
            var outcome = those[0].outcomes[index]
            outcome.loss = Self.mean(those.map { $0.outcomes[index].loss })
            outcome.mainLoss = Self.mean(those.map { $0.outcomes[index].mainLoss })
            let metrics = (0..<mean.metricCount).map { metric in
                Self.mean(those.map { $0.metrics(ofStep: index)[metric] }.filter { !$0.isNaN })
            }
            mean.append(outcome, metrics: metrics)
        }
        return mean
    }

    /// Tells the mean of the epochs that all folds have come through, those that have diverged left aside.
    private func tellEpochs() {
        let those = folds.entrants.indices.filter { folds.entrants[$0].divergence == nil }
        while !those.isEmpty, those.allSatisfy({ epochs[$0].count > epochsTold }) {
            let ended = those.map { epochs[$0][epochsTold] }
            let reports = ended.map(\.report)
            tell(
                .epochEnded(
                    EpochReport(
                        epoch: epochsTold + 1, step: reports[0].step, meanLoss: Self.mean(reports.map(\.meanLoss)),
                        metrics: Self.means(reports.map(\.metrics)), learningRate: reports[0].learningRate)))
            let evaluations = ended.compactMap(\.evaluation)
            tell(
                .evaluated(
                    Evaluation(
                        step: reports[0].step, loss: Self.mean(evaluations.map(\.loss)),
                        metrics: Self.means(evaluations.map(\.metrics)))))
            epochsTold += 1
        }
    }

    private var progress: Progress {
        let trainers = folds.entrants.map(\.branchTrainer.trainer)
        var progress = Progress(of: trainers[0], stopwatch, pace: pacer.stepsPerSecond)
        progress.step = step
        progress.meanLoss = Self.mean(trainers.compactMap(\.meanLoss))
        progress.metrics = Self.means(trainers.map { $0.metricValues.map { $0 ?? .nan } })
        return progress
    }

    /// NaN of none.
    private static func mean<Number: BinaryFloatingPoint>(_ values: [Number]) -> Number {
        Number(values.reduce(0.0) { $0 + Double($1) } / Double(values.count))
    }

    private static func means(_ rows: [[Double]]) -> [Double] {
        rows.isEmpty ? [] : rows[0].indices.map { column in mean(rows.map { $0[column] }) }
    }

    private func tell(_ event: Event) {
        let progress = progress
        outbox.publish { $0.add([event], progress: progress) }
    }

    /// Lets the machine know, and does what it says; what the machine refuses was somebody's to ask for.
    private func ask(_ input: RunMachine.Input) throws(Timeline.Refusal) {
        for action in try machine.handle(input) {
            switch action {
            case .startClock:
                stopwatch.start(step: step)
                pacer.restart()
            case .stopClock: stopwatch.stop()
            case .announce(let state): tell(.state(state))
            }
        }
    }

    /// The same for what nobody asked for: it cannot be refused.
    private func handle(_ input: RunMachine.Input) {
        do throws(Timeline.Refusal) { try ask(input) } catch { preconditionFailure("\(error) is no answer to a fact") }
    }
}
