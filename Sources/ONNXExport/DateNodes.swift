import Foundation
import Tabular

// Dates as features, as ``Tabular/DateEncoding`` has it. A date comes in as a double: days since 1970-01-01, the time of
// the day a fraction of one.
//
// Two things differ from dates as text. A day without a time counts as its midnight; and a time without a day is the
// fraction alone.
extension DateEncoding {
    /// The features of a column of dates.
    func append(to graph: inout ONNXGraph, _ value: ONNXGraph.Value, _ name: String) -> [ONNXGraph.Value] {
        let greatest = graph.double(.greatestFiniteMagnitude)
        let isPresent = graph.add("LessOrEqual", graph.add("Abs", value), greatest)
        let filled = graph.add("Where", isPresent, value, graph.double(0))
        let day = graph.add("Floor", filled)
        let time = graph.add("Sub", filled, day)
        var features: [ONNXGraph.Value] = []
        var calendar: CalendarNodes?
        for part in parts {
            switch part {
            case .year:
                let year = calendar ?? CalendarNodes(day, in: &graph)
                calendar = year
                let decimal = graph.cast(year.decimalYear(time, in: &graph), to: .float)
                let filling = graph.constant(ONNXTensor(fillYear), "\(name) fill")
                features.append(
                    yearScaling.append(to: &graph, graph.add("Where", isPresent, decimal, filling)))
            case .dayOfYear:
                let year = calendar ?? CalendarNodes(day, in: &graph)
                calendar = year
                features += onCircle(&graph, year.wayThrough(in: &graph), isPresent)
            case .weekday:
                // 1970-01-01 was a Thursday.
                let sinceMonday = graph.add("Add", day, graph.double(3))
                let weeks = graph.add("Div", sinceMonday, graph.double(7))
                features += onCircle(&graph, graph.add("Sub", weeks, graph.add("Floor", weeks)), isPresent)
            case .hour: features += onCircle(&graph, time, isPresent)
            }
        }
        if hasGapIndicator {
            features.append(graph.cast(graph.add("Not", isPresent, name: "\(name) missing"), to: .float))
        }
        return features
    }

    /// The sine and the cosine of a way around from 0 to 1; 0 for gaps.
    private func onCircle(
        _ graph: inout ONNXGraph, _ way: ONNXGraph.Value, _ isPresent: ONNXGraph.Value
    ) -> [ONNXGraph.Value] {
        let angle = graph.add("Mul", way, graph.double(2 * .pi))
        return ["Sin", "Cos"].map { function in
            let value = graph.add("Where", isPresent, graph.add(function, angle), graph.double(0))
            return graph.cast(value, to: .float)
        }
    }
}

/// The year of a day in the Gregorian calendar, in doubles that are whole.
private struct CalendarNodes {
    private let year: ONNXGraph.Value
    private let dayOfYear: ONNXGraph.Value
    private let daysOfYear: ONNXGraph.Value

    /// - Parameter day: days since 1970-01-01.
    init(_ day: ONNXGraph.Value, in graph: inout ONNXGraph) {
        let one = graph.double(1)
        // From 0001-01-01 to 1970-01-01.
        let days = graph.add("Add", day, graph.double(719_162))
        // The mean year is a guess that is wrong by one at most, near the years' ends.
        let years = graph.add("Floor", graph.add("Div", days, graph.double(365.2425)))
        let guess = graph.add("Add", years, one)
        let isLate = graph.add("Less", days, Self.daysBefore(guess, in: &graph))
        let next = graph.add("Add", guess, one)
        let isEarly = graph.add("LessOrEqual", Self.daysBefore(next, in: &graph), days)
        let earlier = graph.add("Where", isLate, graph.add("Sub", guess, one), guess)
        year = graph.add("Where", isEarly, next, earlier, name: "year")
        let start = Self.daysBefore(year, in: &graph)
        dayOfYear = graph.add("Sub", days, start, name: "day of year")
        daysOfYear = graph.add("Sub", Self.daysBefore(graph.add("Add", year, one), in: &graph), start)
    }

    /// Days from 0001-01-01 to the first day of a year.
    private static func daysBefore(_ year: ONNXGraph.Value, in graph: inout ONNXGraph) -> ONNXGraph.Value {
        let past = graph.add("Sub", year, graph.double(1))
        func leaps(_ years: Double) -> ONNXGraph.Value {
            graph.add("Floor", graph.add("Div", past, graph.double(years)))
        }
        let (fours, hundreds, fourHundreds) = (leaps(4), leaps(100), leaps(400))
        let leapDays = graph.add("Add", graph.add("Sub", fours, hundreds), fourHundreds)
        return graph.add("Add", graph.add("Mul", past, graph.double(365)), leapDays)
    }

    /// The year and the fraction of it that has passed.
    func decimalYear(_ time: ONNXGraph.Value, in graph: inout ONNXGraph) -> ONNXGraph.Value {
        graph.add("Add", year, graph.add("Div", graph.add("Add", dayOfYear, time), daysOfYear))
    }

    /// The fraction of the year that has passed, in whole days.
    func wayThrough(in graph: inout ONNXGraph) -> ONNXGraph.Value { graph.add("Div", dayOfYear, daysOfYear) }
}
