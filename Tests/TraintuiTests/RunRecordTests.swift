import Foundation
import Testing

@testable import traintui

@Suite("A run's record")
struct RunRecordTests {
    private var full: RunRecord {
        var record = RunRecord(
            program: "1.0", title: "a \"title\"\n∂ 🙂", name: "name", began: "2026-03-01T09:30:00Z", data: "/a/\\b.csv",
            dataSHA256: "00ff", epochs: 12, save: "/w.safetensors")
        (record.note, record.tags, record.pinned) = ("note", ["one", "\u{1B}two"], true)
        (record.state, record.reason) = (.diverged, "the loss is NaN")
        (record.step, record.epochsDone, record.edits, record.seconds) = (1 << 40, 11, 3, 0.1 + 0.2)
        (record.bestLoss, record.bestStep, record.lastLoss) = (.leastNonzeroMagnitude, 7, -1e308)
        record.validation = [1, 2.5e-7, .pi]
        return record
    }

    private func bytes(_ record: RunRecord) throws -> [UInt8] { Array(try JSONEncoder().encode(record)) }

    @Test("is read as it was written, with all that may be absent and without")
    func isRead() throws {
        #expect(RunRecord(try bytes(full)[...]) == full)
        let least = RunRecord(
            program: "", title: "", name: nil, began: "", data: "", dataSHA256: nil, epochs: 0, save: nil)
        #expect(RunRecord(try bytes(least)[...]) == least)
    }

    @Test("of a later program is read without what is not known, null being what is absent")
    func later() throws {
        var object = try #require(JSONSerialization.jsonObject(with: Data(try bytes(full))) as? [String: Any])
        object["later"] = ["a": [1, NSNull()]]
        object["note"] = NSNull()
        let record = RunRecord(Array(try JSONSerialization.data(withJSONObject: object))[...])
        var expected = full
        expected.note = nil
        #expect(record == expected)
    }

    @Test("is none where it is cut off, lacks what every record has, or has it as something else")
    func isNone() throws {
        let whole = try bytes(full)
        for length in 0..<whole.count { #expect(RunRecord(whole[..<length]) == nil, "\(length)") }
        let object = try #require(JSONSerialization.jsonObject(with: Data(whole)) as? [String: Any])
        let optional: Set = [
            "name", "note", "tags", "pinned", "dataSHA256", "reason", "bestLoss", "bestStep", "lastLoss",
        ]
        for key in object.keys where !optional.contains(key) && key != "save" {
            var other = object
            other[key] = nil
            #expect(RunRecord(Array(try JSONSerialization.data(withJSONObject: other))[...]) == nil, "no \(key)")
        }
        for key in object.keys {
            var other = object
            other[key] = ["": 1]
            #expect(RunRecord(Array(try JSONSerialization.data(withJSONObject: other))[...]) == nil, "odd \(key)")
        }
    }
}
