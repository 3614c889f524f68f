import Testing
import TrainProtocol

@testable import JSONLines

@Suite("What is told of a run in JSON lines")
struct EventLinesTests {
    private var lines = EventLines(
        RunDescription(
            title: "storms", model: "8 → 1", weights: 301, optimizer: "nadam", seed: .max,
            metrics: [.init(name: "mean_absolute_error", higherIsBetter: false)]))

    @Test("begins with what is known of the run")
    func start() {
        let progress = Progress(stepsPerEpoch: 343, epochs: 5, rows: 10_989, learningRate: 0.01)
        #expect(
            lines.start(progress)
                == #"{"event":"start","epochs":5,"steps_per_epoch":343,"rows":10989,"weights":301,"model":"8 → 1","#
                + #""optimizer":"nadam","seed":18446744073709551615,"learning_rate":0.01}"#)
        #expect(
            EventLines(RunDescription(title: "x")).start(Progress()) == #"{"event":"start","model":"","optimizer":""}"#)
    }

    @Test("has the journal's words and keys, and null for a number that is none")
    mutating func events() {
        #expect(
            lines.line(.epochEnded(.init(epoch: 2, step: 686, meanLoss: 1.5, metrics: [0.25], learningRate: 0.01)))
                == #"{"event":"epoch","step":686,"epoch":2,"mean_loss":1.5,"learning_rate":0.01,"#
                + #""metrics":{"mean_absolute_error":0.25}}"#)
        #expect(
            lines.line(.evaluated(.init(step: 686, loss: .nan, metrics: [.infinity])))
                == #"{"event":"validation","step":686,"epoch":2,"loss":null,"metrics":{"mean_absolute_error":null}}"#)
        let edit = Edit(number: 1, name: "optimizer", old: .choice("nadam"), new: .choice("adam"), step: 7)
        #expect(lines.line(.edited(edit)) == JournalEntry.edited(edit).line)
        #expect(
            lines.line(
                .moved(
                    Move(.divergence(reason: "nan\u{1B}"), left: .first, leftStep: 9, branch: BranchID(2), step: 4)))
                == #"{"event":"moved","step":4,"cause":"divergence","branch":2,"reason":"nan\u001b"}"#)
        #expect(lines.line(.saved(path: "w", step: 3)) == #"{"event":"saved","path":"w","step":3}"#)
        #expect(lines.line(.notice("x")) == #"{"event":"notice","reason":"x"}"#)
        #expect(lines.line(.applied(RequestID(1), at: 3)) == nil)
    }

    @Test("says every metric of a run that has several, each by its name")
    func severalMetrics() {
        let metrics = ["mean_absolute_error", "r2_score", "root_mean_squared_error"]
        var lines = EventLines(
            RunDescription(title: "x", metrics: metrics.map { .init(name: $0, higherIsBetter: $0 == "r2_score") }))
        #expect(
            lines.line(.epochEnded(.init(epoch: 1, step: 7, meanLoss: 1.5, metrics: [0.25, -3, 0.5])))
                == #"{"event":"epoch","step":7,"epoch":1,"mean_loss":1.5,"#
                + #""metrics":{"mean_absolute_error":0.25,"r2_score":-3.0,"root_mean_squared_error":0.5}}"#)
        #expect(
            lines.line(.evaluated(.init(step: 7, loss: 2, metrics: [1, .nan, 4])))
                == #"{"event":"validation","step":7,"epoch":1,"loss":2.0,"#
                + #""metrics":{"mean_absolute_error":1.0,"r2_score":null,"root_mean_squared_error":4.0}}"#)
    }

    @Test("ends with how the run ended")
    func ends() {
        #expect(lines.end(.done, Progress()) == #"{"event":"done"}"#)
        #expect(
            lines.end(.diverged(.init(step: 3, reason: "the loss is inf at step 3")), Progress(epoch: 1))
                == #"{"event":"diverged","step":3,"epoch":1,"reason":"the loss is inf at step 3"}"#)
    }
}
