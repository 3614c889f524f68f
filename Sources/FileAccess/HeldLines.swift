/// Lines on their way to a file: those that are not in it yet, in order, and how many were given up.
///
/// Pure: it knows no file. Bytes leave it from the front, and it knows where lines end.
struct HeldLines {
    /// Lines that were given up because there was no room to hold them; they come after all that are held.
    struct Missing: Equatable {
        var count: Int
        var first: Int
        var last: Int
    }

    private(set) var bytes: [UInt8] = []
    private(set) var missing: Missing?
    /// Where each line ends in `bytes`, and its number.
    private var ends: [(end: Int, number: Int)] = []
    /// So many bytes of the first line are in the file already.
    private(set) var sent = 0

    /// Bytes that are not in the file yet.
    var rest: ArraySlice<UInt8> { bytes[sent...] }
    /// The number of the first line that is not wholly in the file.
    var firstNumber: Int? { ends.first?.number ?? missing?.first }
    /// The number of the last one.
    var lastNumber: Int? { missing?.last ?? ends.last?.number }
    /// How many are not wholly in the file.
    var count: Int { ends.count + (missing?.count ?? 0) }

    mutating func append(_ line: String, number: Int) {
        bytes.append(contentsOf: line.utf8)
        bytes.append(UInt8(ascii: "\n"))
        ends.append((bytes.count, number))
    }

    /// Counts a line that is not held.
    mutating func giveUp(number: Int) {
        missing = Missing(count: (missing?.count ?? 0) + 1, first: missing?.first ?? number, last: number)
    }

    /// So many bytes of ``rest`` went into the file. Returns how many of these, and of those before, make whole lines.
    mutating func take(_ count: Int) -> Int {
        let done = sent + count
        let whole = ends.firstIndex { $0.end > done } ?? ends.count
        let end = whole == 0 ? 0 : ends[whole - 1].end
        bytes.removeFirst(end)
        ends.removeFirst(whole)
        for index in ends.indices { ends[index].end -= end }
        sent = done - end
        return end
    }

    /// What was in the file of the first line is not any more.
    mutating func forgetSent() { sent = 0 }

    /// Says in the file itself that lines are missing, once there is nothing before that.
    mutating func settleMissing(_ marker: (Missing) -> String) {
        guard bytes.isEmpty, let missing else { return }
        self.missing = nil
        append(marker(missing), number: missing.last)
    }
}
