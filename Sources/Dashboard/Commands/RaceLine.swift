import Canvas
import RunModel
import TrainProtocol

/// What is typed behind `race`: hyperparameters with values, a grid of them, and how it is decided.
///
///     lr 0.003 0.01 0.03              values of one
///     lr 1e-4..1e-1 x8                eight of them, each the same factor from the next
///     lr 0.003 0.01 x batch 16 64     each of one with each of the other
///     ... halve every 500             the worse half is dropped after 500 steps, and again
///
enum RaceLine {
    /// The terms that words ask for.
    static func terms(_ words: [String], in state: DashboardState) throws(TypedCommand.Mistake) -> RaceTerms {
        var words = words
        let steps = try halving(&words)
        var grid: [(name: String, values: [SettingValue])] = []
        for axis in words.split(separator: "x", omittingEmptySubsequences: false) {
            guard let name = axis.first else {
                throw TypedCommand.Mistake(
                    message: "'x' stands between two hyperparameters: lr 0.01 0.03 x batch 16 64")
            }
            let control = state.controls[try TypedCommand.control(name, in: state)]
            if grid.contains(where: { $0.name == control.name }) {
                throw TypedCommand.Mistake(message: "\(control.title) is there twice")
            }
            grid.append((control.name, try values(axis.dropFirst(), of: control)))
        }
        return RaceTerms(grid, halvesEvery: steps)
    }

    /// Takes `halve every 500` away from the end.
    private static func halving(_ words: inout [String]) throws(TypedCommand.Mistake) -> Int? {
        guard let start = words.firstIndex(of: "halve") else { return nil }
        let rest = Array(words[start...])
        guard rest.count == 3, rest[1] == "every", let steps = rest[2].wholeNumber, steps > 0 else {
            throw TypedCommand.Mistake(
                message: "'\(rest.joined(separator: " "))' is not clear: halve every 500, at the end")
        }
        words.removeSubrange(start...)
        return steps
    }

    /// The values of one hyperparameter; of a range so many.
    private static func values(
        _ words: ArraySlice<String>, of control: Control
    ) throws(TypedCommand.Mistake) -> [SettingValue] {
        var values: [SettingValue] = []
        var rest = words
        while let word = rest.popFirst() {
            guard let dots = word.firstRange(of: "..") else {
                values.append(try TypedCommand.read(word, for: control))
                continue
            }
            let low = try TypedCommand.read(String(word[..<dots.lowerBound]), for: control)
            let high = try TypedCommand.read(String(word[dots.upperBound...]), for: control)
            let count = rest.popFirst().flatMap { $0.hasPrefix("x") ? Int($0.dropFirst()) : nil } ?? 0
            guard let first = low.number, let last = high.number, (2...Race.mostEntrants).contains(count) else {
                throw TypedCommand.Mistake(
                    message: "behind a range of numbers stands how many race, 2 to \(Race.mostEntrants): \(word) x8")
            }
            values += spaced(from: first, to: last, count, isWhole: control.isWhole).map(SettingValue.number)
        }
        return values
    }

    /// Numbers from one to another, each the same factor from the next where both are above 0, else the same difference;
    /// to two digits between the ends, for people to read. Whole ones that would be there twice are there once.
    private static func spaced(from first: Double, to last: Double, _ count: Int, isWhole: Bool) -> [Double] {
        let all = (0..<count).map { index -> Double in
            let part = Double(index) / Double(count - 1)
            if index == 0 { return first }
            if index == count - 1 { return last }
            let isGeometric = first > 0 && last > 0
            let value = isGeometric ? first * Logarithm.power(last / first, part) : first + part * (last - first)
            return isWhole ? value.rounded() : value.tidied(digits: 2)
        }
        return all.enumerated().filter { isWhole == false || !all[..<$0.offset].contains($0.element) }.map(\.element)
    }
}
