import Testing
import TrainProtocol

@testable import Wire

@Suite("Steps in messages")
struct WireSamplesTests {
    private func samples(_ text: String) throws -> WireSamples {
        try WireSamples(Members(JSONTree(ArraySlice(text.utf8)), of: "samples"))
    }

    @Test("one by one have every loss, one that is not finite as such")
    func single() throws {
        let steps = try samples(#"{"first":5,"losses":[1.5,null],"metrics":[[0.5,null]],"rates":[0.1]}"#)
        #expect(steps.samples.map(\.firstStep) == [5, 6])
        #expect(
            steps.samples[0]
                == Sample(firstStep: 5, loss: Fold(1.5), metrics: MetricFolds([Fold(0.5)]), learningRate: 0.1))
        #expect(steps.samples[1].loss.notFinite == 1)
        #expect(steps.samples[1].metrics[0].count == 0)
    }

    @Test("folded stand for as many as they say")
    func folded() throws {
        let steps = try samples(
            #"{"branch":2,"first":1,"steps":[4,3],"folds":[[4,1,2,6,9.5,0],[3,null,null,null,null,3]],"rates":[0.1,0.2]}"#
        )
        #expect(steps.samples.map(\.branch) == [BranchID(2), BranchID(2)])
        #expect(steps.samples.map { [$0.firstStep, $0.lastStep] } == [[1, 4], [5, 7]])
        #expect(steps.samples[0].loss.mean == 1.5)
        #expect(steps.samples[1].loss.mean == nil)
        #expect(steps.samples.map(\.learningRate) == [0.1, 0.2])
    }

    @Test(
        "that cannot be are an error",
        arguments: [
            #"{}"#, #"{"first":0,"losses":[1]}"#, #"{"first":1,"losses":["a"]}"#, #"{"first":1,"losses":7}"#,
            #"{"first":1,"losses":[1,2],"rates":[1,2,3]}"#, #"{"first":1,"losses":[1],"metrics":[[1,2]]}"#,
            #"{"first":1,"steps":[1],"folds":[]}"#, #"{"first":1,"steps":[0],"folds":[[1,1,1,1,1,0]]}"#,
            #"{"first":1,"steps":[1],"folds":[[1,2,1,1,1,0]]}"#, #"{"first":1,"steps":[1],"folds":[[1,1,1,1,1,2]]}"#,
            #"{"first":9007199254740991,"steps":[9],"folds":[[1,1,1,1,1,0]]}"#,
        ])
    func impossible(text: String) { #expect(throws: WireError.self) { try samples(text) } }
}
