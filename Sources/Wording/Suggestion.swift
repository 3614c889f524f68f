/// What a person probably meant: the name nearest to `word`, or nil where none is near.
///
/// Near means that a few slips (a letter too many, too few, wrong or swapped with its neighbour; letter case is free)
/// lead from one to the other: one slip for every three letters, at least one. Of equally near names the first wins.
public func closest(_ word: String, among names: some Sequence<String>) -> String? {
    let typed = Array(word.lowercased().unicodeScalars.prefix(100))
    let allowed = max(1, typed.count / 3)
    var best: (name: String, slips: Int)?
    for name in names {
        let known = Array(name.lowercased().unicodeScalars.prefix(100))
        guard abs(known.count - typed.count) <= allowed else { continue }
        let count = slips(from: typed, to: known)
        if count <= allowed, count < max(typed.count, known.count), count < best?.slips ?? .max { best = (name, count) }
    }
    return best?.name
}

/// The second half of an error about an unknown name: "did you mean 'wind'?", or the names there are.
///
/// `plural` says what the names are: "columns". Names are shown harmless, and at most 20 of them.
public func hint(for word: String, among names: [String], plural: String) -> String {
    if let name = closest(word, among: names) { return "did you mean '\(visible(name))'?" }
    guard !names.isEmpty else { return "there are no \(plural)" }
    let shown = names.prefix(20).map { visible($0, limit: 40) }.joined(separator: ", ")
    return "the \(plural) are \(shown)" + (names.count > 20 ? " and \(names.count - 20) more" : "")
}

/// The optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours.
private func slips(from left: [Unicode.Scalar], to right: [Unicode.Scalar]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for i in 0..<left.count {
        var row = [i + 1]
        row.reserveCapacity(right.count + 1)
        for j in 0..<right.count {
            var least = min(row[j] + 1, last[j + 1] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
            if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                least = min(least, beforeLast[j - 1] + 1)
            }
            row.append(least)
        }
        (beforeLast, last) = (last, row)
    }
    return last[right.count]
}
