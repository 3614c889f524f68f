import Foundation
import Testing
import TrainCore
import Wording

struct ScheduleTests {
    @Test("a piecewise constant schedule changes after each boundary, as Keras's does")
    func piecewiseConstant() {
        let schedule = PiecewiseConstant.piecewiseConstant(boundaries: [2, 5], values: [1, 0.5, 0.1])
        #expect((0...7).map { schedule.rate(after: $0, learningRate: 7) } == [1, 1, 1, 0.5, 0.5, 0.5, 0.1, 0.1])
        let one = PiecewiseConstant.piecewiseConstant(boundaries: [], values: [0.3])
        #expect(one.rate(after: 1_000_000, learningRate: 7) == 0.3)
    }

    @Test("its lists are read and set by name, and must go together")
    func lists() {
        #expect(PiecewiseConstant.listDescriptions.map(\.name) == ["boundaries", "values"])
        #expect(ConstantRate.listDescriptions == [])
        var schedule = PiecewiseConstant()
        schedule.setList("boundaries", to: [10, 20])
        #expect(schedule.list(of: "boundaries") == [10, 20])
        #expect(schedule.list(of: "x") == nil)
        #expect(
            schedule.objection
                == SettingObjection(to: "values", "must have one number more than boundaries: 3, not 0"))
        schedule.setList("values", to: [1, 0.5, 0.1])
        #expect(schedule.objection == nil)
        schedule.setList("boundaries", to: [20, 20])
        var job = TrainingJob(model: Sequential([Dense(1)]), schedule: schedule, batchSize: 1)
        #expect(throws: TrainingError("boundaries must rise")) {
            try Trainer(job, training: .noise(rows: 1, features: 1))
        }
        job.schedule = .piecewiseConstant(boundaries: [1], values: [1, -1])
        #expect(throws: TrainingError("each of values must be at least 0")) {
            try Trainer(job, training: .noise(rows: 1, features: 1))
        }
    }

    /// In the order of the columns of Golden/schedules.csv, which Golden/README.md explains; at a learning rate of 0.02.
    static let kerasSchedules: [any LearningRateSchedule] = {
        var warmUp = CosineDecay.cosineDecay(decaySteps: 60, alpha: 0.05, warmupTarget: 0.03, warmupSteps: 9)
        warmUp.initialLearningRate = 0
        return [
            .piecewiseConstant(boundaries: [2, 50], values: [0.02, 0.005, 0.001]),
            .exponentialDecay(decaySteps: 37, decayRate: 0.9),
            .exponentialDecay(decaySteps: 37, decayRate: 0.9, staircase: true),
            .cosineDecay(decaySteps: 90, alpha: 0.1), warmUp,
            .cosineDecay(decaySteps: 60, warmupTarget: 0.01, warmupSteps: 10),
            .cosineDecay(decaySteps: 90, warmupSteps: 10),
        ]
    }()

    @Test("every step's rate is Keras's, to float rounding")
    func keras() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Golden/schedules.csv")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst()
        #expect(lines.count == 21)
        for line in lines {
            let row = try line.split(separator: ",").map { try #require(Double($0)) }
            try #require(row.count == Self.kerasSchedules.count + 1)
            for (schedule, expected) in zip(Self.kerasSchedules, row.dropFirst()) {
                let rate = schedule.rate(after: Int(row[0]), learningRate: 0.02)
                // Keras takes the cosine in float32, whose error does not shrink with the rate.
                #expect(abs(rate - expected) <= 2.5e-7 * max(expected, 0.01), "\(schedule) at step \(row[0])")
            }
        }
    }

    @Test("one_cycle is PyTorch's OneCycleLR")
    func oneCycle() {
        // By the formula in PyTorch's documentation and source (torch.optim.lr_scheduler.OneCycleLR, anneal_strategy
        // "cos"), in double: max_lr 0.02 in 100 steps, the same in three phases, and max_lr 0.03 with pct_start 0.25,
        // div_factor 10, final_div_factor 100.
        let expected: [(step: Int, rates: [Double])] = [
            (0, [0.0008, 0.0008, 0.003]), (1, [0.000856275611, 0.000856275611, 0.00311549437]),
            (10, [0.00590327897, 0.00590327897, 0.0130059429]), (28, [0.0199437244, 0.0199437244, 0.0297901506]),
            (29, [0.02, 0.02, 0.0296725418]), (30, [0.0199899307, 0.0199437244, 0.0295292187]),
            (57, [0.0130901976, 0.000856275611, 0.017822909]), (58, [0.0126603978, 0.0008, 0.0172040542]),
            (59, [0.0122252404, 0.000798826438, 0.016581359]), (98, [1.01492943e-05, 1.25356216e-06, 4.3144391e-05]),
            (99, [8e-08, 8e-08, 3e-05]), (5000, [8e-08, 8e-08, 3e-05]),
        ]
        var plain = OneCycle()
        plain.totalSteps = 100
        var threePhase = plain
        threePhase.threePhase = 1
        var other = plain
        other.maxLearningRate = 0.03
        (other.risingShare, other.divFactor, other.finalDivFactor) = (0.25, 10, 100)
        for (step, rates) in expected {
            for (schedule, rate) in zip([plain, threePhase, other], rates) {
                let own = schedule.rate(after: step, learningRate: 0.02)
                #expect(abs(own - rate) < 1e-8 * max(rate, 0.001), "\(schedule) at step \(step)")
            }
        }
    }

    @Test("every schedule has a finite rate at every step, however odd its numbers")
    func odd() {
        for type in Catalogue.schedules {
            for setting in type.settingDescriptions {
                for value in [setting.range.least, setting.range.greatest]
                where setting.range.objection(to: value) == nil {
                    var schedule: any LearningRateSchedule = type.init()
                    schedule.set(setting.name, to: value)
                    for step in [0, 1, 999, 1000, Int.max] {
                        let rate = schedule.rate(after: step, learningRate: 0.01)
                        #expect(!rate.isNaN && rate >= 0, "\(setting.name) = \(value) at step \(step)")
                    }
                }
            }
        }
    }

    @Test("editing the learning rate scales all that is to come, and setting it back leaves no trace")
    func edits() throws {
        let job = TrainingJob(
            model: Sequential([Dense(1)]), optimizer: .sgd(learningRate: 0.75),
            schedule: .piecewiseConstant(boundaries: [0, 1, 3], values: [0.5, 0.25, 0.125, 0.1]), batchSize: 1)
        let trainer = try Trainer(job, training: .noise(rows: 9, features: 1))
        #expect(try (0..<2).map { _ in try trainer.step().learningRate } == [0.5, 0.25])
        try trainer.set("learning_rate", to: 1.5)
        #expect(try trainer.step().learningRate == 0.25)
        try trainer.set("learning_rate", to: 0.75)
        #expect(try (0..<2).map { _ in try trainer.step().learningRate } == [0.125, 0.1])
    }

    @Test("another learning rate before the start keeps the schedule's proportions")
    func rescaling() {
        for schedule in Self.kerasSchedules {
            var job = TrainingJob(model: Sequential([]), optimizer: .sgd(learningRate: 0.02), schedule: schedule)
            job.rescale(toLearningRate: 0.06)
            #expect(job.optimizer.learningRate == 0.06)
            for step in [0, 5, 30, 100] {
                let before = schedule.rate(after: step, learningRate: 0.02)
                #expect(abs(job.schedule.rate(after: step, learningRate: 0.06) - 3 * before) < 1e-15)
            }
        }
    }
}
