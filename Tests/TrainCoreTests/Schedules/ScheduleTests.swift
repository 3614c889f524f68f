import Foundation
import Testing
import TrainCore

struct ScheduleTests {
    @Test("a piecewise constant schedule changes after each boundary, as Keras's does")
    func piecewiseConstant() {
        let schedule = PiecewiseConstant.piecewiseConstant(boundaries: [2, 5], values: [1, 0.5, 0.1])
        #expect((0...7).map(schedule.factor(after:)) == [1, 1, 1, 0.5, 0.5, 0.5, 0.1, 0.1])
        #expect(PiecewiseConstant().factor(after: 1_000_000) == 1)
    }

    @Test("its lists are read and set by name, and must go together")
    func lists() {
        #expect(PiecewiseConstant.listDescriptions.map(\.name) == ["boundaries", "values"])
        #expect(ConstantRate.listDescriptions == [])
        var schedule = PiecewiseConstant()
        schedule.setList("boundaries", to: [10, 20])
        #expect(schedule.list(of: "boundaries") == [10, 20])
        #expect(schedule.list(of: "x") == nil)
        #expect(schedule.objection == "values must have one number more than boundaries: 3, not 1")
        schedule.setList("values", to: [1, 0.5, 0.1])
        #expect(schedule.objection == nil)
        schedule.setList("boundaries", to: [20, 20])
        #expect(schedule.objection == "boundaries must rise")
        var job = TrainingJob(model: Sequential([Dense(1)]), schedule: schedule, batchSize: 1)
        #expect(throws: TrainingError("boundaries must rise")) {
            try Trainer(job, training: .noise(rows: 1, features: 1))
        }
        job.schedule = .piecewiseConstant(boundaries: [1], values: [1, -1])
        #expect(throws: TrainingError("each of values must be greater than 0")) {
            try Trainer(job, training: .noise(rows: 1, features: 1))
        }
    }

    @Test("the other schedules take their values where Keras's formulas say")
    func formulas() {
        var exponential = ExponentialDecay()
        #expect(abs(exponential.factor(after: 500) - pow(0.96, 0.5)) < 1e-14)
        exponential.staircase = 1
        #expect(abs(exponential.factor(after: 2999) - pow(0.96, 2)) < 1e-14)
        var cosine = CosineDecay()
        cosine.alpha = 0.1
        cosine.warmupSteps = 10
        #expect(cosine.factor(after: 5) == 0.5)
        #expect(cosine.factor(after: 10) == 1)
        #expect(abs(cosine.factor(after: 260) - (0.1 + 0.9 * (1 + cos(.pi / 4)) / 2)) < 1e-14)
        #expect(abs(cosine.factor(after: 5000) - 0.1) < 1e-14)
        let cycle = OneCycle()
        #expect(
            [0, 450, 900, 1000, 2000].map(cycle.factor(after:)).map { ($0 * 1e6).rounded() / 1e6 } == [
                0.1, 1, 0.1, 0.001, 0.001,
            ])
    }

    @Test("the learning rate of a step is the optimizer's times the schedule's factor, before and after an edit")
    func rate() throws {
        let job = TrainingJob(
            model: Sequential([Dense(1)]), optimizer: .sgd(learningRate: 0.5),
            schedule: .piecewiseConstant(boundaries: [0, 1], values: [1, 0.5, 0.25]), batchSize: 1)
        let trainer = try Trainer(job, training: .noise(rows: 9, features: 1))
        #expect(try (0..<3).map { _ in try trainer.step().learningRate } == [0.5, 0.25, 0.125])
        try trainer.set("learning_rate", to: 1)
        #expect(try trainer.step().learningRate == 0.25)
    }
}
