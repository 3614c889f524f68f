import TrainCore
import TrainEngine

/// A checkpoint's text as JSON. Its members have the names of the properties, by which Foundation reads them.
extension CheckpointText {
    var json: [UInt8] {
        var output = CheckpointJSON()
        output.object { json in
            json.add("journalEntries", journalEntries)
            json.add("branch", branch)
            json.add("step", step)
            json.add("edits", edits)
            json.objects("states", states) { $1.write(to: &$0) }
            json.objects("bests", bests) { json, best in
                json.add("branch", best.branch)
                json.add("step", best.step)
                json.add("loss", best.loss)
            }
            json.objects("waiting", waiting) { $1.write(to: &$0) }
            json.objects("made", made) { json, made in
                json.add("edit", made.edit)
                json.object("plan") { made.plan.write(to: &$0) }
            }
            json.add("planNumber", planNumber)
            json.add("policy", policy)
            json.objects("breakpoints", breakpoints) { json, point in
                json.add("kind", point.kind)
                json.add("limit", point.limit)
                json.add("count", point.count)
            }
            json.add("patience", patience)
            json.add("seenLoss", seenLoss)
            json.add("seenValidation", seenValidation)
            json.add("rises", rises)
            json.add("waitBest", waitBest)
            json.add("waitEpochs", waitEpochs)
            json.add("guardian", guardian)
            json.add("lastSaneStep", lastSaneStep)
            json.add("recoveries", recoveries)
            json.add("wantsTwin", wantsTwin)
            json.add("twinEdit", twinEdit)
            json.add("seconds", seconds)
            json.objects("epochs", epochs) { json, epoch in
                json.add("branch", epoch.branch)
                json.add("epoch", epoch.epoch)
                json.add("step", epoch.step)
                json.add("meanLoss", epoch.meanLoss)
                json.add("metrics", epoch.metrics)
                json.add("learningRate", epoch.learningRate)
            }
            json.objects("evaluations", evaluations) { $1.write(to: &$0) }
            if let tests { json.objects("tests", tests) { $1.write(to: &$0) } }
        }
        return output.bytes
    }
}

extension CheckpointText.Plan {
    fileprivate func write(to json: inout CheckpointJSON) {
        json.add("number", number)
        json.add("name", name)
        json.add("step", step)
        json.add("change", change)
        json.add("number_", number_)
        json.add("flag", flag)
        json.add("choice", choice)
    }
}

extension CheckpointText.Validation {
    fileprivate func write(to json: inout CheckpointJSON) {
        json.add("branch", branch)
        json.add("step", step)
        json.add("loss", loss)
        json.add("metrics", metrics)
    }
}

extension CheckpointText.State {
    fileprivate func write(to json: inout CheckpointJSON) {
        json.add("branch", branch)
        json.add("step", step)
        json.add("edits", edits)
        json.add("isPinned", isPinned)
        json.object("position") { json in
            json.add("step", position.step)
            json.add("epoch", position.epoch)
            json.add("stepInEpoch", position.stepInEpoch)
            json.add("rowsInEpoch", position.rowsInEpoch)
        }
        json.add("optimizer", optimizer)
        json.object("numbers") { json in
            for (name, number) in numbers.sorted(by: { $0.key < $1.key }) { json.add(named: name, number) }
        }
        json.add("optimizerStart", optimizerStart)
        json.add("l1", l1)
        json.add("l2", l2)
        json.add("batchSize", batchSize)
        json.add("epochs", epochs)
        json.objects("ramps", ramps) { json, way in
            json.add("name", way.name)
            json.add("from", way.from)
            json.add("to", way.to)
            json.add("start", way.start)
            json.add("steps", way.steps)
        }
        json.add("products", products)
        json.add("sums", sums)
    }
}
