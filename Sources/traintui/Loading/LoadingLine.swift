import Canvas
import Foundation
import Tabular

/// What is shown while a table loads: `big.csv  45% [=============>................] 103/228 MB  612 MB/s  0.2 s`.
enum LoadingLine {
    /// - Parameters:
    ///   - name: the table's name.
    ///   - seconds: since the loading began.
    ///   - columns: the terminal's; the line is shorter, so that it never wraps. What matters least is left out first:
    ///     the bar gets short, then it goes, then the name, then the time and the speed.
    static func text(_ name: String, _ progress: ReadingProgress, seconds: Double, columns: Int) -> String {
        let speed = "\(megabytes(seconds > 0 ? Double(progress.bytes) / seconds : 0)) MB/s"
        let amount: String
        var percentage = ""
        if let total = progress.total {
            amount = "\(megabytes(Double(progress.bytes)))/\(megabytes(Double(total))) MB"
            let percent = total > 0 ? Int(100 * Double(min(progress.bytes, total)) / Double(total)) : 100
            percentage = String(repeating: " ", count: 3 - String(percent).count) + "\(percent)% "
        } else {
            amount = "\(megabytes(Double(progress.bytes))) MB"
        }
        let numbers = [amount, speed, time(seconds)]
        let name = SafeText(name)
        let rest = percentage + numbers.joined(separator: "  ")
        let room = columns - 1 - name.width - 2 - rest.count
        if room >= 0 {
            guard let total = progress.total, room >= 8 else { return "\(name)  \(rest)" }
            let bar = StatusBar.bar(progress.bytes, of: total, width: min(StatusBar.width, room - 3))
            return "\(name)  \(percentage)[\(bar)] \(numbers.joined(separator: "  "))"
        }
        for count in [3, 2, 1] {
            let short = percentage + numbers.prefix(count).joined(separator: "  ")
            if short.count < columns { return short }
        }
        return percentage.count <= columns ? String(percentage.dropLast()) : ""
    }

    private static func megabytes(_ bytes: Double) -> String {
        let value = bytes / 1e6
        return String(format: value < 99.95 ? "%.1f" : "%.0f", value)
    }

    private static func time(_ seconds: Double) -> String {
        guard seconds >= 59.95, seconds < 1e9 else { return String(format: "%.1f s", seconds) }
        return String(format: "%d:%02d", Int(seconds) / 60, Int(seconds) % 60)
    }
}
