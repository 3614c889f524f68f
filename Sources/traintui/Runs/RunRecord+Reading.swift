import Foundation
import JSONText

extension RunRecord {
    private static let greatestSize = 1 << 20
    /// The keys that every record has.
    private static let required: Set<String> = [
        "format", "program", "title", "began", "updated", "process", "data", "state", "step", "epochsDone", "epochs",
        "edits", "validation", "seconds",
    ]

    /// Reads a run's record; nil where there is none, or none that can be read.
    static func read(_ path: String) -> RunRecord? {
        guard let bytes = FileManager.default.contents(atPath: path), bytes.count <= greatestSize else { return nil }
        return RunRecord(Array(bytes)[...])
    }

    /// Reads a record's bytes; nil where they are none.
    ///
    /// By hand: a list of ten thousand runs waits for as many, and Foundation's decoder takes four times as long.
    init?(_ bytes: ArraySlice<UInt8>) {
        self.init(program: "", title: "", began: "", updated: "", process: 0, data: "", state: .running, epochs: 0)
        var missing = Self.required
        var scanner = JSONScanner(bytes)
        do throws(JSONScanner.Fault) {
            try scanner.object(fault: { $0 }) { (key, scanner) throws(JSONScanner.Fault) in
                missing.remove(key)
                try take(key, &scanner)
            }
            try scanner.finish()
        } catch {
            return nil
        }
        guard missing.isEmpty else { return nil }
    }

    private mutating func take(_ key: String, _ scanner: inout JSONScanner) throws(JSONScanner.Fault) {
        switch key {
        case "format": format = try scanner.count()
        case "program": program = try scanner.string()
        case "title": title = try scanner.string()
        case "name": name = try scanner.optional { (scanner) throws(JSONScanner.Fault) in try scanner.string() }
        case "note": note = try scanner.optional { (scanner) throws(JSONScanner.Fault) in try scanner.string() }
        case "tags":
            tags = try scanner.optional { (scanner) throws(JSONScanner.Fault) in
                var tags: [String] = []
                try scanner.list { (scanner) throws(JSONScanner.Fault) in tags.append(try scanner.string()) }
                return tags
            }
        case "pinned": pinned = try scanner.optional { (scanner) throws(JSONScanner.Fault) in try scanner.boolean() }
        case "began": began = try scanner.string()
        case "updated": updated = try scanner.string()
        case "process":
            guard let number = Int32(exactly: try scanner.count()) else { throw JSONScanner.Fault() }
            process = number
        case "data": data = try scanner.string()
        case "dataSHA256":
            dataSHA256 = try scanner.optional { (scanner) throws(JSONScanner.Fault) in try scanner.string() }
        case "state":
            guard let word = State(rawValue: try scanner.string()) else { throw JSONScanner.Fault() }
            state = word
        case "reason": reason = try scanner.optional { (scanner) throws(JSONScanner.Fault) in try scanner.string() }
        case "step": step = try scanner.count()
        case "epochsDone": epochsDone = try scanner.count()
        case "epochs": epochs = try scanner.count()
        case "edits": edits = try scanner.count()
        case "bestLoss": bestLoss = try scanner.optional { (scanner) throws(JSONScanner.Fault) in try scanner.number() }
        case "bestStep": bestStep = try scanner.optional { (scanner) throws(JSONScanner.Fault) in try scanner.count() }
        case "lastLoss": lastLoss = try scanner.optional { (scanner) throws(JSONScanner.Fault) in try scanner.number() }
        case "validation":
            var losses: [Double] = []
            try scanner.list { (scanner) throws(JSONScanner.Fault) in losses.append(try scanner.number()) }
            validation = losses
        case "save": save = try scanner.optional { (scanner) throws(JSONScanner.Fault) in try scanner.string() }
        case "seconds": seconds = try scanner.number()
        // Of a later program.
        default: try scanner.skip()
        }
    }
}

extension JSONScanner {
    /// A value that may be null.
    fileprivate mutating func optional<Value>(
        _ value: (inout JSONScanner) throws(Fault) -> Value
    ) throws(Fault) -> Value? {
        guard try peek() != UInt8(ascii: "n") else {
            try word("null")
            return nil
        }
        return try value(&self)
    }
}
