import EventFiles

extension Reader {
    /// The message of an event file's record; around it stand the checksums that it has, which no chance would find. What
    /// is accepted has as many numbers as it has tags for, and they are the same after they were written anew.
    static let events = Reader(name: "events") { bytes in
        let (end, numbers) = outcome(EventRecord(message: bytes).bytes)
        _ = outcome(bytes)
        guard end == .whole else {
            if case .damaged(_, let why) = end { checkMessage(why) }
            promise(numbers.isEmpty, "a record that is refused has no numbers")
            return false
        }
        let values = numbers.map { (tag: $0.tag, value: Float($0.value)) }
        let again = outcome(EventRecord.scalars(values, step: numbers.first?.step ?? 0, at: 0).bytes)
        promise(
            again.numbers.map { Float($0.value).bitPattern } == values.map(\.value.bitPattern)
                && again.numbers.map(\.tag) == values.map(\.tag),
            "numbers written anew are the same")
        return true
    }

    private static func outcome(_ bytes: [UInt8]) -> (end: EventReader.End, numbers: [LoggedNumber]) {
        var (rest, numbers) = (bytes[...], [LoggedNumber]())
        let end = EventReader.read { (count: Int) throws(Never) in
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        } take: {
            numbers.append($0)
        }
        return (end, numbers)
    }
}
