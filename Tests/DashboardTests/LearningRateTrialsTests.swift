import Dispatch
import JobFile
import Synchronization
import Tabular
import Testing
import TrainCore
import TrainProtocol

@testable import TrainEngine

/// The test of learning rates on the built-in job.
@Suite("Learning rates of the built-in job")
struct LearningRateTrialsTests {
    private static let steps = [50, 80, 110, 140, 170, 200, 230, 260, 300, 343]

    /// What is told at each of some steps of one run.
    private static func tests(at steps: [Int], seed: UInt64) throws -> [LearningRateTest] {
        let recipe = Recipe.builtin
        let data = try PreparedData.load(recipe.data, seed: recipe.job.seed, targetsAreClasses: false)
        var job = recipe.job
        job.seed = seed
        let run = try Trainer(job, training: data.training)
        return try steps.map { step in
            while run.position.step < step { _ = try run.step() }
            let copy = try Trainer(job, training: data.training)
            copy.state = run.state
            let told = Mutex<LearningRateTest?>(nil)
            let isDone = DispatchSemaphore(value: 0)
            // Nobody else touches it from here on.
            nonisolated(unsafe) let handedOver = copy
            _ = LearningRateTrials(handedOver) { test in
                told.withLock { $0 = test }
                isDone.signal()
            }
            isDone.wait()
            return try #require(told.withLock { $0 })
        }
    }

    @Test("At ten steps of a run the answers lie within a factor of two", arguments: [42, 7] as [UInt64])
    func steady(seed: UInt64) throws {
        let tests = try Self.tests(at: Self.steps, seed: seed)
        let rates = tests.compactMap(\.suggestion)
        let (least, most) = (try #require(rates.min()), try #require(rates.max()))
        #expect(most <= 2 * least, "\(rates)")
        #expect(rates.count == Self.steps.count)
    }

    @Test("The answer is read off between the rates tried, is flat where nothing is gained, and holds what ran away")
    func answer() {
        func stream(_ changes: [Double]) -> LearningRateAnswer.Stream {
            LearningRateAnswer.Stream(rates: [0.001, 0.01, 0.1, 1], changes: changes, loss: 2)
        }
        let answer = LearningRateAnswer([stream([0, -1, -0.8, .infinity]), stream([0, -1, -0.8, 3])])
        #expect(answer.changes == [0, -1, -0.8, .infinity] && answer.loss == 2)
        // -0.9 lies nine tenths of the way from 0.001 to 0.01, and half of that from 0.01 to 0.1.
        #expect(answer.range == 0.008...0.03 && answer.suggestion == 0.01 && answer.isStable)
        let flat = LearningRateAnswer([stream([0, -0.01, 0.1, 1]), stream([0, -0.02, 0.1, 1])])
        #expect(flat.range == nil && flat.isStable)
        let unsure = LearningRateAnswer([stream([-1, 0, 0, 0]), stream([0, 0, -1.1, 0]), stream([0, 0, -1, 0])])
        #expect(!unsure.isStable)
        #expect(LearningRateAnswer([]).range == nil && !LearningRateAnswer([stream([0, -1, 0, 0])]).isStable)
    }
}
