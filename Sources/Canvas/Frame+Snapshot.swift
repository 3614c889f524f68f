extension Frame {
    /// The frame as text to read in a diff: its rows between bars, then each row's runs of roles.
    ///
    /// ```
    /// 12 x 2
    /// |loss  0.7894|
    /// |            |
    /// roles
    ///   0: 0 dim, 6 strong
    /// ```
    /// A row that is ordinary text throughout is left out of the roles; a run of ordinary text is `text`.
    package var snapshot: String {
        var lines = ["\(size.width) x \(size.height)"]
        for y in 0..<size.height {
            let row = (0..<size.width).filter { !self[$0, y].isContinuation }.map { self[$0, y].character }
            lines.append("|" + String(row) + "|")
        }
        lines.append("roles")
        for y in 0..<size.height {
            let runs = (0..<size.width).filter { $0 == 0 || self[$0, y].role != self[$0 - 1, y].role }
            guard runs != [0] || self[0, y].role != .text else { continue }
            let number = String(y)
            let indent = String(repeating: " ", count: max(0, 3 - number.count))
            lines.append(
                indent + number + ": " + runs.map { "\($0) \(self[$0, y].role.rawValue)" }.joined(separator: ", "))
        }
        if let cursor { lines.append("cursor \(cursor.x) \(cursor.y)") }
        return lines.joined(separator: "\n") + "\n"
    }
}
