import Dispatch
import TrainCore
import TrainProtocol

/// Validation and what follows from it: when the run ends early, which weights count, how they do on the test rows.
extension TrainingLoop {
    /// Ends the run where it was waited long enough for a better loss: by an edit of the epochs, so that the journal has
    /// it, and that it can be undone or followed by another one.
    func stopEarly(after evaluation: Evaluation) {
        let isOver = earlyStopping?.sees(evaluation.loss, after: trainer.position.epoch).isOver ?? false
        if isFollowing { comingBack?.isStopDue = isOver }
        if isOver, !isFollowing { stopEarly() }
    }

    /// The same, of which it is known that the waiting is over.
    func stopEarly() {
        let epoch = trainer.position.epoch
        guard let rule = navigator.earlyStopping, !trainer.isComplete else { return }
        do throws(Timeline.Refusal) {
            let epochs = rule.patience == 1 ? "an epoch" : "\(rule.patience) epochs"
            tell(.notice("early stopping: no better validation for \(epochs); undo or more epochs to go on"))
            try perform(try navigator.edit(Hyperparameter.Role.epochs.rawValue, to: .number(Double(epoch))))
        } catch {
            tell(.notice("not stopped early: \(error)"))
        }
    }

    /// The weights that count: those of the run, or what came of training again when all epochs were done; with their
    /// scores.
    var keptWeights: KeptWeights {
        let own = navigator.weightsToKeep()
        guard let refitted else { return rated(own) }
        return rated(refitted, validated: own)
    }

    /// Weights with their scores.
    ///
    /// - Parameter own: those of which validation speaks, where these were trained on its rows, too.
    func rated(_ weights: KeptWeights, validated own: KeptWeights? = nil) -> KeptWeights {
        var kept = weights
        func isOfThem(_ evaluation: Evaluation) -> Bool {
            evaluation.branch == kept.branch && evaluation.step == kept.step
        }
        kept.validation =
            [lastValidation, bestValidation].compactMap { $0 }.first(where: isOfThem) ?? validation(of: own ?? weights)
        kept.test = test.flatMap { isOfThem($0) ? $0 : nil }
        kept.earlierTests = tests.count { !isOfThem($0) }
        return kept
    }

    /// What validation says of weights that it was not asked about at their step.
    private func validation(of kept: KeptWeights) -> Evaluation? {
        guard let validation else { return nil }
        do {
            var judge = trainer
            if kept.step != trainer.position.step || kept.branch != navigator.lineage.branch {
                judge = try navigator.copyOfTrainer()
                try judge.setWeights(kept.weights)
            }
            let (loss, metrics) = judge.evaluate(on: validation)
            return Evaluation(branch: kept.branch, step: kept.step, loss: loss, metrics: metrics)
        } catch {
            return nil
        }
    }

    /// Trains again on all rows that are not for the test, where the job wants that.
    func refit() {
        guard let rows = options.refit, !isFollowing else { return }
        tell(.refitting(rows: rows.rows))
        flush()
        do throws(Timeline.Refusal) {
            refitted = try navigator.refit(on: rows, from: options.initialWeights)
        } catch {
            tell(.notice("not trained again: \(error)"))
        }
    }

    /// Evaluates the test rows with the weights that count.
    func evaluateTest() {
        guard let test = options.test else { return }
        do {
            let kept = keptWeights
            let copy = try navigator.copyOfTrainer()
            try copy.setWeights(kept.weights)
            let (loss, metrics) = copy.evaluate(on: test)
            let evaluation = Evaluation(branch: kept.branch, step: kept.step, loss: loss, metrics: metrics)
            self.test = evaluation
            if !tests.contains(evaluation) { tests.append(evaluation) }
            tell(.tested(evaluation))
        } catch {
            tell(.notice("not tested: \(error)"))
        }
    }

    @discardableResult
    func evaluate() -> Evaluation? {
        guard let validation else { return nil }
        // That it goes on is told where there is time to see it: at full speed epochs end thousands of times a second.
        let start = DispatchTime.now().uptimeNanoseconds
        if evaluationIsSlow {
            handle(.evaluating(true))
            flush()
        }
        let evaluation = Evaluation(of: trainer, on: navigator.lineage.branch, with: validation)
        navigator.noteValidation(loss: evaluation.loss)
        lastValidation = evaluation
        if navigator.best?.step == evaluation.step { bestValidation = evaluation }
        tell(.evaluated(evaluation))
        handle(.evaluating(false))
        evaluationIsSlow = DispatchTime.now().uptimeNanoseconds - start > 10_000_000
        if let breakpoint = breakpoints.hit(validationLoss: evaluation.loss) { pause(at: breakpoint) }
        return evaluation
    }

    /// Waits anew, for a loss better than the lowest where the run stands now.
    func restartEarlyStopping() {
        earlyStopping = navigator.earlyStopping.map { rule in
            EarlyStopping.Wait(rule, best: navigator.best?.loss ?? .infinity)
        }
    }

    @discardableResult
    func saveWeights(_ kept: KeptWeights) -> String? {
        guard let save = options.save else { return "no file to save to" }
        do {
            tell(.saved(path: try save(kept), step: kept.step))
            return nil
        } catch {
            tell(.notice("not saved: \(error)"))
            return "\(error)"
        }
    }
}
