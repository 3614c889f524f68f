import TrainProtocol

// An edit is written alike in a journal and for whoever watches from outside.
extension LineWriter {
    mutating func add(_ edit: Edit) {
        add("step", edit.step)
        add("number", edit.number)
        add("name", edit.name)
        add("old", edit.old)
        add("new", edit.new)
        if edit.over != 0 { add("over", edit.over) }
    }
}

extension Edit {
    init(_ line: inout LineReader, step: Int) throws(JournalFileError) {
        let (number, name) = (try line.count("number", from: 1), try line.string("name"))
        let old = try line.value("old")
        var new = try line.value("new")
        // Format 1 has a number for each name, and beside it the name of the new one.
        if line.format == 1, let choice = try line.optionalString("choice") { new = .choice(choice) }
        self.init(number: number, name: name, old: old, new: new, over: try line.optionalCount("over") ?? 0, step: step)
    }
}
