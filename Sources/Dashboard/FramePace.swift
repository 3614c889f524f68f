/// How long the dashboard waits from one frame to the next: it draws 30 times a second, and less often where that would
/// take more than a hundredth of the time, which a training on the same cores could use.
///
/// A key is answered at once all the same, and what the training says to it soon after that.
package struct FramePace {
    /// Seconds from the beginning of one frame to the next.
    package private(set) var interval = Self.shortest

    private static let shortest = 1.0 / 30
    /// Ten a second are seen as movement still.
    private static let longest = 1.0 / 10
    private static let answering = 1.0 / 60
    private static let share = 0.01

    package init() {}

    /// Says that to take in the news and to draw them took so many seconds.
    package mutating func drew(in seconds: Double) {
        interval = min(max(seconds / Self.share, Self.shortest), Self.longest)
    }

    /// Says that the training's answer to a key is waited for.
    package mutating func awaitAnswer() { interval = Self.answering }
}
